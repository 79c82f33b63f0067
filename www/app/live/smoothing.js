// Probabilities smoothed in time: each new picture counts for as much as time has passed, so that a slow machine and a fast one
// show the same.

/** With the strongest smoothing, a change has come through to 63 % after this time. */
const LONGEST_MS = 2000;

/**
 * @param {number} strength between 0 (none) and 1
 * @returns {number} the time constant in milliseconds
 */
export function timeConstant(strength) {
  // Squared: the lower half of the slider is where people look for the right place.
  return LONGEST_MS * strength ** 2;
}

/**
 * @param {Float32Array | undefined} before the smoothed probabilities so far
 * @param {Float32Array} now those of the newest picture
 * @param {number} elapsedMs since the picture before
 * @param {number} constantMs the time constant; 0 smooths nothing
 * @returns {Float32Array} they still add up to 1
 */
export function smooth(before, now, elapsedMs, constantMs) {
  if (!before || before.length !== now.length || constantMs <= 0) return Float32Array.from(now);
  const share = 1 - Math.exp(-Math.max(0, elapsedMs) / constantMs);
  return now.map((value, index) => before[index] + (value - before[index]) * share);
}
