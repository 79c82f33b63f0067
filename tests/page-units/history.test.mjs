// The last minute of a face: what the timeline shows and says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Histories, History, SPAN_MS } from "../../www/app/live/history.js";
import { faceWith } from "./fixtures.mjs";

const moment = (/** @type {number} */ ms, /** @type {number} */ first) => ({
  ms, probabilities: Float32Array.of(first, 1 - first), named: first >= 0.5 ? 0 : 1, isSure: true,
});

test("what is older than a minute is dropped", () => {
  const history = new History();
  for (let ms = 0; ms <= 90_000; ms += 1000) history.add(moment(ms, 1));
  assert.equal(history.moments[0].ms, 30_000);
  assert.equal(history.moments.length, 61);
});

test("shares are shares of time, not of pictures", () => {
  const history = new History();
  history.add(moment(0, 1));
  history.add(moment(1000, 0.25));
  for (let ms = 1100; ms <= 2000; ms += 100) history.add(moment(ms, 0.25));
  const { seconds, changes, classes } = history.summary();
  assert.equal(seconds, 2);
  assert.equal(changes, 1);
  assert.deepEqual(classes[0], { named: 0.5, mean: 0.625, most: 1 });
});

test("time without answers is not counted", () => {
  const history = new History();
  history.add(moment(0, 1));
  history.add(moment(1000, 1));
  history.add(moment(30_000, 1));
  assert.equal(history.summary().seconds, 1);
});

test("an empty history has nothing to say", () => {
  assert.deepEqual(new History().summary(), { seconds: 0, changes: 0, unsure: 0, classes: [] });
  assert.equal(new History().newestMs, -Infinity);
});

test("each face has its own history, which goes when the face is long gone", () => {
  const histories = new Histories();
  const face = (/** @type {number} */ number) => faceWith({ number, named: 0, probabilities: Float32Array.of(1, 0) });
  histories.add([face(1), face(2)], 0);
  histories.add([face(2)], SPAN_MS + 1);
  assert.equal(histories.of(1), undefined);
  assert.equal(histories.of(2)?.moments.length, 1);
});

test("time in which the answer was a guess counts for no class", () => {
  const history = new History();
  for (const [ms, isSure] of /** @type {[number, boolean][]} */ ([[0, true], [1000, false], [4000, true]])) {
    history.add({ ...moment(ms, 1), isSure });
  }
  const { unsure, classes } = history.summary();
  assert.equal(unsure, 0.75);
  assert.equal(classes[0].named, 0.25);
});
