// When an answer is not sure. The limits were measured with the weights and stand in their manifest: of answers with a lower
// probability, or farther from their class's centre, too many were wrong.

import { likeliest } from "./ranking.js";

/** @typedef {import("./engine/messages.js").Face} Face */
/** @typedef {"probability" | "distance"} Doubt too low a probability, or a face unlike those of its class */
/**
 * @typedef {object} Limits
 * @property {number} notSureBelow probability of the named class
 * @property {number} unlikeBeyond attentive distance to the named class's centre
 */

/**
 * @param {Pick<Face, "probabilities" | "distances">} face
 * @param {number} named the class that is named
 * @param {Limits} limits
 * @returns {Doubt[]} none when the answer is sure
 */
export function doubtsAbout({ probabilities, distances }, named, { notSureBelow, unlikeBeyond }) {
  /** @type {Doubt[]} */
  const doubts = [];
  if (probabilities[named] < notSureBelow) doubts.push("probability");
  // Before the attention arm is there, nothing is known about distances: that is no reason for doubt.
  if (distances && distances[named] > unlikeBeyond) doubts.push("distance");
  return doubts;
}

/**
 * The same analysis with the doubts about each face.
 * @param {import("./engine/messages.js").Analysis} analysis
 * @param {Limits} limits
 */
export function withDoubts(analysis, limits) {
  const judge = (/** @type {Face} */ face) => ({ ...face, doubts: doubtsAbout(face, face.named ?? likeliest(face.probabilities), limits) });
  return { ...analysis, faces: analysis.faces.map(judge) };
}
