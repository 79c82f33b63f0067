// Teaching a face: DACL's rule, distances and answers against numbers worked out by hand; what is kept comes back and nothing else does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseWeight, combined, distance, FEWEST_FRAMES, learn, moved } from "../../www/app/teach/personal.js";
import { GIVEN_UP_MS, LASTS_MS, Recording } from "../../www/app/teach/recording.js";
import { fingerprintOf, fromText, TaughtStorage, toText } from "../../www/app/teach/stored.js";

const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-5, `${a} is not ${b}`);
const frame = (/** @type {number[]} */ features, attention = features.map(() => 1), probabilities = [0.5, 0.5]) => ({
  features: Float32Array.from(features), attention: Float32Array.from(attention), probabilities: Float32Array.from(probabilities),
});

test("a centre moves by DACL's rule, each feature by its attention", () => {
  // 1 + 0.5 (1 (4 - 1) + 0.5 (1 - 1)) / 3 = 1.5, and 0 + 0.5 (0 + 0.5 * 6) / 3 = 0.5.
  const centre = moved(Float32Array.of(1, 0), [frame([4, 9], [1, 0]), frame([1, 6], [0.5, 0.5])], 0.5);
  assert.deepEqual([...centre], [1.5, 0.5]);
});

test("a centre without frames stays where it is", () => {
  assert.deepEqual([...moved(Float32Array.of(1, 2), [], 0.5)], [1, 2]);
});

test("distances are those that the engine measures", () => {
  // As in src/centres.rs: (0.5 * 4 + 1.5 * 0) / 2 = 1, and (0.5 * 0 + 1.5 * 4) / 2 = 3.
  const face = frame([3, 0], [0.5, 1.5]);
  near(distance(face, Float32Array.of(1, 0)), 1);
  near(distance(face, Float32Array.of(3, 2)), Math.sqrt(3));
});

test("distances move probability among the taught classes only", () => {
  const face = frame([0], [1], [0.2, 0.2, 0.6]);
  const centres = new Map([[0, Float32Array.of(0)], [1, Float32Array.of(1)]]);
  // Odds of the two: e^(2 (1 - 0)).
  const answer = combined(face, { centres, weight: 2 });
  near(answer[0] / answer[1], Math.exp(2));
  near(answer[0] + answer[1], 0.4);
  near(answer[2], 0.6);
});

test("a weight of 0, and a single taught class, change nothing", () => {
  const face = frame([0], [1], [0.25, 0.75]);
  const centres = new Map([[0, Float32Array.of(0)], [1, Float32Array.of(1)]]);
  assert.deepEqual([...combined(face, { centres, weight: 0 })], [0.25, 0.75]);
  assert.deepEqual([...combined(face, { centres: new Map([[0, Float32Array.of(9)]]), weight: 5 })], [0.25, 0.75]);
});

test("far from every taught centre an answer stays one", () => {
  const centres = new Map([[0, Float32Array.of(1000)], [1, Float32Array.of(1001)]]);
  const answer = combined(frame([0], [1], [0.5, 0.5]), { centres, weight: 32 });
  near(answer[0] + answer[1], 1);
});

/** Two classes; the features tell them apart where `apart` is not 0, and the network takes both for the first. @param {number} apart */
const recordings = (apart) => new Map([0, 1].map((index) => [
  index, Array.from({ length: FEWEST_FRAMES }, (_, at) => frame([index * apart, at % 2], [1, 1], [0.6, 0.4])),
]));

test("what the network takes for another is learnt where the features tell it, and measured on frames that were held back", () => {
  const { weight, measured, centres } = learn(recordings(2), Float32Array.of(1, 1, 1, 1));
  assert.ok(weight > 0);
  assert.deepEqual(measured, { frames: 4, before: 0.5, after: 1 });
  assert.ok(Math.abs((centres.get(1) ?? [])[0] - 2) < 0.02);
});

test("where the features tell nothing the distances get no weight", () => {
  assert.equal(chooseWeight(recordings(0), Float32Array.of(1, 1, 1, 1)), 0);
  const { measured } = learn(recordings(0), Float32Array.of(1, 1, 1, 1));
  assert.equal(measured.before, measured.after);
});

