// Records one expression: frames for some seconds, and until there are enough on a slow machine.

import { FEWEST_FRAMES } from "./personal.js";

/** A recording lasts at least this long. */
export const LASTS_MS = 4000;
/** Longer, nobody holds an expression: what was recorded by then is too little. */
export const GIVEN_UP_MS = 30_000;

/** @typedef {import("./personal.js").Frame} Frame */

export class Recording {
  /** @type {Frame[]} */
  #frames = [];
  /** @type {number | undefined} */
  #begunMs;

  /** @param {number} index of the class that is shown */
  constructor(index) {
    this.index = index;
  }

  get frames() {
    return this.#frames;
  }

  /**
   * @param {Frame | undefined} frame undefined: no face with attention was seen
   * @param {number} ms when it was taken
   * @returns {"goes-on" | "done" | "given-up"}
   */
  add(frame, ms) {
    this.#begunMs ??= ms;
    if (frame) this.#frames.push(frame);
    const lasted = ms - this.#begunMs;
    if (lasted >= LASTS_MS && this.#frames.length >= FEWEST_FRAMES) return "done";
    return lasted >= GIVEN_UP_MS ? "given-up" : "goes-on";
  }
}
