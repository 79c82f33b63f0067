// Hints about how a face is shown: each by its own limit, and none for a face that is shown well.

import assert from "node:assert/strict";
import { test } from "node:test";

import { brightnessOf } from "../../www/app/engine/brightness.js";
import { qualityHints } from "../../www/app/quality.js";

const picture = { width: 200, height: 100 };
const view = { viewScale: 1.2, viewShift: 0 };
const hints = (/** @type {object} */ own) => qualityHints({ x: 50, y: 20, width: 40, height: 40, angle: 0, score: 20, brightness: 0.5, ...own }, picture, view);

test("a face that is shown well has no hint", () => {
  // 40 pixels at a margin of 1.2 are the 48 that the network learnt from.
  assert.deepEqual(hints({}), []);
});

test("each hint comes at its own limit", () => {
  assert.deepEqual(hints({ width: 39, height: 39 }), ["small"]);
  assert.deepEqual(hints({ brightness: 0.14 }), ["dark"]);
  assert.deepEqual(hints({ score: 3.9 }), ["hard"]);
  assert.deepEqual(hints({ x: -1 }), [], "a fortieth of the box outside");
  for (const [x, y] of [[-4, 20], [164, 20], [50, -4], [50, 64]]) assert.deepEqual(hints({ x, y }), ["cut"], `${x}, ${y}`);
});

test("hints that hold together are all told", () => {
  assert.deepEqual(hints({ x: -10, y: 0, width: 30, height: 30, brightness: 0, score: 2 }), ["small", "dark", "cut", "hard"]);
});

test("brightness is that of the part of the box that is in the picture", () => {
  // Left half white, right half green.
  const size = { width: 4, height: 2 };
  const rgba = Uint8Array.from({ length: 32 }, (_, at) => ((at / 4) % 4 < 2 || at % 4 === 1 || at % 4 === 3 ? 255 : 0));
  const near = (/** @type {number} */ one, /** @type {number} */ other) => assert.ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`);
  near(brightnessOf(rgba, size, { x: -4, y: 0, width: 6, height: 2 }), 1);
  near(brightnessOf(rgba, size, { x: 2, y: 0, width: 9, height: 9 }), 0.587);
  near(brightnessOf(rgba, size, { x: 0, y: 0, width: 4, height: 2 }), (1 + 0.587) / 2);
  near(brightnessOf(rgba, size, { x: 9, y: 0, width: 4, height: 2 }), 0);
});
