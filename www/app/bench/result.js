// The bench's result as people pass it on: plain numbers with all that is needed to read them.

import { PARTS } from "../times.js";

/** @typedef {import("./measure.js").Measured} Measured */
/**
 * @typedef {object} Machine what the browser tells of it
 * @property {Date} time
 * @property {string | undefined} version of the site
 * @property {string} browser
 * @property {number | undefined} processors
 * @property {number | undefined} memoryGib
 */

/** @param {number} ms @returns {number} to a tenth: browsers do not measure finer */
const rounded = (ms) => Math.round(ms * 10) / 10;

/**
 * @param {Measured} measured
 * @param {Machine} machine
 */
export function resultOf({ facts, asked, readyMs, stagesMs, first, steady, warmUps, picture, memoryBytes }, machine) {
  const { time, version, browser, processors, memoryGib } = machine;
  return {
    about: "DACL in a browser, one picture at a time. Times in milliseconds; cold: until labels can be given, with what was in the browser's cache.",
    time: time.toISOString(),
    version: version ?? null,
    browser,
    processors: processors ?? null,
    memoryGib: memoryGib ?? null,
    backend: {
      asked,
      used: facts.backend,
      adapter: facts.adapter,
      isSoftwareAdapter: facts.backendReasonCode === "webgpu-software",
      reason: facts.backendReason,
    },
    picture,
    cold: { readyMs: rounded(readyMs), stagesMs: Object.fromEntries(Object.entries(stagesMs).map(([stage, ms]) => [stage, rounded(ms)])) },
    first: byPart((part) => rounded(first[part])),
    steady: {
      warmUps,
      runs: steady.count,
      ...byPart((part) => {
        const { median, p90 } = steady.summary(part);
        return { median: rounded(median), p90: rounded(p90) };
      }),
    },
    programMemoryBytes: memoryBytes ?? null,
  };
}

/**
 * @template T
 * @param {(part: typeof PARTS[number]) => T} value
 * @returns {Record<typeof PARTS[number], T>}
 */
function byPart(value) {
  return /** @type {Record<typeof PARTS[number], T>} */ (Object.fromEntries(PARTS.map((part) => [part, value(part)])));
}
