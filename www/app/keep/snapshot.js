// The picture with boxes and labels, in the size that the page holds it in.

import { drawAnnotated } from "./annotate.js";

/**
 * @param {HTMLCanvasElement | ImageBitmap} picture
 * @param {import("../engine/messages.js").Analysis} analysis
 * @param {import("./annotate.js").How} how
 * @returns {Promise<Blob>} a PNG file
 */
export async function snapshot(picture, analysis, how) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  drawAnnotated(/** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d")), picture, analysis, how);
  return canvas.convertToBlob({ type: "image/png" });
}
