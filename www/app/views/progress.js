// What is being loaded, in bytes. It takes no room any more once everything is there.

import { progressText } from "../texts.js";

/** @typedef {import("../engine/messages.js").Progress} Progress */

export class LoadingProgress {
  #container;
  #text;
  #bar;

  /** @param {{ container: HTMLElement, text: HTMLElement, bar: HTMLProgressElement }} elements */
  constructor({ container, text, bar }) {
    this.#container = container;
    this.#text = text;
    this.#bar = bar;
  }

  /** @param {Progress} progress */
  show(progress) {
    this.#container.hidden = false;
    this.#text.textContent = progressText(progress);
    if (progress.total > 0) {
      this.#bar.max = progress.total;
      this.#bar.value = Math.min(progress.loaded, progress.total);
    } else {
      this.#bar.removeAttribute("value");
    }
  }

  hide() {
    this.#container.hidden = true;
  }
}
