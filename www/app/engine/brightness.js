// How bright a face is in the picture. Runs in the worker, which has the pixels.

/** Pixels along a side that are looked at: more would not change the mean. */
const SAMPLES = 32;

/**
 * @param {Uint8Array} rgba
 * @param {{ width: number, height: number }} picture
 * @param {{ x: number, y: number, width: number, height: number }} box of the face; what lies outside the picture does not count
 * @returns {number} mean luma, between 0 and 1
 */
export function brightnessOf(rgba, picture, box) {
  const [left, right] = [Math.max(0, box.x), Math.min(picture.width, box.x + box.width)];
  const [top, bottom] = [Math.max(0, box.y), Math.min(picture.height, box.y + box.height)];
  if (right <= left || bottom <= top) return 0;
  let sum = 0;
  for (let row = 0; row < SAMPLES; row += 1) {
    const y = Math.floor(top + ((row + 0.5) * (bottom - top)) / SAMPLES);
    for (let column = 0; column < SAMPLES; column += 1) {
      const x = Math.floor(left + ((column + 0.5) * (right - left)) / SAMPLES);
      const at = (y * picture.width + x) * 4;
      sum += 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
    }
  }
  return sum / (SAMPLES * SAMPLES * 255);
}
