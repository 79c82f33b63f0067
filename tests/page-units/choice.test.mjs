// The face that the result is about.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseFace } from "../../www/app/choice.js";
import { faceWith } from "./fixtures.mjs";

const face = (/** @type {number} */ number, /** @type {number} */ size) => faceWith({ number, width: size, height: size });

test("the largest face is shown until people choose", () => {
  assert.equal(chooseFace([face(1, 20), face(2, 50), face(3, 30)], undefined), 1);
});

test("a chosen face stays chosen when its place in the list changes", () => {
  assert.equal(chooseFace([face(1, 50), face(2, 20)], 2), 1);
  assert.equal(chooseFace([face(2, 20), face(3, 50)], 2), 0);
});

test("while a chosen face is not seen no other takes its place for good", () => {
  assert.equal(chooseFace([face(1, 50), face(3, 20)], 2), 0);
  assert.equal(chooseFace([face(1, 50), face(3, 20), face(2, 10)], 2), 2);
});
