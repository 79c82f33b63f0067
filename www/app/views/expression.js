// One face's expression: the label with its uncertainty, and a bar for each class. The order of the bars never changes,
// so that nothing jumps while the camera runs.

import { certaintyOf } from "../certainty.js";
import { ranked } from "../ranking.js";
import { texts } from "../texts.js";
import { make } from "./elements.js";

/** @typedef {{ label: string, note: string }} Words */
/** @typedef {Words & { kicker: string }} Told */
/** @typedef {{ row: HTMLElement, fill: HTMLElement, value: HTMLElement }} Bar */

export class ExpressionView {
  #elements;
  /** @type {string[]} */
  #classes = [];
  /** @type {Bar[]} */
  #bars = [];

  /** @type {import("../doubt.js").Limits} */
  #limits = { notSureBelow: 0, unlikeBeyond: Infinity };

  /** @param {{ headline: HTMLElement, kicker: HTMLElement, label: HTMLElement, note: HTMLElement, bars: HTMLElement }} elements */
  constructor(elements) {
    this.#elements = elements;
  }

  /** @param {string[]} classes in words, in the order of the probabilities */
  setClasses(classes) {
    // Another engine that names them alike: what is shown stays.
    if (classes.join() === this.#classes.join()) return;
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

  /** @param {import("../doubt.js").Limits} limits told where an answer is not sure */
  setLimits(limits) {
    this.#limits = limits;
  }

  /**
   * @param {import("../engine/messages.js").Face} face
   * @returns {Told} what was shown
   */
  show(face) {
    const { probabilities, doubts = [] } = face;
    const [first] = ranked(face);
    const isGuess = doubts.length > 0;
    const certainty = isGuess ? "unsure" : certaintyOf(probabilities[first]);
    const kicker = isGuess ? texts.headline.guess : texts.headline.kicker;
    const note = isGuess ? this.#doubtsInWords(face) : this.#certaintyInWords(face);
    const label = texts.formats.capitalised(this.#classes[first]);
    this.#write(kicker, { label, note }, certainty);
    this.#bars.forEach(({ row, fill, value }, index) => {
      fill.style.setProperty("--share", probabilities[index].toFixed(4));
      value.textContent = texts.formats.probability(probabilities[index]);
      row.toggleAttribute("data-first", index === first);
    });
    return { kicker, label, note };
  }

  /** @param {import("../engine/messages.js").Face} face */
  #certaintyInWords(face) {
    const { probabilities } = face;
    const [first, second] = ranked(face);
    const certainty = certaintyOf(probabilities[first]);
    if (certainty !== "likely") return texts.certainty[certainty](probabilities[first]);
    return texts.certainty.likely(probabilities[first], this.#classes[second], probabilities[second]);
  }

  /** Which of the reasons it is, or that it is both. @param {import("../engine/messages.js").Face} face */
  #doubtsInWords(face) {
    const { probabilities, distances, doubts = [] } = face;
    const [first, second] = ranked(face);
    const { notSureBelow, unlikeBeyond } = this.#limits;
    const reasons = {
      probability: () =>
        texts.doubts.probability(probabilities[first], notSureBelow, this.#classes[second], probabilities[second]),
      distance: () => texts.doubts.distance(this.#classes[first], distances?.[first] ?? 0, unlikeBeyond),
    };
    return doubts.map((doubt) => reasons[doubt]()).join(" ");
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
