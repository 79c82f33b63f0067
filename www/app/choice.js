// Which of the faces the result is about: the one that people chose, while it is seen; else the largest.

/** @typedef {import("./engine/messages.js").Face} Face */

/**
 * @param {Face[]} faces at least one
 * @param {number | undefined} chosen the number of the face that people chose: its place in the list may change
 * @returns {number} the face's place in the list
 */
export function chooseFace(faces, chosen) {
  const seen = faces.findIndex(({ number }) => number === chosen);
  if (seen >= 0) return seen;
  const size = (/** @type {Face} */ { width, height }) => width * height;
  return faces.reduce((best, face, index) => (size(face) > size(faces[best]) ? index : best), 0);
}
