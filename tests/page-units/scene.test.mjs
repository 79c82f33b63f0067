// What is on the stage, and what is still wanted there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Scene } from "../../www/app/page/scene.js";

/** A stage with nothing on it. @param {(sample: unknown) => void} [onSample] */
function empty(onSample = () => {}) {
  Object.assign(globalThis, { document: { body: { dataset: { source: "none" } } } });
  return new Scene("happy", onSample);
}

test("the last wish wins, whichever is there first", () => {
  const scene = empty();
  const [first, second] = [scene.wish(), scene.wish()];
  assert.deepEqual([first(), second()], [false, true]);
  scene.change("picture");
  assert.equal(second(), true, "a wish that comes true is still the last one");
});

test("what was asked about the stage is for nothing once something else is on it, even of the same kind", () => {
  const scene = empty();
  scene.change("picture");
  const isThere = scene.hold();
  assert.equal(isThere(), true);
  scene.change("picture");
  assert.equal(isThere(), false);
});

test("camera and video are live, a picture is not", () => {
  const scene = empty();
  const live = /** @type {const} */ (["none", "picture", "camera", "video"]).filter((source) => {
    scene.change(source);
    return scene.isLive;
  });
  assert.deepEqual(live, ["camera", "video"]);
});

test("the sample that the address asks for is in links from the beginning, until another is on the stage", () => {
  /** @type {unknown[]} */
  const told = [];
  const scene = empty((sample) => told.push(sample));
  assert.equal(scene.sample, "happy");
  const sample = { file: "sad.png", label: "sad", url: "" };
  scene.markSample(sample);
  assert.equal(scene.sample, "sad");
  scene.markSample(undefined);
  assert.equal(scene.sample, undefined);
  assert.deepEqual(told, [sample, undefined]);
});
