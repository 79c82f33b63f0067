// How large what is analysed is.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { copyForAnalysis } from "../../www/app/input/frames.js";
import { decodePicture, fitted } from "../../www/app/input/picture.js";

const own = globalThis.createImageBitmap;
afterEach(() => {
  globalThis.createImageBitmap = own;
});

/** A browser in which every file is a picture of this size. @param {{ width: number, height: number }} size */
function browserWith(size) {
  const make = async (/** @type {unknown} */ _, { resizeWidth = size.width, resizeHeight = size.height } = {}) => ({
    width: resizeWidth, height: resizeHeight, close() {},
  });
  Object.assign(globalThis, { createImageBitmap: make });
}

test("no side of what is analysed is longer than it may be, however slight or long the picture", async () => {
  for (const [width, height] of [[300, 1281], [1281, 300], [1, 60_000], [1280, 1280], [4000, 3000]]) {
    browserWith({ width, height });
    const picture = await decodePicture(new Blob(["a file"]), "a name");
    assert.deepEqual([picture.width, picture.height], Object.values(fitted(width, height, 1280)));
    assert.ok(Math.max(picture.width, picture.height) <= 1280);
    const frame = await copyForAnalysis(await createImageBitmap(new Blob()));
    assert.deepEqual([frame.width, frame.height], Object.values(fitted(width, height, 640)));
  }
});

test("what is small stays as it is, and nothing has no width", () => {
  assert.deepEqual(fitted(30, 40, 640), { width: 30, height: 40 });
  assert.deepEqual(fitted(1, 60_000, 1280), { width: 1, height: 1280 });
});
