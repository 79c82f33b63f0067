// Starts the engine: the label path first, then the attention arm, each with its progress. A GPU that the browser takes away is asked for
// once more; after that the CPU goes on.

import { Failure } from "../failure.js";
import { EngineBridge } from "./bridge.js";

/** @typedef {import("./messages.js").Backend} Backend */
/** @typedef {import("./messages.js").EngineFacts} EngineFacts */
/** @typedef {import("./messages.js").Progress} Progress */
/**
 * @typedef {object} Told what the page is told while the engine starts
 * @property {(progress: Progress) => void} onProgress
 * @property {(facts: EngineFacts) => void} onReady labels can be given; said again after the GPU was lost
 * @property {(centres: import("./messages.js").Centres) => void} onAttention weights can be given
 * @property {(failure: Failure) => void} onAttentionFailed
 * @property {(next: "again" | "cpu") => void} onLost the GPU is gone: it is asked for again, or the CPU takes its place
 * @property {(failure: Failure) => void} onFailed
 */

/** Failures of a GPU that is asked for again after it was lost: the CPU takes its place. */
const NO_GPU = ["device-lost", "webgpu-unavailable"];

export class Engine {
  #weights;
  #asked;
  #told;
  /** @type {EngineBridge | undefined} */
  #bridge;
  #losses = 0;

  /**
   * @param {Pick<import("../parameters.js").Parameters, "weights" | "backend">} parameters
   * @param {Told} told
   */
  constructor({ weights, backend }, told) {
    this.#weights = weights;
    this.#asked = backend;
    this.#told = told;
    /** @type {Promise<EngineFacts>} of the engine that is there now, or on its way */
    this.ready = this.#start(backend);
    // Whoever asks is told; that nobody has asked yet is no error.
    this.ready.catch(() => {});
  }

  /** @param {Backend} backend @returns {Promise<EngineFacts>} */
  async #start(backend) {
    const bridge = new EngineBridge(this.#told.onFailed);
    this.#bridge = bridge;
    try {
      const facts = await bridge.create(this.#weights, backend, this.#told.onProgress);
      this.#told.onReady(facts);
      this.loadAttention();
      return facts;
    } catch (error) {
      const failure = Failure.from(error);
      if (this.#losses > 0 && backend !== "cpu" && NO_GPU.includes(failure.code)) return this.#restart("cpu");
      // A panic is told by itself.
      if (failure.code !== "panic") this.#told.onFailed(failure);
      throw failure;
    }
  }

  async loadAttention() {
    const bridge = this.#bridge;
    if (!bridge) return;
    try {
      this.#told.onAttention(await bridge.loadAttention(this.#told.onProgress));
    } catch (error) {
      const failure = Failure.from(error);
      // A panic is told by itself; here it would be told as if labels still worked. What is let go has nothing to tell.
      if (failure.code === "panic" || bridge !== this.#bridge) return;
      this.#told.onAttentionFailed(new Failure("attention-failed", failure.detail, failure.kind, failure.subject));
    }
  }

  /**
   * @param {ImageBitmap} bitmap handed over
   * @param {boolean} isLive whether it follows the one before
   * @returns {Promise<import("./messages.js").Analysis>}
   * @throws {Failure} device-lost: `ready` is that of the next engine, which can be asked instead
   */
  async analyse(bitmap, isLive) {
    await this.ready;
    const bridge = /** @type {EngineBridge} */ (this.#bridge);
    try {
      return await bridge.analyse(bitmap, isLive);
    } catch (error) {
      const failure = Failure.from(error);
      if (failure.code === "device-lost" && bridge === this.#bridge) {
        this.#losses += 1;
        this.ready = this.#restart(this.#losses > 1 ? "cpu" : this.#asked);
        this.ready.catch(() => {});
      }
      throw failure;
    }
  }

  /** In a new worker: a program has one GPU device in its life. @param {Backend} backend */
  #restart(backend) {
    this.#bridge?.end();
    this.#told.onLost(backend === "cpu" ? "cpu" : "again");
    return this.#start(backend);
  }
}
