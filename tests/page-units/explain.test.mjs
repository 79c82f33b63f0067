// What explains an answer: maps, features that set two classes apart, attention beside its class's mean; against numbers worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { apartFrom, arrange, meanAndSpread, meanOfClass } from "../../www/app/explain/attention.js";
import { compareClasses } from "../../www/app/explain/comparison.js";
import { evidenceFor, networkAnswer, seenSquare, upsample } from "../../www/app/explain/evidence.js";
import { faceWith } from "./fixtures.mjs";

const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-5, `${a} is not ${b}`);

test("a class's map is its own, and what speaks against it is left out", () => {
  const activation = Float32Array.of(9, 9, 9, 9, 1, -2, 3, -4);
  assert.deepEqual([...evidenceFor(activation, 1, 2)], [1, 0, 3, 0]);
});

test("a larger map is linear between the centres of the cells", () => {
  // Centres of 2 cells in 4: the outer quarters lie beyond them.
  const larger = upsample(Float32Array.of(0, 1, 2, 3), 2, 4);
  assert.deepEqual([...larger.slice(0, 4)], [0, 0.25, 0.75, 1]);
  assert.deepEqual([0, 4, 8, 12].map((at) => larger[at]), [0, 0.5, 1.5, 2]);
  assert.equal(larger[15], 3);
});

test("the map lies over the square that the network sees, not over the box", () => {
  assert.deepEqual(seenSquare({ x: 10, y: 20, width: 20, height: 40, angle: 0 }, { viewScale: 1.5, viewShift: 0.1 }), { left: -10, top: 14, side: 60, angle: 0 });
});

test("the evidence is that for the class which the page names, also where a taught face has its say", () => {
  const [network, probabilities] = [Float32Array.of(0.9, 0.1), Float32Array.of(0.2, 0.8)];
  const taught = networkAnswer(faceWith({ probabilities, network }));
  assert.equal(taught.named, 1);
  assert.equal(taught.probabilities, network, "the odds are the network's own");
  assert.equal(networkAnswer(faceWith({ probabilities, measured: network, named: 0 })).named, 0, "in live modes the steady one");
});

test("features are told with the probability that goes when they are taken away", () => {
  // ln 4 a unit for the first class: without the first feature, 0.8 to 0.2 becomes even.
  const weights = Float32Array.of(Math.log(4), 0, 0, Math.log(2));
  const answer = { probabilities: Float32Array.of(0.8, 0.2), features: Float32Array.of(1, 1) };
  const { forNamed, forOther } = compareClasses(answer, weights, { named: 0, other: 1 }, 5);
  assert.deepEqual(forNamed.map(({ feature }) => feature), [0]);
  near(forNamed[0].odds, 4);
  near(forNamed[0].named, 0.3);
  near(forNamed[0].other, -0.3);
  // Without the second, 0.8 to 0.1.
  assert.deepEqual(forOther.map(({ feature }) => feature), [1]);
  near(forOther[0].odds, 2);
  near(forOther[0].named, 0.8 - 8 / 9);
  near(forOther[0].other, 0.2 - 1 / 9);
});

test("a feature that is not there, or counts the same for both, speaks for none", () => {
  const weights = Float32Array.of(1, 2, 1, 5);
  const answer = { probabilities: Float32Array.of(0.5, 0.5), features: Float32Array.of(3, 0) };
  assert.deepEqual(compareClasses(answer, weights, { named: 0, other: 1 }, 5), { forNamed: [], forOther: [] });
});

test("mean and spread are those of the population", () => {
  assert.deepEqual(meanAndSpread(Float32Array.of(1, 2, 3, 6)), { mean: 3, spread: Math.sqrt(3.5) });
});

test("weights are ordered by number, by weight, or by difference from their class's mean", () => {
  const [weights, mean] = [Float32Array.of(0.25, 0.75, 0.5), Float32Array.of(0.5, 0.625, 0)];
  const told = (/** @type {import("../../www/app/explain/attention.js").Order} */ order) => {
    const { features, values, low, high } = arrange(weights, mean, order);
    return [features, [...values], low, high];
  };
  assert.deepEqual(told("feature"), [[0, 1, 2], [0.25, 0.75, 0.5], 0.25, 0.75]);
  assert.deepEqual(told("weight"), [[1, 2, 0], [0.75, 0.5, 0.25], 0.25, 0.75]);
  assert.deepEqual(told("difference"), [[2, 1, 0], [0.5, 0.125, -0.25], -0.5, 0.5]);
});

test("a face is as far from its class's mean as the root of the mean square says", () => {
  assert.equal(apartFrom(Float32Array.of(1, 0), Float32Array.of(0, 0.5)), Math.sqrt(0.625));
});

test("a class without a face has no mean to compare with", () => {
  const means = Float32Array.of(0.5, 0.25, 0, 0);
  assert.deepEqual([...(meanOfClass(means, 0, 2) ?? [])], [0.5, 0.25]);
  assert.equal(meanOfClass(means, 1, 2), undefined);
});
