// One face's probabilities over the last minute, for the timeline and for what is said about it in words.

export const SPAN_MS = 60_000;
/** Longer without an answer, nothing is known about the time between: the timeline has a gap, and no time is counted. */
export const GAP_MS = 5000;

/** @typedef {{ ms: number, probabilities: Float32Array, named: number, isSure: boolean }} Moment */
/**
 * @typedef {object} Summary
 * @property {number} seconds for which something is known
 * @property {number} changes of the name
 * @property {number} unsure share of the time in which the answer was not sure
 * @property {{ named: number, mean: number, most: number }[]} classes share of the time it was surely named, mean and highest probability
 */

export class History {
  /** @type {Moment[]} oldest first */
  #moments = [];

  get moments() {
    return this.#moments;
  }

  /** @param {Moment} moment later than all before */
  add(moment) {
    this.#moments.push(moment);
    const first = this.#moments.findIndex(({ ms }) => ms >= moment.ms - SPAN_MS);
    this.#moments.splice(0, first);
  }

  /** @returns {number} when the newest moment was; -Infinity when there is none */
  get newestMs() {
    return this.#moments.at(-1)?.ms ?? -Infinity;
  }

  /** @returns {Summary} */
  summary() {
    const count = this.#moments[0]?.probabilities.length ?? 0;
    const classes = Array.from({ length: count }, () => ({ named: 0, mean: 0, most: 0 }));
    let known = 0;
    let unsure = 0;
    let changes = 0;
    this.#moments.forEach(({ ms, probabilities, named, isSure }, index) => {
      const next = this.#moments[index + 1];
      const lasted = next && next.ms - ms <= GAP_MS ? next.ms - ms : 0;
      if (next && next.named !== named) changes += 1;
      known += lasted;
      if (isSure) classes[named].named += lasted;
      else unsure += lasted;
      classes.forEach((entry, one) => {
        entry.mean += probabilities[one] * lasted;
        entry.most = Math.max(entry.most, probabilities[one]);
      });
    });
    for (const entry of classes) {
      entry.named = known ? entry.named / known : 0;
      entry.mean = known ? entry.mean / known : 0;
    }
    return { seconds: known / 1000, changes, unsure: known ? unsure / known : 0, classes };
  }
}

/** The histories of all faces, by their numbers; those of faces that are long gone are dropped. */
export class Histories {
  /** @type {Map<number, History>} */
  #byFace = new Map();

  /** @param {import("../engine/messages.js").Face[]} faces @param {number} ms */
  add(faces, ms) {
    for (const { number, named = 0, probabilities, doubts = [] } of faces) {
      const history = this.#byFace.get(number) ?? new History();
      history.add({ ms, probabilities, named, isSure: doubts.length === 0 });
      this.#byFace.set(number, history);
    }
    for (const [number, history] of this.#byFace) {
      if (history.newestMs < ms - SPAN_MS) this.#byFace.delete(number);
    }
  }

  /** @param {number | undefined} number */
  of(number) {
    return number === undefined ? undefined : this.#byFace.get(number);
  }

  clear() {
    this.#byFace.clear();
  }
}
