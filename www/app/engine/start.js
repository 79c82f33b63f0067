// Starts the engine: the label path first, then the attention arm, each with its progress.

import { Failure } from "../failure.js";
import { EngineBridge } from "./bridge.js";

/** @typedef {import("./messages.js").Progress} Progress */
/**
 * @typedef {object} Told what the page is told while the engine starts
 * @property {(progress: Progress) => void} onProgress
 * @property {(facts: import("./messages.js").EngineFacts) => void} onReady labels can be given
 * @property {(centres: import("./messages.js").Centres) => void} onAttention weights can be given
 * @property {(failure: Failure) => void} onAttentionFailed
 * @property {(failure: Failure) => void} onFailed
 */

/**
 * @param {import("../parameters.js").Parameters} parameters
 * @param {Told} told
 */
export function startEngine({ weights, backend }, told) {
  const missing = missingFeatures();
  if (missing.length > 0) {
    const failure = new Failure("browser-unsupported", missing.join(", "));
    told.onFailed(failure);
    return unstarted(failure);
  }

  const bridge = new EngineBridge(told.onFailed);
  const ready = bridge.create(weights, backend, told.onProgress);
  const loadAttention = async () => {
    try {
      told.onAttention(await bridge.loadAttention(told.onProgress));
    } catch (error) {
      const failure = Failure.from(error);
      // A panic is told by itself; here it would be told as if labels still worked.
      if (failure.code !== "panic") told.onAttentionFailed(new Failure("attention-failed", failure.detail));
    }
  };
  ready.then(
    (facts) => {
      told.onReady(facts);
      loadAttention();
    },
    (error) => told.onFailed(Failure.from(error)),
  );
  return { ready, loadAttention, analyse: (/** @type {ImageBitmap} */ bitmap) => bridge.analyse(bitmap) };
}

/** @returns {string[]} what this browser lacks and the page cannot do without */
function missingFeatures() {
  const needed = ["WebAssembly", "Worker", "OffscreenCanvas", "createImageBitmap", "TransformStream"];
  return needed.filter((name) => !(name in globalThis));
}

/** @param {Failure} failure */
function unstarted(failure) {
  const refuse = () => Promise.reject(failure);
  /** @type {Promise<import("./messages.js").EngineFacts>} */
  const ready = refuse();
  // Whoever asks is told; that nobody has asked yet is no error.
  ready.catch(() => {});
  return { ready, loadAttention: refuse, analyse: refuse };
}
