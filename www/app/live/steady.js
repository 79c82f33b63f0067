// Steady answers for pictures that follow each other: numbered faces, smoothed probabilities, names that do not flicker.

import { nextNaming } from "./naming.js";
import { smooth, timeConstant } from "./smoothing.js";
import { isRemembered, matchFaces } from "./tracks.js";

/** @typedef {import("../engine/messages.js").Analysis} Analysis */
/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {import("./tracks.js").Track<Face> & { naming: import("./naming.js").Naming }} Followed */

export class Steady {
  #strength;
  /** @type {Followed[]} */
  #followed = [];
  #lastNumber = 0;
  #jumped = false;

  /** @param {number} strength between 0 (each picture by itself) and 1 */
  constructor(strength) {
    this.#strength = strength;
  }

  /** @param {number} strength */
  setStrength(strength) {
    this.#strength = strength;
  }

  /**
   * @param {Analysis} analysis
   * @param {number} nowMs when its picture was taken
   * @returns {Analysis} with the same faces in the order of their numbers, `measured` being what this picture alone gave
   */
  next(analysis, nowMs) {
    const numbers = matchFaces(analysis.faces, this.#followed, nowMs);
    const seen = analysis.faces.map((face, index) => this.#follow(face, numbers[index], nowMs));
    seen.sort((one, other) => one.number - other.number);
    const unseen = this.#followed
      .filter(({ number }) => !seen.some((one) => one.number === number))
      .map((one) => ({ ...one, missed: true }))
      .filter((one) => isRemembered(one, nowMs));
    this.#followed = [...seen, ...unseen];
    this.#jumped = false;
    return { ...analysis, faces: seen.map(({ box }) => box) };
  }

  /** After a jump in a video the next picture says nothing about the time before: only the faces' numbers stay. */
  jump() {
    this.#jumped = true;
  }

  /** Begins anew, with the first face. */
  reset() {
    this.#followed = [];
    this.#lastNumber = 0;
    this.#jumped = false;
  }

  /**
   * @param {Face} face
   * @param {number | undefined} known
   * @param {number} nowMs
   * @returns {Followed}
   */
  #follow(face, known, nowMs) {
    const before = this.#jumped ? undefined : this.#followed.find((one) => one.number === known);
    const number = known ?? ++this.#lastNumber;
    const elapsed = before ? nowMs - before.seenMs : 0;
    const measured = face.probabilities;
    const probabilities = smooth(before?.box.probabilities, measured, elapsed, timeConstant(this.#strength));
    const naming = nextNaming(before?.naming, probabilities, nowMs, this.#strength);
    const box = { ...face, number, measured, probabilities, named: naming.named };
    return { number, box, seenMs: nowMs, missed: false, naming };
  }
}
