// One face's attention weights: a heat map, the strongest five, and all of them as numbers.

import { texts } from "../texts.js";
import { heading, make } from "./elements.js";
import { COLUMNS, drawHeat } from "./heat.js";

const STRONGEST = 5;
const { weight } = texts.formats;

/** @typedef {"none" | "loading" | "failed" | "shown"} State */
/**
 * @typedef {object} Elements
 * @property {HTMLElement} container
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} low
 * @property {HTMLElement} high
 * @property {HTMLElement} cell
 * @property {HTMLElement} note
 * @property {HTMLElement} strongest
 * @property {HTMLDetailsElement} values
 * @property {HTMLTableElement} table
 */

export class AttentionView {
  #elements;
  /** @type {Float32Array | undefined} */
  #weights;
  /** @type {import("./heat.js").Heat | undefined} */
  #heat;

  /** @param {Elements} elements */
  constructor(elements) {
    this.#elements = elements;
    const { canvas, values } = elements;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    // The ramp's colours follow the colour scheme.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    canvas.addEventListener("pointermove", (event) => this.#readOut(event));
    canvas.addEventListener("pointerleave", () => {
      elements.cell.textContent = "";
    });
    // Writing 512 numbers for each camera frame would be wasted while nobody looks at them.
    values.addEventListener("toggle", () => this.#fillTable());
  }

  /** @param {Float32Array} weights 512 values between 0 and 1 */
  show(weights) {
    const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a]);
    const marked = order.slice(0, STRONGEST);
    const high = weights[order[0]];
    const low = weights[order[order.length - 1]];
    this.#weights = weights;
    this.#heat = { weights, low, high, marked };

    const { container, canvas, note, strongest } = this.#elements;
    container.dataset.state = "shown";
    this.#elements.low.textContent = weight(low);
    this.#elements.high.textContent = weight(high);
    const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length;
    note.textContent = texts.attention.summary(weights.length, mean);
    const named = marked.map((index) => texts.attention.feature(index, weights[index]));
    canvas.setAttribute("aria-label", texts.attention.alternative(weights.length, low, high, named.join(", ")));
    strongest.replaceChildren(
      ...marked.map((index) => {
        const entry = make("li", "strongest__entry");
        entry.append(make("span", "strongest__name", `#${index}`), make("span", "strongest__value", weight(weights[index])));
        return entry;
      }),
    );
    this.#draw();
    this.#fillTable();
  }

  /** @param {Exclude<State, "shown">} state why there are no weights */
  showNone(state) {
    const { container, canvas, note, strongest, table } = this.#elements;
    this.#weights = undefined;
    this.#heat = undefined;
    container.dataset.state = state;
    note.textContent = state === "none" ? "" : texts.attention[state];
    canvas.setAttribute("aria-label", texts.attention.empty);
    strongest.replaceChildren();
    table.replaceChildren();
    this.#draw();
  }

  #draw() {
    drawHeat(this.#elements.canvas, this.#heat);
  }

  /** @param {PointerEvent} event */
  #readOut({ offsetX, offsetY }) {
    const { canvas, cell } = this.#elements;
    if (!this.#weights) return;
    const rows = Math.ceil(this.#weights.length / COLUMNS);
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor((offsetX / canvas.clientWidth) * COLUMNS)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((offsetY / canvas.clientHeight) * rows)));
    const index = row * COLUMNS + column;
    cell.textContent = texts.attention.feature(index, this.#weights[index]);
  }

  #fillTable() {
    const { values, table } = this.#elements;
    if (!values.open || !this.#weights) return;
    const head = make("tr");
    head.append(make("td"), ...Array.from({ length: COLUMNS }, (_, column) => heading("col", `+${column}`)));
    const rows = [head];
    for (let start = 0; start < this.#weights.length; start += COLUMNS) {
      const row = make("tr");
      const cells = Array.from(this.#weights.subarray(start, start + COLUMNS), (value) => make("td", "", weight(value)));
      row.append(heading("row", String(start)), ...cells);
      rows.push(row);
    }
    table.replaceChildren(...rows);
  }
}
