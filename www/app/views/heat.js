// Draws weights as a grid of cells on a canvas: 32 columns, in the order of the features, row by row.

/** Cells in a row. */
export const COLUMNS = 32;

/** Shades between the ramp's colours; more could not be told apart. */
const SHADES = 64;

/**
 * @typedef {object} Heat
 * @property {Float32Array} weights
 * @property {number} low the weight that gets the ramp's first colour
 * @property {number} high the weight that gets its last colour
 * @property {number[]} marked indices that get an outline
 */

/**
 * @param {HTMLCanvasElement} canvas its size on the page decides the size of the cells
 * @param {Heat | undefined} heat nothing draws the empty grid
 */
export function drawHeat(canvas, heat) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const rows = Math.ceil((heat?.weights.length ?? 512) / COLUMNS);
  // Whole device pixels for each cell: uneven cells would look like a pattern.
  const cell = Math.max(4, Math.floor((canvas.clientWidth * devicePixelRatio) / COLUMNS));
  const gap = Math.max(1, Math.round(cell / 12));
  canvas.width = cell * COLUMNS;
  canvas.height = cell * rows;
  const fill = (/** @type {number} */ index, /** @type {string} */ colour) => {
    context.fillStyle = colour;
    context.fillRect((index % COLUMNS) * cell, Math.floor(index / COLUMNS) * cell, cell - gap, cell - gap);
  };
  if (!heat) {
    for (let index = 0; index < rows * COLUMNS; index += 1) fill(index, style.getPropertyValue("--heat-empty"));
    return;
  }
  const shades = ramp([1, 2, 3, 4, 5].map((step) => style.getPropertyValue(`--heat-${step}`)));
  const range = heat.high - heat.low || 1;
  heat.weights.forEach((weight, index) => {
    const position = Math.min(1, Math.max(0, (weight - heat.low) / range));
    fill(index, shades[Math.round(position * (SHADES - 1))]);
  });
  context.strokeStyle = style.getPropertyValue("--heat-mark");
  context.lineWidth = Math.max(2, gap * 2);
  for (const index of heat.marked) {
    context.strokeRect((index % COLUMNS) * cell, Math.floor(index / COLUMNS) * cell, cell - gap, cell - gap);
  }
}

/**
 * @param {string[]} colours as #rrggbb
 * @returns {string[]} colours between them, evenly spaced
 */
function ramp(colours) {
  const stops = colours.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.trim().slice(at, at + 2), 16)));
  return Array.from({ length: SHADES }, (_, shade) => {
    const position = (shade / (SHADES - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(position), stops.length - 2);
    const mixed = stops[left].map((from, channel) => from + (stops[left + 1][channel] - from) * (position - left));
    return `rgb(${mixed.map(Math.round).join(" ")})`;
  });
}
