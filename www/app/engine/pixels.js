// An ImageBitmap's pixels as RGBA bytes. Runs in the worker.

import { Failure } from "../failure.js";

/** @type {OffscreenCanvas | undefined} kept from frame to frame: a camera's frames all have one size */
let canvas;

/**
 * Takes the bitmap: it is closed afterwards.
 * @param {ImageBitmap} bitmap
 * @returns {{ rgba: Uint8Array, width: number, height: number }}
 */
export function takePixels(bitmap) {
  const { width, height } = bitmap;
  try {
    if (!canvas || canvas.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Failure("browser-canvas");
    // Where a picture is transparent, people see it on white.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { rgba: new Uint8Array(data.buffer), width, height };
  } finally {
    bitmap.close();
  }
}
