// Where the faces of the last search are now: each is looked for near its last place by how it looked when it was found. A search costs
// far more, so only every few frames have one; sooner when this does not hold. Runs in the worker.

import { differenceOf, lumaAt } from "./grey.js";

/** Frames in a row that have no search: a face that turns up is found after so many. */
export const MOST_FOLLOWED = 4;
/** Longer after a search there is another, however few frames that were: on a slow machine much happens between two. */
export const LONGEST_MS = 1000;
/** How far a face may move between two frames, in widths of its box: farther away it counts as lost. */
const REACH = 0.3;
/** Correlation with the face as it was found below which it counts as lost. */
const LEAST_ALIKE = 0.8;
/** Mean difference of two frames beyond which they show different scenes. */
const NEW_SCENE = 0.12;
/** More of a box outside the picture than when it was found, in shares of its area: the face leaves. */
const MOST_GONE = 0.1;
/** Points of a face that are compared, along each side. */
const POINTS = 12;
/** Steps of the first look, in widths of the box: what makes a face one is larger. */
const STEP = 0.05;
/** The looks become finer down to this part of a cell of the grey copy. */
const FINEST = 0.25;

/** @typedef {import("./grey.js").Grey} Grey */
/** @typedef {{ x: number, y: number, width: number, height: number, angle: number, score: number }} Box its look is compared as if it were upright */
/**
 * @typedef {object} Tracked
 * @property {Box} box where it is now
 * @property {Float32Array} look luma less its mean, when it was found
 * @property {number} inside share of the box that was in the picture then
 */

export class FaceTracker {
  /** @type {Tracked[]} */
  #faces = [];
  /** @type {Grey | undefined} the last frame */
  #last;
  #searchedMs = -Infinity;
  #count = 0;

  /**
   * @param {Grey} grey the frame
   * @param {number} ms when it was taken
   * @returns {Box[] | undefined} where the faces are, in the order that they were found in; undefined where the frame has to be searched
   */
  follow(grey, ms) {
    const last = this.#last;
    this.#last = grey;
    this.#count += 1;
    if (!last || this.#faces.length === 0 || this.#count > MOST_FOLLOWED || ms - this.#searchedMs > LONGEST_MS) return undefined;
    if (differenceOf(grey, last) > NEW_SCENE) return undefined;
    const boxes = this.#faces.map((face) => placeOf(face, grey));
    if (!boxes.every((box) => box !== undefined)) return undefined;
    this.#faces.forEach((face, index) => (face.box = boxes[index]));
    return boxes;
  }

  /**
   * @param {Grey} grey the frame that was searched
   * @param {Box[]} boxes what was found
   * @param {number} ms when the frame was taken
   */
  learn(grey, boxes, ms) {
    this.#last = grey;
    this.#searchedMs = ms;
    this.#count = 0;
    this.#faces = boxes.map((box) => ({ box, look: lookOf(grey, box), inside: insideShare(grey, box) }));
  }

  /** What comes next has nothing to do with what was. */
  forget() {
    this.#faces = [];
    this.#last = undefined;
  }
}

/**
 * @param {Tracked} face
 * @param {Grey} grey
 * @returns {Box | undefined} undefined when the face is not there any more
 */
function placeOf({ box, look, inside }, grey) {
  let step = STEP * box.width;
  let best = bestMatch(grey, look, box, step, Math.round(REACH / STEP));
  for (step /= 2; step > FINEST * grey.cell; step /= 2) best = bestMatch(grey, look, best.box, step, 1);
  if (best.alike < LEAST_ALIKE || insideShare(grey, best.box) < inside - MOST_GONE) return undefined;
  return best.box;
}

/**
 * The place that looks most alike, of those that are up to so many steps away.
 * @param {Grey} grey
 * @param {Float32Array} look
 * @param {Box} box
 * @param {number} step in picture pixels
 * @param {number} most steps in each direction
 */
function bestMatch(grey, look, box, step, most) {
  let best = { box, alike: -1 };
  for (let down = -most; down <= most; down += 1) {
    for (let across = -most; across <= most; across += 1) {
      const moved = { ...box, x: box.x + across * step, y: box.y + down * step };
      const alike = correlation(look, lumasOf(grey, moved));
      if (alike > best.alike) best = { box: moved, alike };
    }
  }
  return best;
}

/** Where a face's luma is written, used again for each place: there are hundreds in a frame. */
const lumas = new Float32Array(POINTS * POINTS);

/** @param {Grey} grey @param {Box} box @returns {Float32Array} overwritten by the next call */
function lumasOf(grey, { x, y, width, height }) {
  for (let at = 0; at < lumas.length; at += 1) {
    const [across, down] = [((at % POINTS) + 0.5) / POINTS, (Math.floor(at / POINTS) + 0.5) / POINTS];
    lumas[at] = lumaAt(grey, x + across * width, y + down * height);
  }
  return lumas;
}

/** @param {Grey} grey @param {Box} box @returns {Float32Array} less its mean */
function lookOf(grey, box) {
  const values = lumasOf(grey, box);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/**
 * Whatever the brightness and contrast of either.
 * @param {Float32Array} look with a mean of 0
 * @param {Float32Array} values
 * @returns {number} 1 for the same look; 0 where there is nothing to see
 */
function correlation(look, values) {
  let [product, ownSquares, sum, squares] = [0, 0, 0, 0];
  for (let at = 0; at < look.length; at += 1) {
    const value = values[at];
    product += look[at] * value;
    ownSquares += look[at] * look[at];
    sum += value;
    squares += value * value;
  }
  const spread = ownSquares * (squares - (sum * sum) / look.length);
  return spread > 1e-6 ? product / Math.sqrt(spread) : 0;
}

/** @param {Grey} grey @param {Box} box */
function insideShare({ columns, rows, cell }, box) {
  return overlap(box, { x: 0, y: 0, width: columns * cell, height: rows * cell }) / (box.width * box.height);
}

/** @typedef {Pick<Box, "x" | "y" | "width" | "height">} Area */

/** @param {Area} one @param {Area} other @returns {number} the area that lies in both */
function overlap(one, other) {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, across) * Math.max(0, down);
}
