// The result of an analysis: boxes on the stage, and one face's expression and attention weights beside it.

import { chooseFace } from "../choice.js";
import { qualityHints } from "../quality.js";
import { ranked } from "../ranking.js";
import { texts } from "../texts.js";

/** @typedef {import("../engine/messages.js").Analysis} Analysis */
/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {import("./expression.js").Words} Words */
/**
 * @typedef {object} Parts
 * @property {HTMLElement} panel
 * @property {import("./expression.js").ExpressionView} expression
 * @property {import("./attention.js").AttentionView} attention
 * @property {import("./evidence.js").EvidenceView} evidence
 * @property {import("./boxes.js").Boxes} boxes
 * @property {HTMLElement} hints about how the face is shown
 * @property {import("./status.js").Status} status
 * @property {import("./announcer.js").Announcer} announcer
 */
/**
 * @typedef {object} Showing
 * @property {boolean} mirrored
 * @property {number} [perSecond] pictures answered in a second, in live modes
 */

export class ResultView {
  #parts;
  #onFace;
  /** @type {"loading" | "failed"} why a face has no attention weights */
  #withoutAttention = "loading";
  /** @type {number | undefined} the number of the face that people chose */
  #chosen;
  /** @type {{ analysis: Analysis, showing: Showing } | undefined} */
  #shown;
  /** @type {import("../explain/evidence.js").View | undefined} how the network is shown faces */
  #view;

  /**
   * @param {Parts} parts
   * @param {(face: Face | undefined) => void} onFace told which face is shown; undefined when none is
   */
  constructor(parts, onFace) {
    this.#parts = parts;
    this.#onFace = onFace;
  }

  /** What is shown: the analysis, and whether its picture is mirrored. */
  get shown() {
    return this.#shown;
  }

  /** The face that the result is about. */
  get face() {
    const faces = this.#shown?.analysis.faces ?? [];
    return faces.length > 0 ? faces[chooseFace(faces, this.#chosen)] : undefined;
  }

  /** What lies over the picture about that face, if something does. */
  get evidence() {
    return this.#parts.evidence.overlay;
  }

  /** @param {string[]} classes in words */
  setClasses(classes) {
    this.#parts.expression.setClasses(classes);
    this.#parts.boxes.setClasses(classes);
    this.#parts.attention.setClasses(classes);
  }

  /** @param {import("../engine/messages.js").EngineFacts} facts @param {string[]} classes in words */
  setEngine(facts, classes) {
    this.#view = facts;
    this.setClasses(classes);
    this.#parts.expression.setLimits(facts);
    this.#parts.evidence.setEngine(facts, classes);
  }

  /** @param {import("../engine/messages.js").Centres} centres that came with the attention arm */
  setCentres({ meanAttention }) {
    this.#parts.attention.setMeans(meanAttention);
  }

  /** @param {"loading" | "failed"} state */
  setAttentionState(state) {
    this.#withoutAttention = state;
    const lacksWeights = this.#shown?.analysis.faces.some(({ attention }) => !attention);
    if (lacksWeights) this.#parts.attention.showNone(state);
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.#parts.panel.setAttribute("aria-busy", String(busy));
  }

  /**
   * @param {Analysis} analysis
   * @param {Showing} showing
   */
  show(analysis, showing) {
    const { announcer, boxes, status } = this.#parts;
    const { faces } = analysis;
    this.#shown = { analysis, showing };
    status.showTimes(analysis, showing.perSecond);
    const isLive = showing.perSecond !== undefined;
    if (faces.length === 0) {
      const { noFace, noFaceNote } = texts.headline;
      this.#clear({ label: noFace, note: noFaceNote });
      announcer.say(`${noFace}.`, isLive);
      return;
    }
    const index = chooseFace(faces, this.#chosen);
    boxes.show(analysis, index, showing.mirrored);
    const { kicker, label, note } = this.#showFace(index);
    // In live modes without the note: its percentages change with every picture, and would be said for ever.
    announcer.say(texts.result.announcement(faces.length, kicker, label, isLive ? "" : note), isLive);
  }

  /** @param {number} number of the face that people chose */
  choose(number) {
    if (!this.#shown) return;
    const { analysis, showing } = this.#shown;
    const index = analysis.faces.findIndex((face) => face.number === number);
    if (index < 0) return;
    this.#chosen = number;
    this.#parts.boxes.show(analysis, index, showing.mirrored);
    const { kicker, label, note } = this.#showFace(index);
    this.#parts.announcer.say(texts.result.announcement(analysis.faces.length, kicker, label, note), false);
  }

  /** @param {Words} words instead of a result; the choice of a face is forgotten */
  showWords(words) {
    this.#shown = undefined;
    this.#chosen = undefined;
    this.#clear(words);
  }

  /** @param {Words} words */
  #clear(words) {
    this.#parts.expression.showWords(words);
    this.#parts.attention.showNone("none");
    this.#parts.evidence.clear();
    this.#parts.hints.textContent = "";
    this.#parts.boxes.clear();
    this.#onFace(undefined);
  }

  /** @param {number} index */
  #showFace(index) {
    const { analysis, showing } = /** @type {{ analysis: Analysis, showing: Showing }} */ (this.#shown);
    const face = analysis.faces[index];
    const { features, attention } = face;
    const hints = this.#view ? qualityHints(face, analysis, this.#view) : [];
    this.#parts.hints.textContent = hints.map((hint) => texts.hints[hint]).join(" ");
    this.#parts.evidence.show({ face, analysis, mirrored: showing.mirrored });
    if (attention) this.#parts.attention.show({ features, attention, named: ranked(face)[0] });
    else this.#parts.attention.showNone(this.#withoutAttention);
    this.#onFace(face);
    return this.#parts.expression.show(face);
  }
}