test("of weights that do as well the lowest is taken, and none where the network is right by itself", () => {
  const right = new Map([0, 1].map((index) => [
    index, Array.from({ length: FEWEST_FRAMES }, () => frame([index * 2], [1], index === 0 ? [0.6, 0.4] : [0.4, 0.6])),
  ]));
  assert.equal(chooseWeight(right, Float32Array.of(1, 1)), 0);
  // Squared distances of 0 and 4 with odds of 0.6 to 0.4: a weight of 1 is enough.
  assert.equal(chooseWeight(recordings(2), Float32Array.of(1, 1, 1, 1)), 1);
});

test("the end of a recording changes neither centres nor weight", () => {
  const [plain, other] = [recordings(2), recordings(2)];
  for (const frames of other.values()) frames.splice(-2, 2, frame([50, 50]), frame([60, 60]));
  const centres = Float32Array.of(1, 1, 1, 1);
  const [one, two] = [learn(plain, centres), learn(other, centres)];
  assert.deepEqual([one.weight, one.centres], [two.weight, two.centres]);
});

test("a recording lasts its seconds and until it has enough frames", () => {
  const recording = new Recording(3);
  for (let at = 0; at < FEWEST_FRAMES - 1; at += 1) assert.equal(recording.add(frame([1]), at), "goes-on");
  assert.equal(recording.add(undefined, LASTS_MS), "goes-on");
  assert.equal(recording.add(frame([1]), LASTS_MS + 1), "done");
  assert.equal(recording.frames.length, FEWEST_FRAMES);
});

test("a recording without a face is given up", () => {
  const recording = new Recording(0);
  recording.add(undefined, 100);
  assert.equal(recording.add(undefined, GIVEN_UP_MS + 99), "goes-on");
  assert.equal(recording.add(undefined, GIVEN_UP_MS + 100), "given-up");
});

const network = { classes: ["neutral", "happy"], fingerprint: "0badcafe", features: 2 };
const personal = {
  centres: new Map([[1, Float32Array.of(0.1, -2)]]), weight: 4, measured: { frames: 8, before: 0.5, after: 0.75 },
};

test("a taught face comes back from its file exactly", () => {
  assert.deepEqual(fromText(toText(personal, network), network), personal);
});

test("files of another network, or that are damaged, are refused by name", () => {
  const text = toText(personal, network);
  const code = (/** @type {string} */ changed, of = network) => {
    try {
      fromText(changed, of);
    } catch (error) {
      return /** @type {{ code: string }} */ (error).code;
    }
    return "taken";
  };
  assert.equal(code(text), "taken");
  assert.equal(code(text, { ...network, fingerprint: "12345678" }), "taught-other-network");
  for (const damaged of [
    "{", "null", "[]", text.replace("dacl-taught-face 1", "dacl-taught-face 2"), text.replace("happy", "glad"),
    text.replace(",-2]", "]"), text.replace("-2", "null"), text.replace('"weight":4', '"weight":-4'), text.replace('"before":0.5', '"before":"x"'),
  ]) assert.equal(code(damaged), "taught-unreadable", damaged);
});

test("one changed weight makes another network", () => {
  const one = fingerprintOf(Float32Array.of(1, 2));
  assert.match(one, /^[0-9a-f]{8}$/);
  assert.equal(fingerprintOf(Float32Array.of(1, 2)), one);
  assert.notEqual(fingerprintOf(Float32Array.of(1, 2.0000002)), one);
});

test("what is kept can be deleted, and a browser without storage is told", () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const storage = new TaughtStorage(() => /** @type {Storage} */ (/** @type {unknown} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  })));
  assert.equal(storage.read(), undefined);
  storage.write("numbers", true);
  assert.deepEqual(storage.read(), { text: "numbers", isUsed: true });
  storage.delete();
  assert.equal(kept.size, 0);

  const refused = new TaughtStorage(() => {
    throw new DOMException("blocked", "SecurityError");
  });
  assert.equal(refused.read(), undefined);
  assert.throws(() => refused.write("numbers", true), { code: "taught-not-kept" });
});
