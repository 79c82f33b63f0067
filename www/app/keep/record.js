// The predictions of this session, in this tab's memory only, and as files to save: CSV for a table, JSON for a program.

import { meanAndSpread } from "../explain/attention.js";
import { likeliest } from "../ranking.js";

/** The newest pictures that are kept: at ten a second, half an hour. */
export const MOST_PICTURES = 18_000;

/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {"picture" | "camera" | "video"} Source */
/**
 * @typedef {object} Entry a face in a picture
 * @property {number} face
 * @property {number} label the class that the page named
 * @property {import("../doubt.js").Doubt[]} doubts why the label is not sure
 * @property {number | undefined} distance attentive distance to the label's centre
 * @property {number} likeliest the class that this picture alone gave: other than the label where labels are kept steady
 * @property {Float32Array} probabilities what this picture alone gave, not smoothed
 * @property {number | undefined} attentionMean
 * @property {number | undefined} attentionSpread standard deviation of the attention weights
 */
/**
 * @typedef {object} Picture
 * @property {number} number from 1, in this session
 * @property {Date} time when the answer came
 * @property {Source} source
 * @property {number | undefined} videoSeconds where the video was
 * @property {Entry[]} faces
 */

export class Session {
  /** @type {Picture[]} */
  #pictures = [];
  #lastNumber = 0;
  /** @type {unknown} */
  #lastKey;

  /**
   * @param {{ time: Date, source: Source, faces: Face[], videoSeconds?: number, key?: unknown }} answer a key that is the last one's
   *   means the same picture, analysed again: its answer takes the place of the first
   */
  add({ time, source, faces, videoSeconds, key }) {
    if (key !== undefined && key === this.#lastKey) {
      this.#pictures.pop();
      this.#lastNumber -= 1;
    }
    this.#lastKey = key;
    this.#pictures.push({ number: ++this.#lastNumber, time, source, videoSeconds, faces: faces.map(entry) });
    if (this.#pictures.length > MOST_PICTURES) this.#pictures.shift();
  }

  clear() {
    this.#pictures = [];
    this.#lastKey = undefined;
  }

  get pictures() {
    return this.#pictures;
  }

  /** @returns {{ pictures: number, faces: number, isFull: boolean }} */
  get count() {
    const faces = this.#pictures.reduce((sum, picture) => sum + picture.faces.length, 0);
    return { pictures: this.#pictures.length, faces, isFull: this.#pictures.length === MOST_PICTURES };
  }
}

/**
 * @param {Face} face
 * @returns {Entry}
 */
function entry({ number, named, probabilities, measured = probabilities, distances, doubts = [], attention }) {
  const best = likeliest(measured);
  const label = named ?? best;
  const { mean, spread } = attention ? meanAndSpread(attention) : { mean: undefined, spread: undefined };
  return {
    face: number,
    label,
    doubts,
    distance: distances?.[label],
    likeliest: best,
    probabilities: measured,
    attentionMean: mean,
    attentionSpread: spread,
  };
}

/**
 * One row for each face; a picture without a face has none.
 * @param {Picture[]} pictures
 * @param {string[]} classes
 * @returns {string} as RFC 4180 has it
 */
export function toCsv(pictures, classes) {
  const head = ["time", "source", "video_seconds", "picture", "face", "label", "not_sure", "distance", "likeliest"];
  const rows = [[...head, ...classes.map((name) => `p_${name}`), "attention_mean", "attention_spread"]];
  for (const { number, time, source, videoSeconds, faces } of pictures) {
    for (const { face, label, doubts, distance, likeliest: best, probabilities, attentionMean, attentionSpread } of faces) {
      rows.push([
        ...[time.toISOString(), source, digits(videoSeconds, 3), number, face].map(String),
        ...[classes[label], doubts.join("+"), digits(distance, 6), classes[best]],
        ...Array.from(probabilities, (value) => digits(value, 6)),
        digits(attentionMean, 6),
        digits(attentionSpread, 6),
      ]);
    }
  }
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/**
 * @param {Picture[]} pictures
 * @param {string[]} classes
 * @returns {string}
 */
export function toJson(pictures, classes) {
  const content = {
    about: "Predictions of one session of the DACL page. 'label' is what the page named, 'notSure' why that is no more than a guess, 'probabilities' what the picture alone gave.",
    classes,
    pictures: pictures.map(({ number, time, source, videoSeconds, faces }) => ({
      picture: number,
      time: time.toISOString(),
      source,
      videoSeconds: rounded(videoSeconds, 3),
      faces: faces.map(({ face, label, doubts, distance, likeliest: best, probabilities, attentionMean, attentionSpread }) => ({
        face,
        label: classes[label],
        notSure: doubts,
        distance: distance === undefined ? null : rounded(distance, 6),
        likeliest: classes[best],
        probabilities: Object.fromEntries(classes.map((name, index) => [name, rounded(probabilities[index], 6)])),
        attention: attentionMean === undefined ? null : { mean: rounded(attentionMean, 6), spread: rounded(attentionSpread, 6) },
      })),
    })),
  };
  return `${JSON.stringify(content, undefined, 1)}\n`;
}

/** @param {number | undefined} value @param {number} places */
const digits = (value, places) => (value === undefined ? "" : value.toFixed(places));

/** @param {number | undefined} value @param {number} places */
const rounded = (value, places) => (value === undefined ? undefined : Number(value.toFixed(places)));

/** @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
