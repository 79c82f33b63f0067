// Where in the face the evidence for the label lies, over the picture; and why not another class: both maps side by side, and the
// features that set the two apart. Nothing is computed while nobody looks.

import { compareClasses } from "../explain/comparison.js";
import { evidenceFor, networkAnswer, seenSquare, upsample } from "../explain/evidence.js";
import { texts } from "../texts.js";
import { make } from "./elements.js";

/** Cells of a drawn map along its side; the browser scales them to the face. */
const CELLS = 64;
/** Pixels of a face beside its map. */
const FACE = 160;
/** Features that are named on each side. */
const MOST = 5;
/** Evidence over a picture, as in styles/evidence.css. */
const COLOUR = [255, 96, 32];

/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {import("../engine/messages.js").EngineFacts} EngineFacts */
/** @typedef {import("../engine/messages.js").Analysis} Analysis */
/**
 * @typedef {object} Elements
 * @property {HTMLDetailsElement} details
 * @property {HTMLCanvasElement} overlay
 * @property {HTMLInputElement} on
 * @property {HTMLInputElement} strength
 * @property {HTMLSelectElement} other
 * @property {HTMLElement} pair
 * @property {HTMLElement} note
 */
/** @typedef {{ face: Face, analysis: Analysis, mirrored: boolean }} Shown */

export class EvidenceView {
  #elements;
  #source;
  /** @type {EngineFacts | undefined} */
  #facts;
  /** @type {string[]} */
  #classes = [];
  /** @type {Shown | undefined} */
  #shown;

