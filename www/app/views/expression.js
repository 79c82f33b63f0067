// One face's expression: the label with its uncertainty, and a bar for each class. The order of the bars never changes,
// so that nothing jumps while the camera runs.

import { certaintyOf } from "../certainty.js";
import { ranked } from "../ranking.js";
import { texts } from "../texts.js";
import { make } from "./elements.js";

/** @typedef {{ label: string, note: string }} Words */
/** @typedef {{ row: HTMLElement, fill: HTMLElement, value: HTMLElement }} Bar */

export class ExpressionView {
  #elements;
  /** @type {string[]} */
  #classes = [];
  /** @type {Bar[]} */
  #bars = [];

  /** @param {{ headline: HTMLElement, kicker: HTMLElement, label: HTMLElement, note: HTMLElement, bars: HTMLElement }} elements */
  constructor(elements) {
    this.#elements = elements;
  }

  /** @param {string[]} classes in words, in the order of the probabilities */
  setClasses(classes) {
    this.#classes = classes;
    this.#bars = classes.map((name) => {
      const row = make("li", "bar");
      const track = make("span", "bar__track");
      const fill = make("span", "bar__fill");
      const value = make("span", "bar__value", "–");
      track.setAttribute("aria-hidden", "true");
      track.append(fill);
      row.append(make("span", "bar__name", name), track, value);
      return { row, fill, value };
    });
    this.#elements.bars.replaceChildren(...this.#bars.map(({ row }) => row));
  }

  /**
   * @param {import("../engine/messages.js").Face} face
   * @returns {Words} what was shown
   */
  show(face) {
    const { probabilities } = face;
    const [first, second] = ranked(face);
    const certainty = certaintyOf(probabilities[first]);
    const note =
      certainty === "beyond"
        ? texts.certainty.beyond
        : texts.certainty[certainty](probabilities[first], this.#classes[second], probabilities[second]);
    const label = texts.formats.capitalised(this.#classes[first]);
    this.#write(texts.headline.kicker, { label, note }, certainty);
    this.#bars.forEach(({ row, fill, value }, index) => {
      fill.style.setProperty("--share", probabilities[index].toFixed(4));
      value.textContent = texts.formats.percent(probabilities[index]);
      row.toggleAttribute("data-first", index === first);
    });
    return { label, note };
  }

  /** @param {Words} words instead of a result */
  showWords(words) {
    this.#write("", words, "none");
    for (const { row, fill, value } of this.#bars) {
      fill.style.setProperty("--share", "0");
      value.textContent = "–";
      row.removeAttribute("data-first");
    }
  }

  /** @param {string} kicker @param {Words} words @param {string} certain */
  #write(kicker, { label, note }, certain) {
    const { headline } = this.#elements;
    headline.dataset.certainty = certain;
    this.#elements.kicker.textContent = kicker;
    this.#elements.label.textContent = label;
    this.#elements.note.textContent = note;
  }
}
