// The worker: owns the engine, answers one message for each request. Nothing of the network runs on the main thread.

import { Failure } from "../failure.js";
import { brightnessOf } from "./brightness.js";
import { panicMessage, watchForPanics } from "./panic.js";
import { takePixels } from "./pixels.js";
import { startProgram } from "./program.js";

/** @typedef {import("./messages.js").Request} Request */
/** @typedef {import("./messages.js").Answer} Answer */
/** @typedef {import("./messages.js").Progress} Progress */

// Seen from the other side, a worker's own scope has the methods of a Worker; the page's types know only that one.
const scope = /** @type {Worker} */ (/** @type {unknown} */ (self));

/** @type {any} the engine, once it is created */
let engine;
/** @type {WebAssembly.Memory | undefined} the program's */
let memory;

/** @param {Answer} answer @param {Transferable[]} [transfer] */
const send = (answer, transfer = []) => scope.postMessage(answer, transfer);

watchForPanics();
scope.addEventListener("message", ({ data }) => answer(data));
// A panic inside a future of the program reaches nobody's promise: it shows up here.
scope.addEventListener("error", (event) => reportPanic(event.error, event));
scope.addEventListener("unhandledrejection", (event) =>
  reportPanic(/** @type {PromiseRejectionEvent} */ (event).reason, event),
);

/** @param {Request} request */
async function answer(request) {
  const { id } = request;
  /** @param {Progress} progress */
  const onProgress = (progress) => send({ id, type: "progress", progress });
  try {
    const { value, transfer } = await carryOut(request, onProgress);
    send({ id, type: "done", value }, transfer);
  } catch (error) {
    const panic = panicMessage(error);
    if (panic !== undefined) send({ type: "panic", message: panic });
    const failure = Failure.from(error);
    send({ id, type: "failed", failure: { code: panic === undefined ? failure.code : "panic", message: failure.detail } });
  }
}

/**
 * @param {Request} request
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<{ value?: unknown, transfer?: Transferable[] }>}
 */
async function carryOut(request, onProgress) {
  switch (request.type) {
    case "create": {
      const program = await startProgram(request.backend, onProgress);
      memory = program.memory;
      engine = await program.Engine.create(request.weights, request.backend, onProgress);
      return { value: facts() };
    }
    case "loadAttention":
      await engine.loadAttention(onProgress);
      return { value: { positions: engine.centres, meanAttention: engine.meanAttention } };
    case "analyse":
      return analyse(request.bitmap);
  }
}

/** @returns {import("./messages.js").EngineFacts} */
function facts() {
  return {
    classes: [...engine.classes],
    backend: engine.backend,
    adapter: engine.adapter,
    backendReason: engine.backendReason,
    backendReasonCode: engine.backendReasonCode,
    accuracy: engine.accuracy,
    dataset: engine.dataset,
    notSureBelow: engine.notSureBelow,
    unlikeBeyond: engine.unlikeBeyond,
    mapSide: engine.mapSide,
    viewScale: engine.viewScale,
    viewShift: engine.viewShift,
    classWeights: engine.classWeights,
  };
}

/** @param {ImageBitmap} bitmap */
async function analyse(bitmap) {
  const { rgba, width, height } = takePixels(bitmap);
  const found = await engine.analyse(rgba, width, height);
  // Copies, so that no view of the program's memory is sent; their buffers are then handed over.
  /** @type {import("./messages.js").Face[]} */
  const faces = Array.from(found.faces, (/** @type {any} */ face, index) => ({
    number: index + 1,
    x: face.x,
    y: face.y,
    width: face.width,
    height: face.height,
    angle: face.angle,
    score: face.score,
    brightness: brightnessOf(rgba, { width, height }, face),
    probabilities: Float32Array.from(face.probabilities),
    features: Float32Array.from(face.features),
    attention: face.attention && Float32Array.from(face.attention),
    distances: face.distances && Float32Array.from(face.distances),
    activation: face.activation && Float32Array.from(face.activation),
  }));
  const { findMs, cropMs, networkMs, totalMs } = found;
  /** @type {import("./messages.js").Analysis} */
  const value = { width, height, faces, findMs, cropMs, networkMs, totalMs, memoryBytes: memory?.buffer.byteLength };
  const transfer = faces.flatMap(({ probabilities, features, attention, distances, activation }) =>
    [probabilities, features, attention, distances, activation].flatMap((values) => (values ? [values.buffer] : [])),
  );
  return { value, transfer };
}

/** @param {unknown} error @param {Event} event */
function reportPanic(error, event) {
  event.preventDefault();
  send({ type: "panic", message: panicMessage(error) ?? Failure.from(error).detail });
}
