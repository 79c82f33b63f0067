// Times as the page and its bench tell them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { resultOf } from "../../www/app/bench/result.js";
import { quantile, Times } from "../../www/app/times.js";
import { analysisOf, faceWith, factsWith } from "./fixtures.mjs";

const times = (/** @type {number} */ ms) => ({ findMs: ms, cropMs: 2 * ms, networkMs: 3 * ms, totalMs: 6 * ms, searched: ms % 5 === 0 });

test("quantiles are values that were measured", () => {
  const values = [9, 1, 8, 2, 7, 3, 6, 4, 5, 10];
  assert.equal(quantile(values, 0.5), 5);
  assert.equal(quantile(values, 0.9), 9);
  assert.equal(quantile([4], 0.9), 4);
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.deepEqual(values.slice(0, 2), [9, 1], "their order is left as it was");
});

test("the first stays the first, median and p90 follow the newest", () => {
  const all = new Times();
  all.add(times(1000));
  for (let ms = 1; ms <= 400; ms += 1) all.add(times(ms));
  assert.equal(all.count, 300);
  assert.equal(all.searched, 60);
  assert.deepEqual(all.summary("findMs"), { first: 1000, median: 250, p90: 370 });
  assert.deepEqual(all.summary("totalMs"), { first: 6000, median: 1500, p90: 2220 });
});

test("of an analysis nothing but its times is kept", () => {
  const all = new Times();
  all.add(analysisOf([faceWith({})], times(7)));
  assert.deepEqual(all.last, times(7));
});

test("the bench's result says of which adapter it is, and whether that is a software one", () => {
  const software = { adapter: "google swiftshader", backendReason: "why", backendReasonCode: "webgpu-software" };
  const facts = factsWith({ backend: "webgpu", ...software });
  const steady = new Times();
  for (let ms = 1; ms <= 30; ms += 1) steady.add(times(ms));
  const measured = {
    facts, asked: /** @type {const} */ ("webgpu"), readyMs: 1234.56, stagesMs: { program: 1000.04 }, first: times(50), steady, warmUps: 10,
    picture: { name: "happy", width: 224, height: 224, faces: 1 }, memoryBytes: 1e8,
  };
  const machine = { time: new Date(0), version: "abc", browser: "some browser", processors: 2, memoryGib: undefined };
  const result = resultOf(measured, machine);
  assert.deepEqual(result.backend, {
    asked: "webgpu", used: "webgpu", adapter: "google swiftshader", isSoftwareAdapter: true, reason: "why",
  });
  assert.deepEqual(result.cold, { readyMs: 1234.6, stagesMs: { program: 1000 } });
  assert.deepEqual(result.first, { findMs: 50, cropMs: 100, networkMs: 150, totalMs: 300 });
  assert.deepEqual(result.steady.networkMs, { median: 45, p90: 81 });
  assert.equal(result.steady.runs, 30);
  assert.equal(result.memoryGib, null, "what the browser does not tell is not left out but said");
  const hardware = resultOf({ ...measured, facts: { ...facts, backendReasonCode: "webgpu-hardware" } }, machine);
  assert.equal(hardware.backend.isSoftwareAdapter, false);
});
