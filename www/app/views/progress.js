// What is being loaded, in bytes. It takes no room any more once everything is there.

import { texts } from "../texts.js";

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
    this.#text.textContent = progressWords(progress);
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

/** @param {Progress} progress */
export function progressWords({ stage, loaded, total }) {
  const what = texts.loading[stage];
  // The others are small, or not counted in bytes.
  if (stage !== "program" && stage !== "labels" && stage !== "attention") return what;
  return total ? texts.loading.bytesOf(what, loaded, total) : texts.loading.bytes(what, loaded);
}
