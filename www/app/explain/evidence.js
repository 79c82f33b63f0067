// Where in a face the evidence for a class lies: the attentive class activation map, as the engine gives it, made ready to be drawn.

import { ranked } from "../ranking.js";

/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {{ left: number, top: number, side: number, angle: number }} Square in picture pixels, turned about its centre */
/**
 * @typedef {object} View how the network is shown a face
 * @property {number} viewScale
 * @property {number} viewShift
 * @property {number} mapSide
 */

/**
 * @param {Pick<Face, "x" | "y" | "width" | "height" | "angle">} face
 * @param {Pick<View, "viewScale" | "viewShift">} view
 * @returns {Square} what the network sees of the face
 */
export function seenSquare({ x, y, width, height, angle }, { viewScale, viewShift }) {
  const longer = Math.max(width, height);
  const side = longer * viewScale;
  const [shift, lean] = [viewShift * longer, (angle / 180) * Math.PI];
  const [across, down] = [x + width / 2 - shift * Math.sin(lean), y + height / 2 + shift * Math.cos(lean)];
  return { left: across - side / 2, top: down - side / 2, side, angle };
}

/**
 * What the network gave of this picture alone: the maps and features are its too. The class is the one that the page names.
 * @param {Face} face
 */
export function networkAnswer(face) {
  const probabilities = face.network ?? face.measured ?? face.probabilities;
  return { probabilities, features: face.features, named: ranked(face)[0] };
}

/**
 * @param {Float32Array} activation the maps of all classes
 * @param {number} index of the class
 * @param {number} side of a map
 * @returns {Float32Array} what speaks for the class; what speaks against it is 0
 */
export function evidenceFor(activation, index, side) {
  return activation.slice(index * side * side, (index + 1) * side * side).map((value) => Math.max(0, value));
}

/**
 * The map in more cells, linear between the centres of its own; beyond the outer centres it stays as it is.
 * @param {Float32Array} map
 * @param {number} side of the map
 * @param {number} size of the larger map
 */
export function upsample(map, side, size) {
  const places = Array.from({ length: size }, (_, at) => {
    const place = Math.min(side - 1, Math.max(0, ((at + 0.5) * side) / size - 0.5));
    const low = Math.floor(place);
    return { low, high: Math.min(side - 1, low + 1), share: place - low };
  });
  const larger = new Float32Array(size * size);
  places.forEach((row, y) => {
    places.forEach((column, x) => {
      const between = (/** @type {number} */ line) => {
        const [left, right] = [map[line * side + column.low], map[line * side + column.high]];
        return left + (right - left) * column.share;
      };
      const upper = between(row.low);
      larger[y * size + x] = upper + (between(row.high) - upper) * row.share;
    });
  });
  return larger;
}
