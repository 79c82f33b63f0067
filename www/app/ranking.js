// The classes of an answer in the order in which they are told.

/**
 * @param {Float32Array} probabilities
 * @returns {number} the class with the highest probability
 */
export function likeliest(probabilities) {
  return probabilities.reduce((best, value, index) => (value > probabilities[best] ? index : best), 0);
}

/**
 * @param {Pick<import("./engine/messages.js").Face, "probabilities" | "named">} face
 * @returns {number[]} class numbers: the named one, then the others, the likeliest first
 */
export function ranked({ probabilities, named }) {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  return named === undefined ? order : [named, ...order.filter((index) => index !== named)];
}
