// One face's attention weights in an order, and beside the mean of the faces of its class.

/** @typedef {"feature" | "weight" | "difference"} Order by number, by weight, or by difference from the class's mean */
/**
 * @typedef {object} Arranged
 * @property {number[]} features which feature each place has
 * @property {Float32Array} values of the places: weights, or differences
 * @property {number} low end of the scale
 * @property {number} high end of the scale
 */

/**
 * @param {Float32Array} weights
 * @param {Float32Array | undefined} mean of the class; differences need it
 * @param {Order} order
 * @returns {Arranged}
 */
export function arrange(weights, mean, order) {
  const told = order === "difference" && mean ? weights.map((weight, feature) => weight - mean[feature]) : weights;
  const features = Array.from(told.keys());
  if (order !== "feature") features.sort((one, other) => told[other] - told[one]);
  const values = Float32Array.from(features, (feature) => told[feature]);
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  if (told === weights) return { features, values, low: least, high: most };
  // No difference lies in the middle of the scale.
  const end = Math.max(-least, most);
  return { features, values, low: -end, high: end };
}

/**
 * @param {Float32Array} values
 * @returns {{ mean: number, spread: number }} spread: the standard deviation
 */
export function meanAndSpread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: Math.sqrt(variance) };
}

/**
 * @param {Float32Array} weights
 * @param {Float32Array} mean
 * @returns {number} how far the weights are from the mean, as the root of the mean square
 */
export function apartFrom(weights, mean) {
  return Math.sqrt(weights.reduce((sum, weight, feature) => sum + (weight - mean[feature]) ** 2, 0) / weights.length);
}

/**
 * @param {Float32Array} means of all classes
 * @param {number} index of the class
 * @param {number} count of features
 * @returns {Float32Array | undefined} undefined for a class without a face to take a mean of: its numbers are all 0
 */
export function meanOfClass(means, index, count) {
  const mean = means.slice(index * count, (index + 1) * count);
  return mean.some((value) => value > 0) ? mean : undefined;
}
