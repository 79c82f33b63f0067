// A visitor's own class centres: moved from the network's by the rule that DACL moves them by in training, and what they do to an
// answer. Arithmetic only.

import { likeliest } from "../ranking.js";

/** @typedef {{ probabilities: Float32Array, features: Float32Array, attention: Float32Array }} Frame one picture of one face */
/** @typedef {Map<number, Frame[]>} Recordings frames of each class, in the order they were taken */
/** @typedef {Map<number, Float32Array>} Centres of the classes that were taught */
/**
 * @typedef {object} Personal
 * @property {Centres} centres
 * @property {number} weight of the distances beside the network's own answer; 0 where they do not help
 * @property {{ frames: number, before: number, after: number }} measured share of held-back frames that were named right
 */

/** The step of DACL's rule, as in training. */
const ALPHA = 0.5;
/** Steps over the recorded frames. With an attention of 0.5, less than a hundredth of the way is left after them. */
const STEPS = 16;
/** Share of each recording, its end, that nothing is learnt from. */
const HELD_BACK = 0.3;
/** Parts of a recording, one after the other left out to choose the weight. Neighbouring frames are too alike to be drawn by lot. */
const PARTS = 3;
/** Weights that are tried: by how much the squared distances of one person's expressions differ is not known beforehand. */
const WEIGHTS = [0, 1, 4, 16, 64, 256, 1024];
/** Frames that a class needs, so that every part and the end have two. */
export const FEWEST_FRAMES = 9;

/**
 * One step of DACL's rule: `c <- c + alpha sum_i a_i (f_i - c) / (1 + n)`.
 * @param {Float32Array} centre
 * @param {Frame[]} frames
 * @param {number} alpha
 * @returns {Float32Array}
 */
export function moved(centre, frames, alpha) {
  return centre.map((from, at) => {
    const pull = frames.reduce((sum, { features, attention }) => sum + attention[at] * (features[at] - from), 0);
    return from + (alpha * pull) / (1 + frames.length);
  });
}

/**
 * The attentive distance to a centre, as the engine measures it: `sqrt(sum_j a_j (f_j - c_j)^2 / sum_j a_j)`.
 * @param {Pick<Frame, "features" | "attention">} frame
 * @param {Float32Array} centre
 */
export function distance({ features, attention }, centre) {
  let [sum, weights] = [0, 0];
  attention.forEach((weight, at) => {
    sum += weight * (features[at] - centre[at]) ** 2;
    weights += weight;
  });
  return weights > 0 ? Math.sqrt(sum / weights) : 0;
}

/**
 * An answer with the distances to the personal centres: the logarithm of each taught class's probability, less `weight` times its squared
 * distance. Together the taught classes stay as probable as they were: nothing was learnt about the others.
 * @param {Frame} frame
 * @param {Pick<Personal, "centres" | "weight">} personal
 * @returns {Float32Array} probabilities
 */
export function combined(frame, { centres, weight }) {
  const combinedShares = Float32Array.from(frame.probabilities);
  if (weight === 0 || centres.size < 2) return combinedShares;
  const squares = new Map([...centres].map(([index, centre]) => [index, distance(frame, centre) ** 2]));
  // The nearest stays as it is, so that no power becomes 0 for all.
  const nearest = Math.min(...squares.values());
  const shares = new Map([...squares].map(([index, square]) => [index, frame.probabilities[index] * Math.exp(-weight * (square - nearest))]));
  const [before, after] = [sum([...centres.keys()].map((index) => frame.probabilities[index])), sum([...shares.values()])];
  if (after > 0) for (const [index, share] of shares) combinedShares[index] = (share * before) / after;
  return combinedShares;
}

/**
 * Learns from all but the end of each recording, and measures on the ends.
 * @param {Recordings} recordings of two classes at least, with `FEWEST_FRAMES` each
 * @param {Float32Array} positions of the network's centres, class after class
 * @returns {Personal}
 */
export function learn(recordings, positions) {
  const ends = split(recordings, (frames) => frames.slice(heldBackFrom(frames)));
  const taught = split(recordings, (frames) => frames.slice(0, heldBackFrom(frames)));
  const weight = chooseWeight(taught, positions);
  const centres = centresOf(taught, positions);
  const right = (/** @type {number} */ used) => accuracy(ends, { centres, weight: used });
  return { centres, weight, measured: { frames: sum([...ends.values()].map(({ length }) => length)), before: right(0), after: right(weight) } };
}

/**
 * The lowest weight under which the most frames that were left out are named right. Frames of the same seconds are alike: to choose by their
 * probabilities would always take the highest weight, and make every answer look certain.
 * @param {Recordings} recordings
 * @param {Float32Array} positions
 */
export function chooseWeight(recordings, positions) {
  const right = WEIGHTS.map(() => 0);
  for (let part = 0; part < PARTS; part += 1) {
    const isOut = (/** @type {number} */ at, /** @type {number} */ count) => Math.floor((at * PARTS) / count) === part;
    const rest = split(recordings, (frames) => frames.filter((_, at) => !isOut(at, frames.length)));
    const out = split(recordings, (frames) => frames.filter((_, at) => isOut(at, frames.length)));
    const centres = centresOf(rest, positions);
    WEIGHTS.forEach((weight, at) => {
      right[at] += accuracy(out, { centres, weight });
    });
  }
  return WEIGHTS[right.indexOf(Math.max(...right))];
}

/** @param {Recordings} recordings @param {Float32Array} positions @returns {Centres} */
function centresOf(recordings, positions) {
  return new Map(
    [...recordings].map(([index, frames]) => {
      const count = frames[0].features.length;
      /** @type {Float32Array} */
      let centre = positions.slice(index * count, (index + 1) * count);
      for (let step = 0; step < STEPS; step += 1) centre = moved(centre, frames, ALPHA);
      return [index, centre];
    }),
  );
}

/** @param {Recordings} recordings @param {(frames: Frame[]) => Frame[]} part @returns {Recordings} */
const split = (recordings, part) => new Map([...recordings].map(([index, frames]) => [index, part(frames)]));

/** @param {Frame[]} frames */
const heldBackFrom = ({ length }) => length - Math.max(1, Math.floor(length * HELD_BACK));

/**
 * Share of the frames that are named right: the mean over the classes, so that a longer recording counts no more.
 * @param {Recordings} recordings
 * @param {Pick<Personal, "centres" | "weight">} personal
 */
function accuracy(recordings, personal) {
  const shares = [...recordings].map(([index, frames]) => {
    const right = frames.filter((frame) => likeliest(combined(frame, personal)) === index);
    return right.length / frames.length;
  });
  return sum(shares) / shares.length;
}

/** @param {number[]} values */
const sum = (values) => values.reduce((all, value) => all + value, 0);
