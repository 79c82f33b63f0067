// Camera and video frame by frame, where a video is moved to another place; with a video that is played here.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Turns } from "../../www/app/engine/turns.js";
import { followFrames } from "../../www/app/input/frames.js";
import { followLive } from "../../www/app/live/follow.js";
import { Steady } from "../../www/app/live/steady.js";
import { analysisOf } from "./fixtures.mjs";

class PlayedVideo extends EventTarget {
  HAVE_CURRENT_DATA = 2;
  readyState = 4;
  paused = true;
  seeking = false;
  currentTime = 0;
  /** @type {(() => void)[]} */
  #callbacks = [];

  /** @param {() => void} callback */
  requestVideoFrameCallback(callback) {
    this.#callbacks.push(callback);
  }

  /** A frame is seen. */
  show() {
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  /** @param {number} seconds */
  seek(seconds) {
    Object.assign(this, { currentTime: seconds, seeking: true, readyState: 1 });
  }

  arrive() {
    Object.assign(this, { seeking: false, readyState: 4 });
    this.dispatchEvent(new Event("seeked"));
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 2));

/** @type {PlayedVideo} */
let video;
/** @type {AbortController} */
let end;
beforeEach(() => {
  video = new PlayedVideo();
  end = new AbortController();
  Object.assign(globalThis, { document: { hidden: false }, createImageBitmap: async (/** @type {object} */ source) => source });
});
afterEach(() => end.abort());

/** The page's types know no video but the browser's. */
const asVideo = () => /** @type {HTMLVideoElement} */ (/** @type {unknown} */ (video));

test("a frame that is seen on the way to another place is not taken for the one there", async () => {
  /** @type {number[]} */
  const taken = [];
  // Someone drags on.
  video.addEventListener("seeked", () => video.seek(7), { once: true });
  followFrames(asVideo(), async () => void taken.push(video.currentTime), end.signal);
  await settled();
  video.seek(5);
  video.show();
  await settled();
  video.arrive();
  await settled();
  assert.deepEqual(taken, [0], "it has not arrived for good");
  video.arrive();
  await settled();
  assert.deepEqual(taken, [0, 7]);
});

/** Follows the video. @param {() => Promise<ImageBitmap>} takeFrame @param {() => void} onAnswer */
function follow(takeFrame, onAnswer) {
  const stage = /** @type {import("../../www/app/views/stage.js").Stage} */ (/** @type {unknown} */ ({ takeFrame }));
  const turns = new Turns({ ready: Promise.resolve(), analyse: async () => analysisOf([]) });
  return followLive({ video: asVideo(), stage, turns, steady: new Steady(0) }, onAnswer, end.signal);
}

test("where the video has no frame on its way, the one where it goes is answered", async () => {
  let answers = 0;
  const frame = /** @type {ImageBitmap} */ ({ width: 9, height: 9, close() {} });
  const takeFrame = async () => {
    // It is moved just when its frame is wanted.
    if (video.readyState < video.HAVE_CURRENT_DATA) throw new DOMException("no frame", "InvalidStateError");
    return frame;
  };
  follow(takeFrame, () => (answers += 1));
  await settled();
  assert.equal(answers, 1, "the first frame");
  video.show();
  video.seek(3);
  await settled();
  assert.equal(answers, 1);
  video.arrive();
  await settled();
  assert.equal(answers, 2);
});

test("a frame that cannot be taken where there is one ends it with the failure", async () => {
  await assert.rejects(follow(() => Promise.reject(new Error("no memory")), assert.fail), { message: "no memory" });
});
