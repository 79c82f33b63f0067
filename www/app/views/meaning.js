// What the attention weights are and are not, as a picture: the label comes from the features alone; the weights only say how much each
// feature counts in the distance to a class's centre. Drawn of the face that is shown: its most weighted features.

import { texts } from "../texts.js";

const SVG = "http://www.w3.org/2000/svg";
/** Features that are drawn. */
const BARS = 12;
const WIDTH = 360;
const HEIGHT = 190;
/** Where the bars stand, and how high the highest is. */
const GROUND = { left: 88, top: 22, step: 12, height: 56 };

/**
 * @param {SVGSVGElement} picture filled anew
 * @param {{ features: Float32Array, attention: Float32Array }} face
 */
export function drawMeaning(picture, { features, attention }) {
  const strongest = Array.from(attention.keys()).sort((one, other) => attention[other] - attention[one]).slice(0, BARS);
  const highest = Math.max(...strongest.map((feature) => features[feature])) || 1;
  const bars = (/** @type {number} */ top, /** @type {(feature: number) => number} */ share, /** @type {string} */ kind) =>
    strongest.map((feature, at) => {
      const height = Math.max(1, GROUND.height * share(feature));
      const [x, y] = [GROUND.left + at * GROUND.step, top + GROUND.height - height];
      return shape("rect", { x, y, width: GROUND.step - 3, height, class: `meaning__${kind}` });
    });
  const right = GROUND.left + BARS * GROUND.step + 8;
  const lower = GROUND.top + GROUND.height + 34;
  const { face, label, centre, features: featuresWord, weights } = texts.meaning;
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("aria-label", texts.meaning.alternative);
  picture.replaceChildren(
    words(face, 2, GROUND.top + 34),
    arrow(50, GROUND.top + 30, 30),
    words(featuresWord, GROUND.left, GROUND.top - 8),
    ...bars(GROUND.top, (feature) => features[feature] / highest, "feature"),
    arrow(right, GROUND.top + 30, 28),
    words(label, right + 34, GROUND.top + 34),
    words(weights, GROUND.left, lower - 8),
    ...bars(lower, (feature) => attention[feature], "weight"),
    arrow(right, lower + 30, 28),
    words(centre, right + 34, lower + 34),
  );
}

/** @param {string} text @param {number} x @param {number} y */
function words(text, x, y) {
  const made = shape("text", { x, y });
  made.textContent = text;
  return made;
}

/** @param {number} x @param {number} y @param {number} length */
function arrow(x, y, length) {
  return shape("path", { d: `M${x} ${y}h${length}m-6 -5l6 5l-6 5`, class: "meaning__arrow" });
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
