// Faces that are followed between two searches, on a clip that is drawn here: where they are, and when a search is called for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differenceOf, greyCopy, lumaAt } from "../../www/app/engine/grey.js";
import { FaceTracker, LONGEST_MS, MOST_FOLLOWED } from "../../www/app/engine/tracking.js";

const SIZE = { width: 640, height: 480 };
const SIDE = 160;
const STEP_MS = 100;

/** A face of sorts: two eyes and a mouth on an oval, from -1 to 1. @param {number} u @param {number} v */
function faceLuma(u, v) {
  if (Math.hypot(u, v * 0.85) > 1) return undefined;
  const isEye = Math.hypot(Math.abs(u) - 0.4, v + 0.3) < 0.2;
  const isMouth = Math.abs(u) < 0.45 && Math.abs(v - 0.5) < 0.12;
  return isEye || isMouth ? 50 : 190;
}

/**
 * @param {{ x: number, y: number, side?: number }[]} faces their centres
 * @param {{ light?: number, scene?: number, seed?: number }} [how] light: factor of the brightness; seed of the noise
 */
function frame(faces, { light = 1, scene = 0, seed = 1 } = {}) {
  const { width, height } = SIZE;
  const rgba = new Uint8Array(width * height * 4);
  let noise = seed;
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    let luma = scene ? 215 - 60 * Math.sin(y / 19) : 90 + 30 * Math.sin(x / 37) + 25 * Math.cos(y / 23 + x / 61);
    for (const { x: centre, y: middle, side = SIDE } of faces) {
      luma = faceLuma((2 * (x - centre)) / side, (2 * (y - middle)) / side) ?? luma;
    }
    noise = (noise * 1664525 + 1013904223) >>> 0;
    rgba.fill(Math.min(255, Math.max(0, luma * light + (noise / 2 ** 32 - 0.5) * 24)), at * 4, at * 4 + 3);
  }
  return greyCopy(rgba, SIZE);
}

/** @param {number} x @param {number} y of its centre */
const boxAt = (x, y, side = SIDE) => ({ x: x - side / 2, y: y - side / 2, width: side, height: side, angle: 0, score: 9 });

/** A tracker that has found these faces. @param {{ x: number, y: number }[]} faces */
function found(...faces) {
  const tracker = new FaceTracker();
  tracker.learn(frame(faces), faces.map(({ x, y }) => boxAt(x, y)), 0);
  return tracker;
}

test("the copy has the mean of the picture, and is linear between its cells", () => {
  const rgba = new Uint8Array(SIZE.width * SIZE.height * 4).map((_, at) => ((at >> 2) % SIZE.width < 320 ? 0 : 255));
  const grey = greyCopy(rgba, SIZE);
  assert.deepEqual([grey.columns, grey.rows, grey.cell], [160, 120, 4]);
  assert.ok(Math.abs(lumaAt(grey, 320, 200) - 0.5) < 1e-6);
  assert.equal(lumaAt(grey, -50, 200), 0);
  assert.ok(Math.abs(lumaAt(grey, 900, 900) - 1) < 1e-6);
});

test("a face that goes round is followed within a twentieth of its size, in changing light and noise", () => {
  const path = (/** @type {number} */ step) => ({ x: 320 + 90 * Math.cos(step / 3), y: 240 + 60 * Math.sin(step / 3) });
  const tracker = new FaceTracker();
  let searches = 0;
  let farthest = 0;
  for (let step = 0; step < 25; step += 1) {
    const { x, y } = path(step);
    const grey = frame([{ x, y }], { light: 1 + 0.2 * Math.sin(step / 4), seed: step + 1 });
    const boxes = tracker.follow(grey, step * STEP_MS);
    if (!boxes) {
      searches += 1;
      tracker.learn(grey, [boxAt(x, y)], step * STEP_MS);
      continue;
    }
    farthest = Math.max(farthest, Math.hypot(boxes[0].x + SIDE / 2 - x, boxes[0].y + SIDE / 2 - y));
    assert.equal(boxes[0].score, 9);
  }
  assert.equal(searches, 25 / (MOST_FOLLOWED + 1), "one search every few frames, and none besides");
  assert.ok(farthest < SIDE / 20, `${farthest} pixels`);
});

