// When an answer is not sure, which of the two reasons it was, and that everything that names a label says so.

import assert from "node:assert/strict";
import { test } from "node:test";

import { doubtsAbout } from "../../www/app/doubt.js";
import { shortLabel } from "../../www/app/views/label.js";

const limits = { notSureBelow: 0.5, unlikeBeyond: 1 };
const face = (/** @type {number} */ share, /** @type {number} */ distance) => ({
  probabilities: Float32Array.of(share, 1 - share), distances: Float32Array.of(distance, 9),
});

test("each reason is told by itself, and both when both hold", () => {
  assert.deepEqual(doubtsAbout(face(0.9, 0.5), 0, limits), []);
  assert.deepEqual(doubtsAbout(face(0.4, 0.5), 0, limits), ["probability"]);
  assert.deepEqual(doubtsAbout(face(0.9, 1.5), 0, limits), ["distance"]);
  assert.deepEqual(doubtsAbout(face(0.4, 1.5), 0, limits), ["probability", "distance"]);
});

test("the limits themselves are still sure", () => {
  assert.deepEqual(doubtsAbout(face(0.5, 1), 0, limits), []);
});

test("the class that is named decides, not the likeliest", () => {
  assert.deepEqual(doubtsAbout(face(0.9, 0.5), 1, limits), ["probability", "distance"]);
});

test("without the attention arm there is no distance to doubt", () => {
  assert.deepEqual(doubtsAbout({ probabilities: Float32Array.of(1, 0), distances: undefined }, 0, limits), []);
});

test("a label in doubt is told as a guess, however high its probability", () => {
  const probabilities = Float32Array.of(0.25, 0.75);
  assert.equal(shortLabel({ probabilities, doubts: ["distance"] }, ["sad", "happy"]), "Not sure: happy? 75%");
  assert.equal(shortLabel({ probabilities, doubts: [] }, ["sad", "happy"]), "Happy 75%");
  assert.equal(shortLabel({ probabilities: Float32Array.of(0.001, 0.999), doubts: [] }, ["sad", "happy"]), "Happy >99%");
});
