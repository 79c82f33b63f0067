// Which of the faces the result is about: the largest, until people choose; then the one nearest to their choice.

/** @typedef {import("./engine/messages.js").Face} Face */
/** @typedef {{ x: number, y: number }} Point */

/**
 * @param {{ x: number, y: number, width: number, height: number }} face
 * @returns {Point}
 */
export function centre({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * @param {Face[]} faces at least one
 * @param {Point | undefined} chosen where the face was that people chose, in the last picture
 * @returns {number}
 */
export function chooseFace(faces, chosen) {
  const rate = chosen
    ? (/** @type {Face} */ face) => -Math.hypot(centre(face).x - chosen.x, centre(face).y - chosen.y)
    : (/** @type {Face} */ face) => face.width * face.height;
  return faces.reduce((best, face, index) => (rate(face) > rate(faces[best]) ? index : best), 0);
}