test("a face that comes nearer by a tenth is still followed", () => {
  const tracker = found({ x: 300, y: 240 });
  for (let step = 1; step <= MOST_FOLLOWED; step += 1) {
    const boxes = tracker.follow(frame([{ x: 300, y: 240, side: SIDE * (1 + 0.025 * step) }]), step * STEP_MS);
    assert.ok(boxes && Math.abs(boxes[0].x + SIDE / 2 - 300) < SIDE / 20);
  }
});

test("two faces keep their order while they move past each other's height", () => {
  const tracker = found({ x: 160, y: 200 }, { x: 460, y: 280 });
  const boxes = tracker.follow(frame([{ x: 175, y: 220 }, { x: 445, y: 260 }]), STEP_MS);
  assert.deepEqual(boxes?.map(({ x, y }) => [Math.round((x + 80) / 20), Math.round((y + 80) / 20)]), [[9, 11], [22, 13]]);
});

test("a face that is gone, or has moved too far, is searched for at once", () => {
  assert.equal(found({ x: 300, y: 240 }).follow(frame([]), STEP_MS), undefined);
  assert.equal(found({ x: 200, y: 240 }).follow(frame([{ x: 420, y: 240 }]), STEP_MS), undefined);
});

test("of two faces, one that is gone is enough", () => {
  assert.equal(found({ x: 160, y: 240 }, { x: 460, y: 240 }).follow(frame([{ x: 160, y: 240 }]), STEP_MS), undefined);
});

test("another scene is searched even where a face is at the same place", () => {
  const face = { x: 300, y: 240 };
  assert.ok(differenceOf(frame([face]), frame([face], { scene: 1 })) > 0.2);
  const tracker = new FaceTracker();
  // Within the face: what is around it is not what tells.
  tracker.learn(frame([face]), [boxAt(face.x, face.y, 0.6 * SIDE)], 0);
  assert.ok(tracker.follow(frame([face]), STEP_MS));
  assert.equal(tracker.follow(frame([face], { scene: 1 }), 2 * STEP_MS), undefined);
});

test("a face that leaves the picture is searched for, one that was found at its edge is followed", () => {
  const leaves = found({ x: 560, y: 240 });
  assert.equal(leaves.follow(frame([{ x: 580, y: 240 }]), STEP_MS), undefined);
  assert.ok(found({ x: 600, y: 240 }).follow(frame([{ x: 598, y: 240 }]), STEP_MS));
});

test("after some frames, or some time, there is a search", () => {
  const face = { x: 300, y: 240 };
  const tracker = found(face);
  for (let step = 1; step <= MOST_FOLLOWED; step += 1) assert.ok(tracker.follow(frame([face]), step * STEP_MS));
  assert.equal(tracker.follow(frame([face]), 5 * STEP_MS), undefined);
  assert.equal(found(face).follow(frame([face]), LONGEST_MS + 1), undefined);
});

test("where there is no face, and after something else was on the stage, every frame is searched", () => {
  const none = found();
  assert.equal(none.follow(frame([{ x: 300, y: 240 }]), STEP_MS), undefined);
  const tracker = found({ x: 300, y: 240 });
  tracker.forget();
  assert.equal(tracker.follow(frame([{ x: 300, y: 240 }]), STEP_MS), undefined);
});

test("a camera that changes its size is searched", () => {
  const tracker = found({ x: 300, y: 240 });
  assert.equal(tracker.follow(greyCopy(new Uint8Array(320 * 240 * 4), { width: 320, height: 240 }), STEP_MS), undefined);
});
