// How long analyses take: the first, the median, and what nine of ten do not exceed.

/** The parts of an analysis, as the engine's answers name them. */
export const PARTS = /** @type {const} */ (["findMs", "cropMs", "networkMs", "totalMs"]);

/** The newest that median and p90 are taken of. */
const MOST = 300;

/** @typedef {Record<typeof PARTS[number], number> & { searched: boolean }} PartTimes searched: as in `Analysis` */
/** @typedef {{ first: number, median: number, p90: number }} Summary in milliseconds */

export class Times {
  /** @type {PartTimes | undefined} */
  #first;
  /** @type {PartTimes[]} */
  #newest = [];

  /** @param {PartTimes} times */
  add({ findMs, cropMs, networkMs, totalMs, searched }) {
    // Whoever measures may hand over a whole analysis: its faces are not kept.
    const times = { findMs, cropMs, networkMs, totalMs, searched };
    this.#first ??= times;
    this.#newest.push(times);
    if (this.#newest.length > MOST) this.#newest.shift();
  }

  /** @returns {PartTimes | undefined} the newest */
  get last() {
    return this.#newest.at(-1);
  }

  /** @returns {number} how many median and p90 are of */
  get count() {
    return this.#newest.length;
  }

  /** @returns {number} how many of these were searched for faces */
  get searched() {
    return this.#newest.filter(({ searched }) => searched).length;
  }

  /**
   * @param {typeof PARTS[number]} part
   * @returns {Summary} NaN while there are none
   */
  summary(part) {
    const values = this.#newest.map((times) => times[part]);
    return { first: this.#first?.[part] ?? Number.NaN, median: quantile(values, 0.5), p90: quantile(values, 0.9) };
  }
}

/**
 * @param {number[]} values
 * @param {number} share between 0 and 1
 * @returns {number} the smallest value that at least this share of all does not exceed: one that was measured
 */
export function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
