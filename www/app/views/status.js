// How it runs: back end, adapter, milliseconds, and why this back end.

import { texts } from "../texts.js";
import { make } from "./elements.js";

/** What the back ends are called in every language. */
export const BACK_ENDS = { webgpu: "WebGPU", cpu: "CPU" };

/** @typedef {import("../engine/messages.js").EngineFacts} EngineFacts */
/** @typedef {import("../engine/messages.js").Analysis} Analysis */

export class Status {
  #list;
  #reason;
  #times;
  /** @type {Map<string, HTMLElement>} */
  #values = new Map();

  /** @param {{ list: HTMLElement, reason: HTMLElement, times: import("./times.js").TimesView }} elements */
  constructor({ list, reason, times }) {
    this.#list = list;
    this.#reason = reason;
    this.#times = times;
    this.#set("backend", texts.status.backend, texts.status.loading);
  }

  /** @param {EngineFacts} facts */
  showEngine({ backend, adapter, backendReason, backendReasonCode }) {
    this.#set("backend", texts.status.backend, BACK_ENDS[backend]);
    if (adapter) this.#set("adapter", texts.status.adapter, adapter);
    const reasons = /** @type {Record<string, string>} */ (texts.status.reasons);
    this.#reason.textContent = reasons[backendReasonCode] ?? backendReason;
  }

  /** @param {import("../offline.js").State} state whether the page opens without a network */
  showOffline(state) {
    this.#set("offline", texts.status.offline, texts.status[state]);
  }

  showFailure() {
    this.#set("backend", texts.status.backend, texts.status.failed);
  }

  /**
   * @param {Analysis} analysis
   * @param {number | undefined} perSecond pictures answered in a second, while the camera runs
   */
  showTimes(analysis, perSecond) {
    const { findMs, cropMs, networkMs, totalMs } = analysis;
    this.#times.add(analysis);
    this.#set("find", texts.times.findMs, texts.formats.milliseconds(findMs));
    this.#set("crop", texts.times.cropMs, texts.formats.milliseconds(cropMs));
    this.#set("network", texts.times.networkMs, texts.formats.milliseconds(networkMs));
    this.#set("total", texts.times.totalMs, texts.formats.milliseconds(totalMs));
    if (perSecond === undefined) this.#remove("rate");
    else this.#set("rate", texts.status.rate, texts.status.pace(perSecond));
  }

  /** @param {string} key @param {string} name @param {string} value */
  #set(key, name, value) {
    let shown = this.#values.get(key);
    if (!shown) {
      const entry = make("div", "status__entry");
      shown = make("dd");
      shown.id = `status-${key}`;
      entry.append(make("dt", "", name), shown);
      this.#list.append(entry);
      this.#values.set(key, shown);
    }
    shown.textContent = value;
  }

  /** @param {string} key */
  #remove(key) {
    this.#values.get(key)?.parentElement?.remove();
    this.#values.delete(key);
  }
}
