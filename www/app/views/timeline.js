// The probabilities of the last minute: a row for each class, so that nothing has to be told apart by colour. Where a class was
// surely named, its row is drawn in the strong colour; where it was no more than a guess, with a strong edge.

import { GAP_MS, SPAN_MS } from "../live/history.js";
import { texts } from "../texts.js";
import { heading, make } from "./elements.js";
import { atMostEvery } from "./pace.js";

/** The words and numbers change this often at most: more often they could not be read. */
const WORDS_MS = 1000;

/** @typedef {import("../live/history.js").History} History */
/** @typedef {import("../live/history.js").Moment} Moment */
/**
 * @typedef {object} Elements
 * @property {HTMLElement} section
 * @property {HTMLElement} names
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} words
 * @property {HTMLDetailsElement} numbers
 * @property {HTMLTableElement} table
 */

export class TimelineView {
  #elements;
  /** @type {string[]} */
  #classes = [];
  /** @type {History | undefined} */
  #history;
  #isDrawingSoon = false;
  #words = atMostEvery(WORDS_MS, () => this.#write());

  /** @param {Elements} elements */
  constructor(elements) {
    this.#elements = elements;
    const { canvas, numbers } = elements;
    canvas.setAttribute("aria-label", texts.timeline.label);
    new ResizeObserver(() => this.#drawSoon()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawSoon());
    numbers.addEventListener("toggle", () => this.#fillTable());
  }

  /** @param {string[]} classes in words */
  setClasses(classes) {
    this.#classes = classes;
    this.#elements.names.replaceChildren(...classes.map((name) => make("li", "", name)));
  }

  /** @param {History | undefined} history of the face that is shown; undefined while none is: the last one stays */
  show(history) {
    this.#elements.section.hidden = false;
    const isOther = history && history !== this.#history;
    this.#history = history ?? this.#history;
    this.#drawSoon();
    if (isOther) this.#words.now();
    else this.#words.soon();
  }

  hide() {
    this.#elements.section.hidden = true;
    this.#history = undefined;
  }

  #write() {
    const { words } = this.#elements;
    words.textContent = this.#history ? inWords(this.#classes, this.#history.summary()) : texts.timeline.empty;
    this.#fillTable();
  }

  /** Once for each frame of the screen, however often it is asked for. */
  #drawSoon() {
    if (this.#isDrawingSoon) return;
    this.#isDrawingSoon = true;
    requestAnimationFrame(() => {
      this.#isDrawingSoon = false;
      this.#draw();
    });
  }

  #draw() {
    const { canvas } = this.#elements;
    const context = canvas.getContext("2d");
    if (!context || !canvas.clientWidth) return;
    canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    const style = getComputedStyle(canvas);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name);
    const row = canvas.height / Math.max(1, this.#classes.length);
    const line = Math.max(1, Math.round(devicePixelRatio));
    this.#classes.forEach((_, index) => {
      const floor = Math.round((index + 1) * row) - line;
      context.fillStyle = colour("--line");
      context.fillRect(0, floor, canvas.width, line);
      this.#drawRow(context, index, floor, row - 3 * line, colour);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} index of the class
   * @param {number} floor where its probability 0 is
   * @param {number} height of its probability 1
   * @param {(name: string) => string} colour
   */
  #drawRow(context, index, floor, height, colour) {
    const moments = this.#history?.moments ?? [];
    const end = this.#history?.newestMs ?? 0;
    const { width } = context.canvas;
    const x = (/** @type {number} */ ms) => width * (1 - (end - ms) / SPAN_MS);
    moments.forEach((moment, at) => {
      const next = moments[at + 1];
      if (!next || next.ms - moment.ms > GAP_MS) return;
      const isNamed = moment.named === index;
      const top = height * moment.probabilities[index];
      // Half a pixel more, or the ground would shine through between neighbours.
      const wide = x(next.ms) - x(moment.ms) + 0.5;
      context.fillStyle = colour(isNamed && moment.isSure ? "--accent" : "--bar");
      context.fillRect(x(moment.ms), floor - top, wide, top);
      if (!isNamed || moment.isSure) return;
      context.fillStyle = colour("--accent");
      context.fillRect(x(moment.ms), floor - top, wide, Math.min(top, 2 * devicePixelRatio));
    });
  }

  #fillTable() {
    const { numbers, table } = this.#elements;
    if (!numbers.open) return;
    if (!this.#history) return table.replaceChildren();
    const head = make("tr");
    const { expression, named: namedShare, mean: meanShare, highest } = texts.timeline;
    head.append(...[expression, namedShare, meanShare, highest].map((name) => heading("col", name)));
    const { percent, probability } = texts.formats;
    const { classes, unsure } = this.#history.summary();
    const rows = classes.map(({ named, mean, most }, index) => {
      const entry = make("tr");
      const shares = [percent(named), probability(mean), probability(most)];
      entry.append(heading("row", this.#classes[index]), ...shares.map((share) => make("td", "", share)));
      return entry;
    });
    const guesses = make("tr");
    guesses.append(heading("row", texts.timeline.unsure), make("td", "", percent(unsure)), make("td"), make("td"));
    table.replaceChildren(head, ...rows, guesses);
  }
}

/**
 * The timeline in words.
 * @param {string[]} classes
 * @param {import("../live/history.js").Summary} summary
 */
function inWords(classes, { seconds, changes, unsure, classes: shares }) {
  if (seconds < 1) return texts.timeline.empty;
  const named = shares.map(({ named: share }, index) => ({ share, name: classes[index] }));
  const told = [...named, { share: unsure, name: texts.timeline.unsure }].filter(({ share }) => share >= 0.005);
  told.sort((one, other) => other.share - one.share);
  const list = told.map(({ name, share }) => texts.timeline.share(name, share)).join(", ");
  return texts.timeline.words(Math.round(seconds), list, changes);
}
