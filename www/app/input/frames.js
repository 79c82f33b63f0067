// The camera's frames, one at a time: the next is taken only after the last was answered, and none while nobody looks.

import { fitted, scaled } from "./picture.js";

/** Longest side of a frame that is analysed: faces at arm's length stay larger than the network's input. */
const LONGEST_SIDE = 640;

/**
 * Hands over frame after frame until the signal aborts.
 * @param {HTMLVideoElement} video
 * @param {(takeBitmap: () => Promise<ImageBitmap>) => Promise<void>} onFrame resolves when the frame was answered
 * @param {AbortSignal} signal
 */
export async function followFrames(video, onFrame, signal) {
  while (!signal.aborted) {
    await visible(signal);
    await nextFrame(video, signal);
    if (signal.aborted) return;
    await onFrame(() => {
      const size = fitted(video.videoWidth, video.videoHeight, LONGEST_SIDE);
      return size.width === video.videoWidth ? createImageBitmap(video) : scaled(video, size);
    });
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 * @returns {Promise<void>} when the video shows a new frame
 */
function nextFrame(video, signal) {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    if (signal.aborted) return done();
    signal.addEventListener("abort", done);
    // Older browsers do not tell of a video's frames; the screen's will do.
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(done);
    else requestAnimationFrame(done);
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
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look, { once: true });
  });
}
