// Which features make the difference between two classes: how much each class would gain or lose if one feature were not there.

/**
 * @typedef {object} Part
 * @property {number} feature
 * @property {number} odds what it multiplies the odds by, of the class it speaks for against the other of the two
 * @property {number} named how much of the probability of the class that is named goes when the feature is taken away
 * @property {number} other the same of the class that it is compared with
 */

/**
 * @param {object} answer
 * @param {Float32Array} answer.probabilities of one picture
 * @param {Float32Array} answer.features
 * @param {Float32Array} weights what one unit of each feature adds to the logarithm of each class's probability, class after class
 * @param {{ named: number, other: number }} pair
 * @param {number} most of each list
 * @returns {{ forNamed: Part[], forOther: Part[] }} the features that set the two apart most, the strongest first
 */
export function compareClasses({ probabilities, features }, weights, { named, other }, most) {
  const count = features.length;
  // In the odds of the two, a feature's part stands by itself, whatever the other classes do.
  const odds = Array.from(features, (value, feature) => (weights[named * count + feature] - weights[other * count + feature]) * value);
  const order = Array.from(features.keys()).sort((one, next) => odds[next] - odds[one]);
  const part = (/** @type {number} */ feature) => {
    const without = probabilitiesWithout(probabilities, features, weights, feature);
    return { feature, odds: Math.exp(Math.abs(odds[feature])), named: probabilities[named] - without[named], other: probabilities[other] - without[other] };
  };
  const forNamed = order.slice(0, most).filter((feature) => odds[feature] > 0);
  const forOther = order.slice(-most).reverse().filter((feature) => odds[feature] < 0);
  return { forNamed: forNamed.map(part), forOther: forOther.map(part) };
}

/**
 * The probabilities of the same face with one feature at 0.
 * @param {Float32Array} probabilities
 * @param {Float32Array} features
 * @param {Float32Array} weights
 * @param {number} feature
 */
function probabilitiesWithout(probabilities, features, weights, feature) {
  const shares = Array.from(probabilities, (share, index) => share * Math.exp(-weights[index * features.length + feature] * features[feature]));
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => share / sum);
}
