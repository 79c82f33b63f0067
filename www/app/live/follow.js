// Camera and video: frame after frame is analysed, and what is said about them is kept steady.

import { copyForAnalysis, followFrames, hasFrame } from "../input/frames.js";

/** Longer between an answer and the next frame, nothing was being done. */
const LONGEST_REST_MS = 1000;

/** @typedef {import("../engine/messages.js").Analysis} Analysis */
/**
 * @typedef {object} Answer
 * @property {Analysis} analysis steady
 * @property {ImageBitmap} frame what it is about, in full size; whoever is told has to close it
 * @property {number} ms when the frame was taken
 * @property {number} videoSeconds where the video was
 * @property {number} perSecond frames answered in a second
 */

/**
 * @param {object} parts
 * @param {HTMLVideoElement} parts.video
 * @param {import("../views/stage.js").Stage} parts.stage
 * @param {import("../engine/turns.js").Turns} parts.turns
 * @param {import("./steady.js").Steady} parts.steady
 * @param {(answer: Answer) => void} onAnswer
 * @param {AbortSignal} signal ends it
 */
export async function followLive({ video, stage, turns, steady }, onAnswer, signal) {
  let last = -Infinity;
  let interval = 0;
  const onFrame = async () => {
    /** @type {ImageBitmap | undefined} */
    let frame;
    let ms = 0;
    let videoSeconds = 0;
    let lacksFrame = false;
    try {
      const analysis = await turns.next(async () => {
        ms = performance.now();
        lacksFrame = false;
        videoSeconds = video.currentTime;
        // Taken again when the GPU was lost over the last one.
        frame?.close();
        frame = await stage.takeFrame().catch((error) => {
          lacksFrame = !hasFrame(video);
          throw error;
        });
        return copyForAnalysis(frame);
      }, true);
      if (!analysis || !frame || signal.aborted) return;
      const now = performance.now();
      // After a rest (loading, a pause, a hidden page) only the frame's own time counts.
      const step = now - (ms - last < LONGEST_REST_MS ? last : ms);
      // A running mean: single intervals jump too much to be read.
      interval = interval ? interval * 0.8 + step * 0.2 : step;
      last = now;
      const answered = frame;
      frame = undefined;
      onAnswer({ analysis: steady.next(analysis, ms), frame: answered, ms, videoSeconds, perSecond: 1000 / interval });
    } catch (error) {
      // A video that is on its way to another place has its next frame there.
      if (!lacksFrame) throw error;
    } finally {
      frame?.close();
    }
  };
  await followFrames(video, onFrame, signal);
}
