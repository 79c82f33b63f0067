// A picture file as an ImageBitmap of a size worth analysing.

import { Failure } from "../failure.js";

/** Longest side that is analysed. The network sees each face far smaller; more pixels only take time and memory. */
const LONGEST_SIDE = 1280;

/** Larger files are refused before the browser tries to decode them. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * @param {Blob} file
 * @param {string} name for the message when it cannot be read
 * @returns {Promise<ImageBitmap>} upright (the browser applies a photograph's EXIF orientation) and not over 1280 pixels
 */
export async function decodePicture(file, name) {
  if (file.size === 0) throw new Failure("picture-unreadable", name);
  if (file.size > MOST_BYTES) throw new Failure("picture-too-large", name);
  let full;
  try {
    full = await createImageBitmap(file);
  } catch {
    throw new Failure("picture-unreadable", name);
  }
  if (Math.max(full.width, full.height) <= LONGEST_SIDE) return full;
  try {
    return await scaled(full, fitted(full.width, full.height, LONGEST_SIDE));
  } finally {
    full.close();
  }
}

/**
 * @param {ImageBitmapSource} source
 * @param {{ width: number, height: number }} size
 */
export function scaled(source, { width, height }) {
  return createImageBitmap(source, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
}

/**
 * The largest size of the same shape whose longest side is at most `longest`; never larger than it was.
 * @param {number} width
 * @param {number} height
 * @param {number} longest
 */
export function fitted(width, height, longest) {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
