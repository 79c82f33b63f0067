// Which face of this picture is which face of the picture before. Faces keep their numbers while they are seen.

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/**
 * @template {Box} T
 * @typedef {{ number: number, box: T, seenMs: number, missed: boolean }} Track missed: not found in the last picture
 */

/**
 * A face that was missed for longer is another one when it comes back. One that was in the last picture is not forgotten, however
 * long this picture took: on a slow machine all are far apart.
 */
const FORGET_MS = 1000;
/** Between two pictures a face moves by less than this share of its size; farther away it is another face. */
const REACH = 0.75;

/**
 * Pairs faces with tracks, the nearest pairs first.
 * @template {Box} T
 * @param {T[]} faces
 * @param {Track<Box>[]} tracks
 * @param {number} nowMs
 * @returns {(number | undefined)[]} for each face the number of its track; undefined for a face that is new
 */
export function matchFaces(faces, tracks, nowMs) {
  const pairs = faces.flatMap((face, index) =>
    tracks
      .filter((track) => isRemembered(track, nowMs))
      .map(({ number, box }) => ({ index, number, apart: apart(face, box) }))
      .filter((pair) => pair.apart < REACH),
  );
  pairs.sort((one, other) => one.apart - other.apart);
  /** @type {(number | undefined)[]} */
  const numbers = faces.map(() => undefined);
  for (const { index, number } of pairs) {
    if (numbers[index] === undefined && !numbers.includes(number)) numbers[index] = number;
  }
  return numbers;
}

/**
 * @param {Track<Box>} track
 * @param {number} nowMs
 */
export function isRemembered({ seenMs, missed }, nowMs) {
  return !missed || nowMs - seenMs <= FORGET_MS;
}

/** @param {Box} box */
function centre({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * @param {Box} one
 * @param {Box} other
 * @returns {number} the distance of the centres, in sizes of the larger face
 */
function apart(one, other) {
  const [from, to] = [centre(one), centre(other)];
  const size = Math.max(one.width, one.height, other.width, other.height, 1);
  return Math.hypot(from.x - to.x, from.y - to.y) / size;
}
