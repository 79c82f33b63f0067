// Steady labels: what must hold whatever the machine's pace.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextNaming } from "../../www/app/live/naming.js";
import { smooth, timeConstant } from "../../www/app/live/smoothing.js";
import { Steady } from "../../www/app/live/steady.js";
import { matchFaces } from "../../www/app/live/tracks.js";
import { analysisOf, faceWith } from "./fixtures.mjs";

const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-5, `${a} is not ${b}`);
const pair = (/** @type {number} */ first) => Float32Array.of(first, 1 - first);

test("smoothing comes to the same whether pictures come often or seldom", () => {
  const seldom = smooth(pair(0), pair(1), 400, 500);
  /** @type {Float32Array} */
  let often = pair(0);
  for (let step = 0; step < 8; step += 1) often = smooth(often, pair(1), 50, 500);
  near(often[0], seldom[0]);
});

test("after one time constant a change has come through to 63 %", () => {
  near(smooth(pair(0), pair(1), 500, 500)[0], 1 - Math.exp(-1));
});

test("smoothed probabilities still add up to 1", () => {
  const smoothed = smooth(Float32Array.of(0.2, 0.3, 0.5), Float32Array.of(0.9, 0.05, 0.05), 33, 700);
  near(smoothed.reduce((sum, value) => sum + value, 0), 1);
});

test("without strength, at first sight and after a long pause nothing of the past is left", () => {
  assert.equal(timeConstant(0), 0);
  near(smooth(pair(0), pair(1), 1, timeConstant(0))[0], 1);
  near(smooth(undefined, pair(0.7), 0, 500)[0], 0.7);
  near(smooth(pair(0), pair(1), 60_000, 500)[0], 1);
});

test("a clock that goes back changes nothing", () => {
  near(smooth(pair(0.2), pair(1), -50, 500)[0], 0.2);
});

test("smoothing leaves the measured values as they are", () => {
  const now = pair(0.7);
  smooth(undefined, now, 0, 500)[0] = 0;
  near(now[0], 0.7);
});

test("two classes that are about as likely do not take the name from each other with each picture", () => {
  let naming = nextNaming(undefined, pair(0.52), 0, 0.5);
  const named = new Set();
  for (let ms = 33; ms < 3000; ms += 33) {
    naming = nextNaming(naming, pair(ms % 2 ? 0.48 : 0.52), ms, 0.5);
    named.add(naming.named);
  }
  assert.deepEqual([...named], [0]);
});

test("a clear lead takes the name at once", () => {
  const before = nextNaming(undefined, pair(0.9), 0, 0.5);
  assert.equal(nextNaming(before, pair(0.2), 33, 0.5).named, 1);
});

test("a small lead takes the name when it lasts, and its time starts anew when it is lost", () => {
  let naming = nextNaming(undefined, pair(0.52), 0, 1);
  const named = (/** @type {number} */ first, /** @type {number} */ ms) => {
    naming = nextNaming(naming, pair(first), ms, 1);
    return naming.named;
  };
  assert.equal(named(0.48, 100), 0);
  assert.equal(named(0.48, 900), 0);
  assert.equal(named(0.52, 1000), 0);
  assert.equal(named(0.48, 1100), 0);
  assert.equal(named(0.48, 2000), 0);
  assert.equal(named(0.48, 2100), 1);
});

test("a third class that takes the lead does not inherit the second one's time", () => {
  let naming = nextNaming(undefined, Float32Array.of(0.4, 0.3, 0.3), 0, 1);
  naming = nextNaming(naming, Float32Array.of(0.32, 0.36, 0.32), 100, 1);
  naming = nextNaming(naming, Float32Array.of(0.32, 0.32, 0.36), 1150, 1);
  assert.equal(naming.named, 0);
});

test("without strength the likeliest is named", () => {
  const before = nextNaming(undefined, pair(0.51), 0, 0);
  assert.equal(nextNaming(before, pair(0.49), 1, 0).named, 1);
});

