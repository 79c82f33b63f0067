// A small grey copy of a picture, and what can be read from it at any place. Runs in the worker, which has the pixels.

/** Cells along the copy's longer side: a face that is an eighth as wide as the picture still has twenty. */
const LONGEST_SIDE = 160;
/** Pixels of a cell that are looked at, along each side: fewer would let noise through, more take time. */
const SAMPLES = 2;

/**
 * @typedef {object} Grey
 * @property {Float32Array} values luma of the cells between 0 and 1, row by row
 * @property {number} columns
 * @property {number} rows
 * @property {number} cell side of a cell in picture pixels
 */

/**
 * @param {Uint8Array} rgba
 * @param {{ width: number, height: number }} picture
 * @returns {Grey}
 */
export function greyCopy(rgba, { width, height }) {
  const cell = Math.max(1, Math.max(width, height) / LONGEST_SIDE);
  const [columns, rows] = [Math.max(1, Math.floor(width / cell)), Math.max(1, Math.floor(height / cell))];
  const values = new Float32Array(columns * rows);
  for (let at = 0; at < values.length; at += 1) {
    const [left, top] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    let sum = 0;
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
      const x = Math.floor(left + (((sample % SAMPLES) + 0.5) * cell) / SAMPLES);
      const y = Math.floor(top + ((Math.floor(sample / SAMPLES) + 0.5) * cell) / SAMPLES);
      const pixel = (y * width + x) * 4;
      sum += 0.299 * rgba[pixel] + 0.587 * rgba[pixel + 1] + 0.114 * rgba[pixel + 2];
    }
    values[at] = sum / (SAMPLES * SAMPLES * 255);
  }
  return { values, columns, rows, cell };
}

/**
 * The luma at a place, linear between the centres of the cells; outside the picture its edge goes on.
 * @param {Grey} grey
 * @param {number} x in picture pixels
 * @param {number} y
 */
export function lumaAt({ values, columns, rows, cell }, x, y) {
  const column = Math.min(columns - 1, Math.max(0, x / cell - 0.5));
  const row = Math.min(rows - 1, Math.max(0, y / cell - 0.5));
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, top + 1)];
  const [across, down] = [column - left, row - top];
  const upper = values[top * columns + left] * (1 - across) + values[top * columns + right] * across;
  const lower = values[bottom * columns + left] * (1 - across) + values[bottom * columns + right] * across;
  return upper * (1 - down) + lower * down;
}

/**
 * @param {Grey} one
 * @param {Grey} other
 * @returns {number} mean difference of the cells, between 0 and 1; 1 for pictures of different sizes
 */
export function differenceOf(one, other) {
  if (one.columns !== other.columns || one.rows !== other.rows) return 1;
  return one.values.reduce((sum, value, at) => sum + Math.abs(value - other.values[at]), 0) / one.values.length;
}
