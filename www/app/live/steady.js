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
  #jumpMs = -Infinity;

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
    return { ...analysis, faces: seen.map(({ box }) => box) };
  }

  /**
   * After a jump in a video, what is seen says nothing about the time before: only the faces' numbers stay.
   * @param {number} nowMs when it jumped
   */
  jump(nowMs) {
    this.#jumpMs = nowMs;
  }

  /** Begins anew, with the first face. */
  reset() {
    this.#followed = [];
    this.#lastNumber = 0;
    this.#jumpMs = -Infinity;
  }

  /**
   * @param {Face} face
   * @param {number | undefined} known
   * @param {number} nowMs
   * @returns {Followed}
   */
  #follow(face, known, nowMs) {
    const last = this.#followed.find((one) => one.number === known);
    // A picture that was taken before the jump may be answered after it: it ends nothing.
    const isOtherSide = last && last.seenMs < this.#jumpMs && this.#jumpMs <= nowMs;
    const before = isOtherSide ? undefined : last;
    const number = known ?? ++this.#lastNumber;
    const elapsed = before ? nowMs - before.seenMs : 0;
    const constant = timeConstant(this.#strength);
    const measured = face.probabilities;
    const probabilities = smooth(before?.box.probabilities, measured, elapsed, constant);
    // What decides whether the label is sure may flicker as little as the label.
    const distances = face.distances && smooth(before?.box.distances, face.distances, elapsed, constant);
    const naming = nextNaming(before?.naming, probabilities, nowMs, this.#strength);
    const box = { ...face, number, measured, probabilities, distances, named: naming.named };
    return { number, box, seenMs: nowMs, missed: false, naming };
  }
}
