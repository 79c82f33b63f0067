// Measures the engine as the page uses it, in a worker of its own: cold start, first answer, steady answers at batch 1.

import { EngineBridge } from "../engine/bridge.js";
import { Times } from "../times.js";

/** Answers before the steady ones: until then browsers still compile and clocks still rise. */
const WARM_UPS = 10;
/** Answers that median and p90 are taken of. */
const RUNS = 30;

/** @typedef {import("../engine/messages.js").Progress} Progress */
/**
 * @typedef {object} Measured
 * @property {import("../engine/messages.js").EngineFacts} facts
 * @property {import("../engine/messages.js").Backend} asked
 * @property {number} readyMs from nothing until labels can be given
 * @property {Record<string, number>} stagesMs what that was spent on
 * @property {import("../times.js").PartTimes} first the first answer: a label, before the attention arm is there
 * @property {Times} steady with attention weights
 * @property {number} warmUps answers between first and steady that are not counted
 * @property {{ name: string, width: number, height: number, faces: number }} picture
 * @property {number | undefined} memoryBytes of the program; what it has on the GPU is not known
 */

/**
 * @param {{ weights: string, backend: import("../engine/messages.js").Backend }} engine
 * @param {{ name: string, bitmap: ImageBitmap }} picture
 * @param {{ onProgress: (progress: Progress) => void, onRun: (done: number, all: number) => void }} told
 * @returns {Promise<Measured>}
 */
export async function measure({ weights, backend }, { name, bitmap }, { onProgress, onRun }) {
  // What goes wrong rejects the request that waits for it.
  const bridge = new EngineBridge(() => {});
  const analyse = async () => bridge.analyse(await createImageBitmap(bitmap), false);
  try {
    const stages = new Stages();
    const facts = await bridge.create(weights, backend, (progress) => {
      stages.enter(progress.stage);
      onProgress(progress);
    });
    const { readyMs, stagesMs } = stages.end();
    const first = await analyse();
    await bridge.loadAttention(onProgress);
    const steady = new Times();
    let last = first;
    for (let run = 1 - WARM_UPS; run <= RUNS; run += 1) {
      last = await analyse();
      if (run > 0) steady.add(last);
      onRun(WARM_UPS + run, WARM_UPS + RUNS);
    }
    const picture = { name, width: bitmap.width, height: bitmap.height, faces: last.faces.length };
    return { facts, asked: backend, readyMs, stagesMs, first, steady, warmUps: WARM_UPS, picture, memoryBytes: last.memoryBytes };
  } finally {
    bridge.end();
  }
}

/** The time that each stage of loading takes, from its first word to the next one's. */
class Stages {
  #start = performance.now();
  #since = this.#start;
  #stage = "";
  /** @type {Record<string, number>} */
  #stagesMs = {};

  /** @param {string} stage */
  enter(stage) {
    if (stage === this.#stage) return;
    this.#leave();
    this.#stage = stage;
  }

  end() {
    this.#leave();
    return { readyMs: this.#since - this.#start, stagesMs: this.#stagesMs };
  }

  #leave() {
    const now = performance.now();
    // Before the first word the worker is started.
    const stage = this.#stage || "worker";
    this.#stagesMs[stage] = (this.#stagesMs[stage] ?? 0) + now - this.#since;
    this.#since = now;
  }
}
