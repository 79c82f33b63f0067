// How long the analyses of this visit took: now, first, median and p90 of each part, and the program's memory.

import { texts } from "../texts.js";
import { PARTS, Times } from "../times.js";
import { heading, make } from "./elements.js";
import { atMostEvery } from "./pace.js";

/** The table changes this often at most: more often it could not be read. */
const TABLE_MS = 1000;

/** @typedef {import("../engine/messages.js").Analysis} Analysis */

export class TimesView {
  #elements;
  #times = new Times();
  /** @type {Analysis | undefined} */
  #newest;
  #pace = atMostEvery(TABLE_MS, () => this.#write());

  /** @param {{ details: HTMLDetailsElement, table: HTMLTableElement, note: HTMLElement }} elements */
  constructor(elements) {
    this.#elements = elements;
    elements.details.addEventListener("toggle", () => this.#write());
  }

  /** @param {Analysis} analysis */
  add(analysis) {
    this.#times.add(analysis);
    this.#newest = analysis;
    this.#elements.details.hidden = false;
    this.#pace.soon();
  }

  #write() {
    const { details, table, note } = this.#elements;
    const newest = this.#newest;
    if (!details.open || !newest) return;
    const { thousandths, megabytes } = texts.formats;
    const { part, now, first, median, p90, memory } = texts.times;
    const head = make("tr");
    head.append(...[part, now, first, median, p90].map((name) => heading("col", name)));
    const rows = PARTS.map((name) => {
      const row = make("tr");
      const summary = this.#times.summary(name);
      const cells = [newest[name], summary.first, summary.median, summary.p90].map((ms) => make("td", "", thousandths(ms)));
      row.append(heading("row", texts.times[name]), ...cells);
      return row;
    });
    table.replaceChildren(head, ...rows);
    const { memoryBytes } = newest;
    const ofMemory = memoryBytes === undefined ? "" : ` ${memory}: ${megabytes(memoryBytes)}.`;
    note.textContent = texts.times.note(this.#times.count, this.#times.searched) + ofMemory;
  }
}
