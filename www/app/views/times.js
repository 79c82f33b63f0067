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
  /** @type {number | undefined} */
  #memoryBytes;
  #pace = atMostEvery(TABLE_MS, () => this.#write());

  /** @param {{ details: HTMLDetailsElement, table: HTMLTableElement, note: HTMLElement }} elements */
  constructor(elements) {
    this.#elements = elements;
    elements.details.addEventListener("toggle", () => this.#write());
  }

  /** @param {Analysis} analysis */
  add(analysis) {
    this.#times.add(analysis);
    this.#memoryBytes = analysis.memoryBytes;
    this.#elements.details.hidden = false;
    this.#pace.soon();
  }

  #write() {
    const { details, table, note } = this.#elements;
    const times = this.#times;
    const now = times.last;
    if (!details.open || !now) return;
    const rows = timesTable({
      now: (part) => now[part],
      first: (part) => times.summary(part).first,
      median: (part) => times.summary(part).median,
      p90: (part) => times.summary(part).p90,
    });
    table.replaceChildren(...rows);
    const bytes = this.#memoryBytes;
    const ofMemory = bytes === undefined ? "" : ` ${texts.times.memory}: ${texts.formats.megabytes(bytes)}.`;
    note.textContent = texts.times.note(times.count, times.searched) + ofMemory;
  }
}

/** @typedef {"now" | "first" | "median" | "p90"} Column */

/**
 * The rows of a table that has a column for each of these, and a row for each part of an analysis.
 * @param {Partial<Record<Column, (part: typeof PARTS[number]) => number>>} columns in milliseconds
 */
export function timesTable(columns) {
  const head = make("tr");
  const names = /** @type {Column[]} */ (Object.keys(columns));
  head.append(heading("col", texts.times.part), ...names.map((name) => heading("col", texts.times[name])));
  const rows = PARTS.map((part) => {
    const row = make("tr");
    const cells = Object.values(columns).map((msOf) => make("td", "", texts.formats.thousandths(msOf(part))));
    row.append(heading("row", texts.times[part]), ...cells);
    return row;
  });
  return [head, ...rows];
}
