// Draws a picture with boxes and labels, and the evidence if it is shown, as people see it: for saved pictures and recorded videos.

import { shortLabel } from "../views/label.js";

/** As in styles/stage.css: on a picture nothing is known about the ground. */
const COLOURS = { line: "#ffffff", edge: "rgb(0 20 18 / 55%)", ground: "rgb(9 32 30 / 86%)", words: "#ffffff", beside: "#000000" };

/** @typedef {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} Context */
/** @typedef {import("../explain/evidence.js").Square & { map: CanvasImageSource }} Overlay over a square of the analysed picture */
/** @typedef {{ mirrored: boolean, classes: string[], evidence?: Overlay }} How classes in words; without evidence, none is drawn */

/**
 * Draws the picture as large as the canvas allows, in its middle.
 * @param {Context} context
 * @param {HTMLCanvasElement | ImageBitmap} picture
 * @param {Pick<import("../engine/messages.js").Analysis, "width" | "faces">} analysis
 * @param {How} how
 */
export function drawAnnotated(context, picture, { width, faces }, { mirrored, classes, evidence }) {
  const { canvas } = context;
  const place = placeIn(canvas, picture);
  // From the analysed picture, which may be smaller, to the canvas.
  const scale = place.width / width;
  context.fillStyle = COLOURS.beside;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (mirrored) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
  context.drawImage(picture, place.left, place.top, place.width, place.height);
  if (evidence) {
    const { map, left, top, side, angle } = evidence;
    context.translate(place.left + (left + side / 2) * scale, place.top + (top + side / 2) * scale);
    context.rotate((angle / 180) * Math.PI);
    context.drawImage(map, (-side / 2) * scale, (-side / 2) * scale, side * scale, side * scale);
  }
  context.resetTransform();

  const stroke = Math.max(2, Math.round(Math.max(canvas.width, canvas.height) / 320));
  for (const face of faces) {
    const x = mirrored ? width - face.x - face.width : face.x;
    const box = { left: place.left + x * scale, top: place.top + face.y * scale, width: face.width * scale, height: face.height * scale };
    drawBox(context, box, ((mirrored ? -face.angle : face.angle) / 180) * Math.PI, stroke);
    drawLabel(context, box, shortLabel(face, classes), stroke);
  }
}

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * Frames change their shape when a phone is turned; the canvas of a recording does not.
 * @param {{ width: number, height: number }} canvas
 * @param {{ width: number, height: number }} picture
 * @returns {Box}
 */
function placeIn(canvas, picture) {
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (canvas.width - width) / 2, top: (canvas.height - height) / 2, width, height };
}

/** @param {Context} context @param {Box} box @param {number} lean in radians @param {number} stroke */
function drawBox(context, { left, top, width, height }, lean, stroke) {
  context.save();
  context.translate(left + width / 2, top + height / 2);
  context.rotate(lean);
  for (const [colour, line] of /** @type {const} */ ([[COLOURS.edge, stroke * 2], [COLOURS.line, stroke]])) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.beginPath();
    roundRect(context, { left: -width / 2, top: -height / 2, width, height }, stroke * 4);
    context.stroke();
  }
  context.restore();
}

/** Above the box, or inside it at the picture's top edge. @param {Context} context @param {Box} box @param {string} words @param {number} stroke */
function drawLabel(context, box, words, stroke) {
  const size = stroke * 6;
  context.font = `600 ${size}px system-ui, sans-serif`;
  const wide = context.measureText(words).width + size * 1.2;
  const tall = size * 1.6;
  const above = box.top - tall - stroke * 2;
  const top = above >= 0 ? above : Math.max(0, box.top) + stroke * 2;
  // A label may be wider than its face, but stays within the picture where it fits.
  const middle = box.left + box.width / 2 - wide / 2;
  const left = Math.max(0, Math.min(context.canvas.width - wide, middle));
  context.fillStyle = COLOURS.ground;
  context.beginPath();
  roundRect(context, { left, top, width: wide, height: tall }, tall / 2);
  context.fill();
  context.fillStyle = COLOURS.words;
  context.textBaseline = "middle";
  context.fillText(words, left + size * 0.6, top + tall * 0.54);
}

/** @param {Context} context @param {Box} box @param {number} radius */
function roundRect(context, { left, top, width, height }, radius) {
  // Browsers of 2022 draw no round corners.
  if (context.roundRect) context.roundRect(left, top, width, height, radius);
  else context.rect(left, top, width, height);
}
