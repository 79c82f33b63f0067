// Starts the engine: the label path first, then the attention arm, each with its progress. When the browser takes the GPU away, the CPU
// answers at once; meanwhile the GPU is asked for once more, and takes over when it is there. A program that stops as it starts on what
// it chose by itself is started again on the CPU.

import { Failure } from "../failure.js";
import { EngineBridge } from "./bridge.js";

/** @typedef {import("./messages.js").Backend} Backend */
/** @typedef {import("./messages.js").EngineFacts} EngineFacts */
/** @typedef {import("./messages.js").Progress} Progress */
/**
 * @typedef {object} Told what the page is told while the engine starts
 * @property {(progress: Progress) => void} onProgress
 * @property {(facts: EngineFacts) => void} onReady labels can be given; said again whenever another engine takes over
 * @property {(centres: import("./messages.js").Centres) => void} onAttention weights can be given; said again like that
 * @property {(failure: Failure) => void} onAttentionFailed
 * @property {() => void} onLost nothing can be given until the next `onReady`: the GPU is gone
 * @property {(gpu: "asked-again" | "back" | "gone") => void} onGpu what becomes of a GPU that was lost; gone: the CPU stays
 * @property {(failure: Failure) => void} onFailed
 */

/** Why the CPU computes where nobody asked for it: the engine there knows only that it was asked. */
const GPU_FAILED = { backendReason: "The GPU failed: the CPU took its place.", backendReasonCode: "device-failed" };

export class Engine {
  #weights;
  #asked;
  #told;
  /** @type {EngineBridge | undefined} the one that answers; until it can, what goes wrong is the start's to tell */
  #bridge;
  /** @type {Promise<void>} over when the last attempt to load the attention arm is */
  #attention = Promise.resolve();
  /** @type {Promise<unknown>} over when the last analysis is */
  #answering = Promise.resolve();
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

  /**
   * @param {Backend} backend
   * @param {Partial<EngineFacts>} [instead] of what the engine says of itself
   * @returns {Promise<EngineFacts>}
   */
  async #start(backend, instead) {
    const bridge = this.#newBridge();
    try {
      const facts = { ...(await bridge.create(this.#weights, backend, this.#told.onProgress)), ...instead };
      this.#bridge = bridge;
      this.#told.onReady(facts);
      this.loadAttention();
      return facts;
    } catch (error) {
      const failure = Failure.from(error);
      // The other program has the CPU alone: it would stop again.
      const chosenGpu = backend === "auto" && failure.subject === "dacl";
      if (failure.code === "panic" && chosenGpu) return this.#start("cpu", GPU_FAILED);
      this.#told.onFailed(failure);
      throw failure;
    }
  }

  /** In a worker of its own: a program has one GPU device in its life. */
  #newBridge() {
    /** @type {EngineBridge} */
    const bridge = new EngineBridge((failure) => {
      if (bridge === this.#bridge) this.#told.onFailed(failure);
    });
    return bridge;
  }

  loadAttention() {
    this.#attention = this.#loadAttention();
    return this.#attention;
  }

  async #loadAttention() {
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
    const answer = bridge.analyse(bitmap, isLive);
    this.#answering = answer.catch(() => {});
    try {
      return await answer;
    } catch (error) {
      const failure = Failure.from(error);
      if (failure.code === "device-lost" && bridge === this.#bridge) {
        this.ready = this.#goOnWithoutGpu();
        this.ready.catch(() => {});
      }
      throw failure;
    }
  }

  async #goOnWithoutGpu() {
    this.#losses += 1;
    const isFirst = this.#losses === 1;
    this.#bridge?.end();
    this.#bridge = undefined;
    this.#told.onLost();
    this.#told.onGpu(isFirst ? "asked-again" : "gone");
    const facts = await this.#start("cpu", GPU_FAILED);
    // One that went twice would go on doing so.
    if (isFirst) this.#bringGpuBack();
    return facts;
  }

  /** The CPU goes on answering until the GPU has everything, and stays if it does not come. */
  async #bringGpuBack() {
    await this.#attention;
    const bridge = this.#newBridge();
    try {
      const facts = await bridge.create(this.#weights, this.#asked, () => {});
      if (facts.backend === "cpu") throw new Failure("webgpu-unavailable");
      const centres = await bridge.loadAttention(() => {});
      const [before, answering] = [this.#bridge, this.#answering];
      this.#bridge = bridge;
      this.ready = Promise.resolve(facts);
      this.#told.onReady(facts);
      this.#told.onAttention(centres);
      this.#told.onGpu("back");
      await answering;
      before?.end();
    } catch {
      bridge.end();
      this.#told.onGpu("gone");
    }
  }
}