  /**
   * @param {Elements} elements
   * @param {() => HTMLCanvasElement | ImageBitmap | undefined} source the picture that the answer is about
   */
  constructor(elements, source) {
    this.#elements = elements;
    this.#source = source;
    for (const input of [elements.on, elements.strength]) input.addEventListener("input", () => this.#draw());
    elements.other.addEventListener("change", () => this.#draw());
    elements.details.addEventListener("toggle", () => this.#draw());
  }

  /** @param {EngineFacts} facts @param {string[]} classes in words */
  setEngine(facts, classes) {
    this.#facts = facts;
    this.#classes = classes;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    this.#offerOthers();
    this.#draw();
  }

  /** @returns {import("../keep/annotate.js").Overlay | undefined} the map that is over the picture; undefined while none is */
  get overlay() {
    const { overlay } = this.#elements;
    if (overlay.hidden || !this.#shown || !this.#facts) return undefined;
    return { map: overlay, ...seenSquare(this.#shown.face, this.#facts) };
  }

  clear() {
    this.#shown = undefined;
    this.#draw();
  }

  #answer() {
    return networkAnswer(/** @type {Shown} */ (this.#shown).face);
  }

  #draw() {
    const { on, strength, pair } = this.#elements;
    this.#drawOverlay();
    this.#compare();
    strength.disabled = !on.checked && pair.hidden;
  }

  #drawOverlay() {
    const { overlay, on, strength } = this.#elements;
    const activation = this.#shown?.face.activation;
    overlay.hidden = !on.checked || !activation || !this.#facts;
    if (!this.#shown || !activation || !this.#facts || !on.checked) return;
    const { face, analysis, mirrored } = this.#shown;
    const { left, top, side, angle } = seenSquare(face, this.#facts);
    const shown = mirrored ? analysis.width - left - side : left;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${((part / whole) * 100).toFixed(3)}%`;
    overlay.style.left = share(shown, analysis.width);
    overlay.style.top = share(top, analysis.height);
    overlay.style.width = share(side, analysis.width);
    overlay.style.height = share(side, analysis.height);
    overlay.style.rotate = `${mirrored ? -angle : angle}deg`;
    overlay.toggleAttribute("data-mirrored", mirrored);
    const evidence = evidenceFor(activation, this.#answer().named, this.#facts.mapSide);
    [overlay.width, overlay.height] = [CELLS, CELLS];
    overlay.getContext("2d")?.putImageData(this.#heat(evidence, Math.max(...evidence), strength.valueAsNumber / 100), 0, 0);
  }

  /**
   * @param {Float32Array} evidence
   * @param {number} most the evidence that is drawn the strongest
   * @param {number} strength between 0 and 1
   */
  #heat(evidence, most, strength) {
    const image = new ImageData(CELLS, CELLS);
    const { mapSide } = /** @type {EngineFacts} */ (this.#facts);
    upsample(evidence, mapSide, CELLS).forEach((value, at) => {
      image.data.set([...COLOUR, most > 0 ? Math.round((255 * strength * value) / most) : 0], at * 4);
    });
    return image;
  }

  /** Every class but the one that is named; the choice stays while it is one of them. */
  #offerOthers() {
    const { other } = this.#elements;
    const { named } = this.#answer();
    const wanted = ["", ...this.#classes.keys()].map(String).filter((value) => value !== String(named));
    // Replacing the choices with each frame would close the list under people's hands.
    if (wanted.join() === Array.from(other.options, ({ value }) => value).join()) return;
    const chosen = other.value;
    other.replaceChildren(
      ...wanted.map((value) => {
        const option = make("option", "", value === "" ? texts.evidence.none : this.#classes[Number(value)]);
        option.value = value;
        return option;
      }),
    );
    other.value = wanted.includes(chosen) ? chosen : "";
  }

  #compare() {
    const { details, other, pair, note } = this.#elements;
    const isWanted = details.open && other.value !== "" && this.#shown !== undefined && this.#facts !== undefined;
    pair.hidden = !isWanted;
    note.textContent = details.open && this.#shown && !this.#shown.face.activation ? texts.evidence.later : "";
    if (!this.#shown || !this.#facts || !isWanted) return;
    const { probabilities, features, named } = this.#answer();
    const rival = Number(other.value);
    const parts = compareClasses({ probabilities, features }, this.#facts.classWeights, { named, other: rival }, MOST);
    const [mapNamed, mapOther] = this.#maps(named, rival);
    pair.replaceChildren(
      this.#side(named, rival, probabilities[named], parts.forNamed, mapNamed),
      this.#side(rival, named, probabilities[rival], parts.forOther, mapOther),
    );
  }

  /**
   * The two maps on one scale, so that they can be compared.
   * @param {number} named @param {number} rival
   * @returns {(ImageData | undefined)[]}
   */
  #maps(named, rival) {
    const activation = this.#shown?.face.activation;
    if (!activation || !this.#facts) return [undefined, undefined];
    const { mapSide } = this.#facts;
    const maps = [named, rival].map((index) => evidenceFor(activation, index, mapSide));
    const most = Math.max(...maps.flatMap((map) => [...map]));
    return maps.map((map) => this.#heat(map, most, this.#elements.strength.valueAsNumber / 100));
  }

  /**
   * @param {number} index of the class
   * @param {number} against the class that it is compared with
   * @param {number} share its probability
   * @param {import("../explain/comparison.js").Part[]} parts
   * @param {ImageData | undefined} map
   */
  #side(index, against, share, parts, map) {
    const side = make("div", "evidence__side");
    const figure = make("figure", "evidence__figure");
    if (map) figure.append(this.#face(map, this.#classes[index]));
    figure.append(make("figcaption", "", texts.result.box(texts.formats.capitalised(this.#classes[index]), share)));
    const list = make("ul", "evidence__parts");
    const [own, other] = [this.#classes[index], this.#classes[against]];
    const isNamed = index === this.#answer().named;
    for (const { feature, odds, named, other: rival } of parts) {
      const [gain, loss] = isNamed ? [named, rival] : [rival, named];
      list.append(make("li", "", texts.evidence.part(feature, odds, own, gain, other, loss)));
    }
    if (parts.length === 0) list.append(make("li", "", texts.evidence.noPart));
    side.append(figure, make("p", "evidence__lead", texts.evidence.lead(own, other)), list);
    return side;
  }

  /** The square that the network sees, with a map over it. @param {ImageData} map @param {string} name */
  #face(map, name) {
    const canvas = make("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", texts.evidence.map(name));
    [canvas.width, canvas.height] = [FACE, FACE];
    const context = canvas.getContext("2d");
    const source = this.#source();
    if (!context || !source || !this.#shown || !this.#facts) return canvas;
    const { face, analysis, mirrored } = this.#shown;
    const { left, top, side, angle } = seenSquare(face, this.#facts);
    if (mirrored) context.setTransform(-1, 0, 0, 1, FACE, 0);
    context.save();
    // The face stands upright, as the network sees it.
    context.translate(FACE / 2, FACE / 2);
    context.rotate((-angle / 180) * Math.PI);
    context.scale(FACE / side, FACE / side);
    context.translate(-left - side / 2, -top - side / 2);
    context.drawImage(source, 0, 0, analysis.width, analysis.height);
    context.restore();
    const layer = new OffscreenCanvas(CELLS, CELLS);
    layer.getContext("2d")?.putImageData(map, 0, 0);
    context.drawImage(layer, 0, 0, FACE, FACE);
    return canvas;
  }
}
