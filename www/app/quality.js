// What may be wrong with how a face is shown, as far as the box, the pixels and the face finder's score tell. The limits are where the
// network or the finder leave what they were made for or measured on; how much accuracy each costs was not measured.

import { seenSquare } from "./explain/evidence.js";

/** Pixels along the side of what the network sees: pictures of FERPlus, which it learnt from, have 48. */
const FEWEST_PIXELS = 48;
/** Mean luma of the box. The finder still finds most faces in the dark (docs/faces.md), but the network sees the picture as it is. */
const DARKEST = 0.15;
/** Share of the box's width or height that is outside the picture: there the picture's edge is repeated. */
const MOST_OUTSIDE = 0.05;
/** The finder's score: of 259 frontal photographs, one was below it (docs/faces.md). */
const LOWEST_SCORE = 4;

/** @typedef {"small" | "dark" | "cut" | "hard"} Hint hard: the finder was hardly sure, as with faces that are turned or covered */

/**
 * @param {Pick<import("./engine/messages.js").Face, "x" | "y" | "width" | "height" | "angle" | "score" | "brightness">} face
 * @param {{ width: number, height: number }} picture that was analysed
 * @param {Pick<import("./explain/evidence.js").View, "viewScale" | "viewShift">} view
 * @returns {Hint[]}
 */
export function qualityHints(face, picture, view) {
  const { x, y, width, height } = face;
  const outside = Math.max(-x / width, (x + width - picture.width) / width, -y / height, (y + height - picture.height) / height);
  /** @type {[Hint, boolean][]} */
  const hints = [
    ["small", seenSquare(face, view).side < FEWEST_PIXELS],
    ["dark", face.brightness < DARKEST],
    ["cut", outside > MOST_OUTSIDE],
    ["hard", face.score < LOWEST_SCORE],
  ];
  return hints.filter(([, holds]) => holds).map(([hint]) => hint);
}
