// The annotated recording: where everything lies in it, and when it ends.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { drawAnnotated } from "../../www/app/keep/annotate.js";
import { AnnotatedRecorder, LONGEST_MS } from "../../www/app/keep/recorder.js";
import { faceWith } from "./fixtures.mjs";

/** A canvas that remembers where pictures and boxes were drawn. @param {number} width @param {number} height */
function canvasOf(width, height) {
  /** @type {number[][]} */
  const pictures = [];
  /** @type {number[][]} */
  const boxes = [];
  let middle = [0, 0];
  const context = /** @type {any} */ ({
    canvas: { width, height },
    drawImage: (/** @type {unknown} */ _, /** @type {number[]} */ ...place) => pictures.push(place),
    // Boxes are drawn about their middle; the labels' ground is filled, not stroked.
    translate: (/** @type {number} */ x, /** @type {number} */ y) => (middle = [x, y]),
    rect: (/** @type {number[]} */ ...[, , wide, high]) => boxes.push([...middle, wide, high]),
    measureText: () => ({ width: 10 }),
  });
  const others = ["fillRect", "setTransform", "rotate", "resetTransform", "save", "restore", "beginPath", "stroke", "fill", "fillText"];
  for (const name of others) context[name] = () => {};
  return { context, pictures, boxes };
}

const picture = (/** @type {number} */ width, /** @type {number} */ height) => /** @type {ImageBitmap} */ ({ width, height, close() {} });
const upright = { mirrored: false, classes: ["happy"] };

test("a frame of the canvas's own shape fills it, and boxes lie where they were found", () => {
  const { context, pictures, boxes } = canvasOf(1280, 720);
  drawAnnotated(context, picture(1280, 720), { width: 640, faces: [faceWith({ x: 100, y: 50, width: 60, height: 80 })] }, upright);
  assert.deepEqual(pictures, [[0, 0, 1280, 720]]);
  assert.deepEqual(boxes[0], [260, 180, 120, 160]);
});

test("a frame of another shape keeps it, in the middle, and its boxes and evidence lie on it", () => {
  const { context, pictures, boxes } = canvasOf(1280, 720);
  const face = faceWith({ x: 90, y: 160, width: 90, height: 90 });
  const evidence = { map: picture(8, 8), left: 90, top: 160, side: 90, angle: 0 };
  // Upright and 720 x 1280: 405 x 720 of the canvas, analysed in half its size.
  drawAnnotated(context, picture(720, 1280), { width: 360, faces: [face] }, { ...upright, evidence });
  assert.deepEqual(pictures[0], [437.5, 0, 405, 720]);
  assert.deepEqual(boxes[0], [437.5 + 135 * 1.125, 205 * 1.125, 90 * 1.125, 90 * 1.125]);
  assert.deepEqual(pictures[1], [-45 * 1.125, -45 * 1.125, 90 * 1.125, 90 * 1.125], "about the same middle");
  const mirrored = canvasOf(1280, 720);
  drawAnnotated(mirrored.context, picture(720, 1280), { width: 360, faces: [face] }, { ...upright, mirrored: true });
  assert.equal(mirrored.boxes[0][0], 437.5 + (360 - 135) * 1.125);
});

/** @type {{ run: () => void, ms: number } | undefined} what waits */
let waiting;
/** @type {PlayedRecorder[]} */
let recorders;

class PlayedRecorder extends EventTarget {
  state = "inactive";

  /** @param {MediaStream} stream */
  constructor(stream) {
    super();
    this.stream = stream;
    recorders.push(this);
  }

  start() {
    this.state = "recording";
  }

  stop() {
    this.state = "inactive";
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob(["recorded"]) }));
    this.dispatchEvent(new Event("stop"));
  }
}

beforeEach(() => {
  recorders = [];
  const canvas = { getContext() {}, captureStream: () => ({ getTracks: () => [] }) };
  Object.assign(globalThis, { MediaRecorder: PlayedRecorder, document: { createElement: () => canvas } });
  mock.method(globalThis, "setTimeout", (/** @type {() => void} */ run, /** @type {number} */ ms) => (waiting = { run, ms }));
  mock.method(globalThis, "clearTimeout", (/** @type {unknown} */ one) => {
    if (one === waiting) waiting = undefined;
  });
});
afterEach(() => mock.restoreAll());

/** @param {Blob[]} files filled with what is recorded */
const recorderInto = (files) =>
  new AnnotatedRecorder("video/webm", { width: 640, height: 480 }, { onFile: (file) => files.push(file), onError: assert.fail });

test("a recording ends by itself when its time is over, though no frame comes", () => {
  /** @type {Blob[]} */
  const files = [];
  recorderInto(files);
  assert.equal(waiting?.ms, LONGEST_MS);
  assert.equal(recorders[0].state, "recording");
  waiting?.run();
  assert.equal(recorders[0].state, "inactive");
  assert.deepEqual(files.map(({ type, size }) => [type, size]), [["video/webm", 8]]);
});

test("one that is ended before waits for nothing, and gives one file", () => {
  /** @type {Blob[]} */
  const files = [];
  const recorder = recorderInto(files);
  recorder.stop();
  recorder.stop();
  assert.equal(waiting, undefined);
  assert.equal(files.length, 1);
});
