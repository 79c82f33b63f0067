// What is on the stage: one thing at a time, a picture, the camera or a video. Whoever waits for something asks here whether it is still
// wanted when it comes.

/** @typedef {import("../input/samples.js").Sample} Sample */
/** @typedef {"none" | "picture" | "camera" | "video"} Source */

export class Scene {
  #onSample;
  #wishes = 0;
  #generation = 0;

  /**
   * @param {string | undefined} sample label of the sample that the address asks for
   * @param {(sample: Sample | undefined) => void} onSample told which sample is on the stage now, if one is
   */
  constructor(sample, onSample) {
    this.#onSample = onSample;
    /** @type {string | undefined} label of the sample on the stage, or on its way there because the address asks for it */
    this.sample = sample;
  }

  get source() {
    return /** @type {Source} */ (document.body.dataset.source ?? "none");
  }

  get isLive() {
    return this.source === "camera" || this.source === "video";
  }

  /** Changes with what is on the stage. */
  get generation() {
    return this.#generation;
  }

  /**
   * A wish for something on the stage: the last one wins, however long its loading takes.
   * @returns {() => boolean} whether it still is the last
   */
  wish() {
    const mine = ++this.#wishes;
    return () => mine === this.#wishes;
  }

  /** @returns {() => boolean} whether what is on the stage now still is: answers about anything else are dropped */
  hold() {
    const mine = this.#generation;
    return () => mine === this.#generation;
  }

  /** @param {Source} source */
  change(source) {
    this.#generation += 1;
    document.body.dataset.source = source;
  }

  /** @param {Sample | undefined} sample the one on the stage */
  markSample(sample) {
    this.sample = sample?.label;
    this.#onSample(sample);
  }
}
