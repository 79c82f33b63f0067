// What the engine gives, complete, for tests that care about a part of it.

/** @typedef {import("../../www/app/engine/messages.js").Analysis} Analysis */
/** @typedef {import("../../www/app/engine/messages.js").EngineFacts} EngineFacts */
/** @typedef {import("../../www/app/engine/messages.js").Face} Face */

/** @param {Partial<Face>} own @returns {Face} one without attention weights, where nothing else is said */
export const faceWith = (own) => ({
  number: 1, x: 0, y: 0, width: 1, height: 1, angle: 0, score: 1, brightness: 0.5, probabilities: Float32Array.of(1),
  features: Float32Array.of(1), attention: undefined, distances: undefined, activation: undefined, ...own,
});

/** @param {Face[]} faces @param {Partial<Analysis>} [own] @returns {Analysis} */
export const analysisOf = (faces, own) => ({
  width: 640, height: 480, faces, searched: true, findMs: 0, cropMs: 0, networkMs: 0, totalMs: 0, memoryBytes: undefined, ...own,
});

/** @param {Partial<EngineFacts>} own @returns {EngineFacts} */
export const factsWith = (own) => ({
  classes: [], backend: "cpu", adapter: "", backendReason: "", backendReasonCode: "cpu-asked", accuracy: 0, dataset: "", notSureBelow: 0,
  unlikeBeyond: Infinity, mapSide: 1, viewScale: 1, viewShift: 0, classWeights: Float32Array.of(), ...own,
});
