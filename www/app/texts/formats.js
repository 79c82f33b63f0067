// Numbers as one language writes them.

import { BEYOND } from "../certainty.js";

/** @param {string} locale */
export function formatsFor(locale) {
  const format = (/** @type {Intl.NumberFormatOptions} */ options) => {
    const numbers = new Intl.NumberFormat(locale, options);
    return (/** @type {number} */ value) => numbers.format(value);
  };
  const whole = format({ maximumFractionDigits: 0 });
  const one = format({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = format({ style: "percent", maximumFractionDigits: 0 });
  const thousandths = (/** @type {number} */ ms) => (ms < 10 ? one(ms) : whole(ms));
  return {
    whole,
    one,
    /** A share of something that was counted or measured. */
    percent,
    /** A class's probability: neither end is ever reached. */
    probability(/** @type {number} */ share) {
      if (share >= BEYOND) return `>${percent(0.99)}`;
      return share <= 1 - BEYOND ? `<${percent(0.01)}` : percent(share);
    },
    exactPercent: format({ style: "percent", maximumFractionDigits: 1 }),
    /** A difference of probabilities, with its sign. */
    change: format({ style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }),
    weight: format({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    megabytes: (/** @type {number} */ bytes) => `${one(bytes / 1e6)} MB`,
    /** Without the unit. */
    thousandths,
    milliseconds: (/** @type {number} */ ms) => (ms >= 10_000 ? `${one(ms / 1000)} s` : `${thousandths(ms)} ms`),
    capitalised: (/** @type {string} */ word) => word.charAt(0).toLocaleUpperCase(locale) + word.slice(1),
  };
}
