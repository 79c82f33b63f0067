// A video's frames, one at a time: the next is taken only after the last was answered, and none while nobody looks.

import { fitted, scaled } from "./picture.js";

/** Longest side of a frame that is analysed: faces at arm's length stay larger than the network's input. */
const LONGEST_SIDE = 640;

/**
 * Hands over frame after frame until the signal aborts.
 * @param {HTMLVideoElement} video
 * @param {() => Promise<void>} onFrame resolves when the frame that is shown now was answered
 * @param {AbortSignal} signal
 */
export async function followFrames(video, onFrame, signal) {
  let analysed = -1;
  while (!signal.aborted) {
    await visible(signal);
    // A paused video that was moved while its last frame was being answered shows no further frame by itself.
    const isStale = video.paused && !video.seeking && video.currentTime !== analysed;
    if (!isStale) await nextFrame(video, signal);
    if (signal.aborted) return;
    analysed = video.currentTime;
    await onFrame();
  }
}

/**
 * @param {ImageBitmap} frame stays open
 * @returns {Promise<ImageBitmap>} a copy of the size that is analysed
 */
export function copyForAnalysis(frame) {
  const { width, height } = frame;
  return Math.max(width, height) <= LONGEST_SIDE ? createImageBitmap(frame) : scaled(frame, fitted(width, height, LONGEST_SIDE));
}

/** @param {HTMLVideoElement} video @returns {boolean} whether it shows a frame: on its way to another place it may have none */
export function hasFrame(video) {
  return !video.seeking && video.readyState >= video.HAVE_CURRENT_DATA;
}

/**
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 * @returns {Promise<void>} when the video shows a new frame and stays where it is
 */
function nextFrame(video, signal) {
  return new Promise((resolve) => {
    const before = video.currentTime;
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    const doneOnceThere = () => {
      if (video.seeking) video.addEventListener("seeked", doneOnceThere, { once: true, signal });
      else done();
    };
    const look = () => {
      if (signal.aborted || video.currentTime !== before) doneOnceThere();
      else requestAnimationFrame(look);
    };
    if (signal.aborted) return done();
    signal.addEventListener("abort", done);
    // Where it goes there is a new frame.
    if (video.seeking) doneOnceThere();
    // Older browsers do not tell of a video's frames; its time will do.
    else if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(doneOnceThere);
    else requestAnimationFrame(look);
  });
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<void>} when the page can be seen
 */
function visible(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}
