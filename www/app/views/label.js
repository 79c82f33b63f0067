// A face's label in few words, as it stands at its box: in the page, in saved pictures and in recorded videos.

import { ranked } from "../ranking.js";
import { texts } from "../texts.js";

/**
 * @param {Pick<import("../engine/messages.js").Face, "probabilities" | "named" | "doubts">} face
 * @param {string[]} classes in words
 */
export function shortLabel(face, classes) {
  const [first] = ranked(face);
  const share = face.probabilities[first];
  if (face.doubts?.length) return texts.result.guess(classes[first], share);
  return texts.result.box(texts.formats.capitalised(classes[first]), share);
}
