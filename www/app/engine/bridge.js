// The page's side of the worker: a promise for each request, and one analysis in flight.

import { Failure } from "../failure.js";

/** @typedef {import("./messages.js").Progress} Progress */
/** @typedef {import("./messages.js").Answer} Answer */
/** @typedef {import("./messages.js").Analysis} Analysis */
/** @typedef {import("./messages.js").EngineFacts} EngineFacts */
/** @typedef {{ resolve: (value: any) => void, reject: (error: Failure) => void, onProgress?: (progress: Progress) => void }} Pending */

export class EngineBridge {
  /** @type {Worker} */
  #worker;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  /** @type {Failure | undefined} why the worker answers no more */
  #dead;
  #onPanic;

  /** @param {(failure: Failure) => void} onPanic told once, when the worker will not answer any more */
  constructor(onPanic) {
    this.#onPanic = onPanic;
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "dacl" });
    this.#worker.addEventListener("message", ({ data }) => this.#receive(data));
    this.#worker.addEventListener("messageerror", () => this.#die(new Failure("panic", "a message was unreadable")));
    // Only a worker that could not be loaded ends here: it reports its own errors as messages.
    this.#worker.addEventListener("error", (event) => this.#die(new Failure("program-missing", event.message ?? "")));
  }

  /**
   * @param {string} weights URL of the folder
   * @param {import("./messages.js").Backend} backend
   * @param {(progress: Progress) => void} onProgress
   * @returns {Promise<EngineFacts>} when a label can be given
   */
  create(weights, backend, onProgress) {
    return this.#ask({ type: "create", weights, backend }, [], onProgress);
  }

  /**
   * @param {(progress: Progress) => void} onProgress
   * @returns {Promise<import("./messages.js").Centres>} when analyses carry attention weights
   */
  loadAttention(onProgress) {
    return this.#ask({ type: "loadAttention" }, [], onProgress);
  }

  /**
   * @param {ImageBitmap} bitmap handed over to the worker
   * @param {boolean} isLive whether it follows the one before, as in a video: its faces need not be searched for each time
   * @returns {Promise<Analysis>}
   */
  analyse(bitmap, isLive) {
    return this.#ask({ type: "analyse", bitmap, isLive }, [bitmap]);
  }

  /** Lets the worker go, with all that it holds. */
  end() {
    this.#let(new Failure("unexpected", "the engine was let go"));
  }

  /**
   * @param {object} request
   * @param {Transferable[]} transfer
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<any>}
   */
  #ask(request, transfer, onProgress) {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, ...request }, transfer);
    });
  }

  /** @param {Answer} answer */
  #receive(answer) {
    if (answer.type === "panic") {
      this.#die(new Failure("panic", answer.message, "", answer.program));
      return;
    }
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    if (answer.type === "progress") {
      pending.onProgress?.(answer.progress);
      return;
    }
    this.#pending.delete(answer.id);
    if (answer.type === "done") pending.resolve(answer.value);
    else {
      const { code, message, kind, subject } = answer.failure;
      pending.reject(new Failure(code, message, kind, subject));
    }
  }

  /** @param {Failure} failure */
  #die(failure) {
    if (this.#dead) return;
    this.#let(failure);
    this.#onPanic(failure);
  }

  /** @param {Failure} failure why it answers no more */
  #let(failure) {
    this.#dead ??= failure;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
  }
}