const at = (/** @type {number} */ x, size = 100) => ({ x, y: 0, width: size, height: size });
const track = (/** @type {number} */ number, /** @type {number} */ x, seenMs = 0) => ({ number, box: at(x), seenMs, missed: true });

test("faces keep their numbers when the engine lists them in another order", () => {
  assert.deepEqual(matchFaces([at(310), at(5)], [track(1, 0), track(2, 300)], 33), [2, 1]);
});

test("a face that is far from all others, or comes back late, is new", () => {
  assert.deepEqual(matchFaces([at(400)], [track(1, 0)], 33), [undefined]);
  assert.deepEqual(matchFaces([at(0)], [track(1, 0)], 5000), [undefined]);
});

test("two faces never share a number", () => {
  assert.deepEqual(matchFaces([at(20), at(5)], [track(1, 0)], 33), [undefined, 1]);
});

const face = (/** @type {number} */ x, /** @type {number} */ first) => faceWith({ ...at(x), probabilities: pair(first) });
const analysis = (/** @type {import("./fixtures.mjs").Face[]} */ ...faces) => analysisOf(faces);

test("each face is smoothed with its own past, and what was measured is kept", () => {
  const steady = new Steady(1);
  steady.next(analysis(face(0, 1), face(300, 0)), 0);
  const { faces } = steady.next(analysis(face(300, 0.1), face(0, 0.9)), 100);
  assert.deepEqual(faces.map(({ number }) => number), [1, 2]);
  assert.ok(faces[0].probabilities[0] > 0.98 && faces[1].probabilities[0] < 0.02);
  near(faces[0].measured?.[0] ?? 0, 0.9);
  assert.deepEqual(faces.map(({ named }) => named), [0, 1]);
});

test("a face that is missed for a moment goes on", () => {
  const steady = new Steady(1);
  steady.next(analysis(face(0, 1)), 0);
  steady.next(analysis(), 100);
  const [back] = steady.next(analysis(face(0, 0)), 200).faces;
  assert.equal(back.number, 1);
  assert.ok(back.probabilities[0] > 0.8);
});

test("on a slow machine a face keeps its number from picture to picture", () => {
  const steady = new Steady(1);
  steady.next(analysis(face(0, 1)), 0);
  assert.equal(steady.next(analysis(face(0, 1)), 4000).faces[0].number, 1);
  steady.next(analysis(), 8000);
  assert.equal(steady.next(analysis(face(0, 1)), 12_000).faces[0].number, 2, "one that was missed that long is another");
});

test("after a jump a face keeps its number, whenever the jump was, and nothing of its past", () => {
  const steady = new Steady(1);
  steady.next(analysis(face(0, 1)), 0);
  steady.jump(50);
  const [late] = steady.next(analysis(face(0, 1)), 40).faces;
  near(late.probabilities[0], 1);
  const [there] = steady.next(analysis(face(0, 0)), 9000).faces;
  assert.equal(there.number, 1);
  near(there.probabilities[0], 0);
  assert.equal(there.named, 1);
  const [next] = steady.next(analysis(face(0, 1)), 9050).faces;
  assert.ok(next.probabilities[0] < 0.1, "from there on it is smoothed again");
});

test("after a reset the first face has number 1 again", () => {
  const steady = new Steady(1);
  steady.next(analysis(face(0, 1)), 0);
  steady.reset();
  const [fresh] = steady.next(analysis(face(0, 0)), 10).faces;
  assert.equal(fresh.number, 1);
  near(fresh.probabilities[0], 0);
});

test("distances are smoothed as probabilities are, and are absent as long as there are none", () => {
  const steady = new Steady(1);
  const at = (/** @type {Float32Array | undefined} */ distances, /** @type {number} */ ms) =>
    steady.next(analysis(faceWith({ probabilities: pair(1), distances })), ms).faces[0].distances;
  assert.equal(at(undefined, 0), undefined);
  near(/** @type {Float32Array} */ (at(pair(0), 100))[0], 0);
  near(/** @type {Float32Array} */ (at(pair(1), 2100))[0], 1 - Math.exp(-1));
});
