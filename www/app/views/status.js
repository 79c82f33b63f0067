// How it runs: back end, adapter, milliseconds, and why this back end.

import { milliseconds, STATUS } from "../texts.js";
import { make } from "./elements.js";

/** @typedef {import("../engine/messages.js").EngineFacts} EngineFacts */
/** @typedef {import("../engine/messages.js").Analysis} Analysis */

export class Status {
  #list;
  #reason;
  /** @type {Map<string, HTMLElement>} */
  #values = new Map();

  /** @param {{ list: HTMLElement, reason: HTMLElement }} elements */
  constructor({ list, reason }) {
    this.#list = list;
    this.#reason = reason;
    this.#set("backend", STATUS.backend, STATUS.loading);
  }

  /** @param {EngineFacts} facts */
  showEngine({ backend, adapter, backendReason }) {
    this.#set("backend", STATUS.backend, STATUS.names[backend]);
    if (adapter) this.#set("adapter", STATUS.adapter, adapter);
    this.#reason.textContent = backendReason;
  }

  showFailure() {
    this.#set("backend", STATUS.backend, STATUS.failed);
  }

  /**
   * @param {Analysis} analysis
   * @param {number | undefined} perSecond pictures answered in a second, while the camera runs
   */
  showTimes({ findMs, cropMs, networkMs, totalMs }, perSecond) {
    this.#set("find", STATUS.find, milliseconds(findMs));
    this.#set("crop", STATUS.crop, milliseconds(cropMs));
    this.#set("network", STATUS.network, milliseconds(networkMs));
    this.#set("total", STATUS.total, milliseconds(totalMs));
    if (perSecond === undefined) this.#remove("rate");
    else this.#set("rate", STATUS.rate, STATUS.pace(perSecond));
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
