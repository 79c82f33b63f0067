// The strip of sample pictures.

import { expressionName, texts } from "../texts.js";
import { make } from "./elements.js";

/** @typedef {import("../input/samples.js").Sample} Sample */

export class SamplesStrip {
  #section;
  #list;
  #onChoose;

  /**
   * @param {{ section: HTMLElement, list: HTMLElement }} elements
   * @param {(sample: Sample) => void} onChoose
   */
  constructor({ section, list }, onChoose) {
    this.#section = section;
    this.#list = list;
    this.#onChoose = onChoose;
  }

  /** @param {Sample[]} samples */
  show(samples) {
    this.#section.hidden = samples.length === 0;
    this.#list.replaceChildren(
      ...samples.map((sample) => {
        const button = make("button", "sample");
        button.type = "button";
        button.dataset.file = sample.file;
        button.setAttribute("aria-pressed", "false");
        button.setAttribute("aria-label", texts.stage.sample(expressionName(sample.label)));
        const picture = make("img", "sample__picture");
        picture.src = sample.url;
        picture.alt = "";
        picture.loading = "lazy";
        picture.decoding = "async";
        button.append(picture, make("span", "sample__label", texts.formats.capitalised(expressionName(sample.label))));
        button.addEventListener("click", () => this.#onChoose(sample));
        const entry = make("li");
        entry.append(button);
        return entry;
      }),
    );
  }

  /** @param {Sample | undefined} chosen the one on the stage, if it is one */
  mark(chosen) {
    for (const button of this.#list.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.file === chosen?.file));
    }
  }
}
