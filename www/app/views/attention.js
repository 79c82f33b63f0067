// One face's attention weights: a heat map in an order, beside the mean of its class, the strongest five, all of them as numbers, and
// what they mean.

import { apartFrom, arrange, meanAndSpread, meanOfClass } from "../explain/attention.js";
import { texts } from "../texts.js";
import { heading, make } from "./elements.js";
import { COLUMNS, drawHeat } from "./heat.js";
import { drawMeaning } from "./meaning.js";

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
 * @property {HTMLSelectElement} order
 * @property {HTMLDetailsElement} meaning
 * @property {SVGSVGElement} picture
 */
/** @typedef {{ features: Float32Array, attention: Float32Array, named: number }} Shown */

export class AttentionView {
  #elements;
  /** @type {Shown | undefined} */
  #face;
  /** @type {import("../explain/attention.js").Arranged | undefined} */
  #arranged;
  /** @type {Float32Array | undefined} of all classes */
  #means;
  /** @type {string[]} */
  #classes = [];
  /** @type {import("./heat.js").Heat | undefined} */
  #heat;

  /** @param {Elements} elements */
  constructor(elements) {
    this.#elements = elements;
    const { canvas, values, order, meaning } = elements;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    // The ramp's colours follow the colour scheme.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    canvas.addEventListener("pointermove", (event) => this.#readOut(event));
    canvas.addEventListener("pointerleave", () => {
      elements.cell.textContent = "";
    });
    // Writing 512 numbers for each camera frame would be wasted while nobody looks at them.
    values.addEventListener("toggle", () => this.#fillTable());
    meaning.addEventListener("toggle", () => this.#explain());
    order.addEventListener("change", () => this.#face && this.show(this.#face));
  }

  /** @param {string[]} classes in words */
  setClasses(classes) {
    this.#classes = classes;
  }

  /** @param {Float32Array} means of the faces of each class */
  setMeans(means) {
    this.#means = means;
  }

  /** @param {Shown} face with 512 weights between 0 and 1 */
  show(face) {
    const { container, canvas, note, strongest, order } = this.#elements;
    const { attention: weights, named } = face;
    this.#face = face;
    const mean = this.#means && meanOfClass(this.#means, named, weights.length);
    const chosen = /** @type {import("../explain/attention.js").Order} */ (order.value);
    const { features, values, low, high } = arrange(weights, mean, chosen);
    this.#arranged = { features, values, low, high };
    const ranked = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
    const marked = ranked.slice(0, STRONGEST);
    this.#heat = { weights: values, low, high, marked };

    container.dataset.state = "shown";
    for (const option of order.options) option.disabled = option.value === "difference" && !mean;
    this.#elements.low.textContent = weight(low);
    this.#elements.high.textContent = weight(high);
    const { mean: middle, spread } = meanAndSpread(weights);
    const summary = texts.attention.summary(weights.length, middle, spread);
    const beside = mean && texts.attention.beside(this.#classes[named], meanAndSpread(mean).mean, apartFrom(weights, mean));
    note.textContent = beside ? `${summary} ${beside}` : summary;
    const told = marked.map((at) => texts.attention.feature(features[at], values[at]));
    canvas.setAttribute("aria-label", texts.attention.alternative(weights.length, low, high, told.join(", ")));
    strongest.replaceChildren(
      ...marked.map((at) => {
        const entry = make("li", "strongest__entry");
        entry.append(make("span", "strongest__name", `#${features[at]}`), make("span", "strongest__value", weight(values[at])));
        return entry;
      }),
    );
    this.#draw();
    this.#fillTable();
    this.#explain();
  }

  /** @param {Exclude<State, "shown">} state why there are no weights */
  showNone(state) {
    const { container, canvas, note, strongest, table } = this.#elements;
    this.#face = undefined;
    this.#arranged = undefined;
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

  #explain() {
    const { meaning, picture } = this.#elements;
    if (meaning.open && this.#face) drawMeaning(picture, this.#face);
  }

  /** @param {PointerEvent} event */
  #readOut({ offsetX, offsetY }) {
    const { canvas, cell } = this.#elements;
    if (!this.#arranged) return;
    const { features, values } = this.#arranged;
    const rows = Math.ceil(values.length / COLUMNS);
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor((offsetX / canvas.clientWidth) * COLUMNS)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((offsetY / canvas.clientHeight) * rows)));
    const at = row * COLUMNS + column;
    cell.textContent = texts.attention.feature(features[at], values[at]);
  }

  #fillTable() {
    const { values, table } = this.#elements;
    const weights = this.#face?.attention;
    if (!values.open || !weights) return;
    const head = make("tr");
    head.append(make("td"), ...Array.from({ length: COLUMNS }, (_, column) => heading("col", `+${column}`)));
    const rows = [head];
    for (let start = 0; start < weights.length; start += COLUMNS) {
      const row = make("tr");
      const cells = Array.from(weights.subarray(start, start + COLUMNS), (value) => make("td", "", weight(value)));
      row.append(heading("row", String(start)), ...cells);
      rows.push(row);
    }
    table.replaceChildren(...rows);
  }
}
