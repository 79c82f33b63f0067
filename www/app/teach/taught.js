// The taught face of this visit: recordings, what was learnt of them, whether it is used, and what the browser keeps of it.

import { combined, learn } from "./personal.js";
import { Recording } from "./recording.js";
import { fromText, toText } from "./stored.js";

/** @typedef {import("../engine/messages.js").Face} Face */
/** @typedef {import("./personal.js").Personal} Personal */

export class TaughtFace {
  #storage;
  /** @type {import("./stored.js").Network | undefined} */
  #network;
  /** @type {Float32Array | undefined} */
  #positions;
  /** @type {Map<number, import("./personal.js").Frame[]>} */
  #recordings = new Map();
  /** @type {Recording | undefined} */
  #recording;
  /** @type {Personal | undefined} */
  #personal;
  #isUsed = false;

  /** @param {import("./stored.js").TaughtStorage} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /**
   * The network that is taught; what was kept for it by an earlier visit is there again.
   * @param {import("./stored.js").Network} network
   * @param {Float32Array} positions of its class centres
   * @throws {import("../failure.js").Failure} when what was kept cannot be read: it stays kept until it is deleted
   */
  setNetwork(network, positions) {
    this.#network = network;
    this.#positions = positions;
    const kept = this.#storage.read();
    if (!kept) return;
    this.#personal = fromText(kept.text, network);
    this.#isUsed = kept.isUsed;
  }

  get isReady() {
    return this.#network !== undefined;
  }

  get personal() {
    return this.#personal;
  }

  /** @returns {boolean} never before it was asked for */
  get isUsed() {
    return this.#isUsed && this.#personal !== undefined;
  }

  /** @returns {number | undefined} the class that is being recorded */
  get recorded() {
    return this.#recording?.index;
  }

  /** @returns {boolean} whether the browser keeps something, even if it cannot be used here */
  get isKept() {
    return this.#storage.read() !== undefined;
  }

  /** @param {number} index of a class @returns {number} its frames */
  framesOf(index) {
    return this.#recordings.get(index)?.length ?? 0;
  }

  /** @returns {boolean} whether there is something to tell apart */
  get canLearn() {
    return this.#recordings.size >= 2 && !this.#recording;
  }

  /** @param {number} index of the class that is shown from now on */
  record(index) {
    this.#recording = new Recording(index);
  }

  /**
   * @param {Face | undefined} face the one that is recorded, as the network alone sees it
   * @param {number} ms
   * @returns {"goes-on" | "done" | "given-up" | "none"} none: nothing is being recorded
   */
  see(face, ms) {
    if (!this.#recording) return "none";
    const { attention } = face ?? {};
    const frame = face && attention && { probabilities: face.network ?? face.measured ?? face.probabilities, features: face.features, attention };
    const state = this.#recording.add(frame, ms);
    if (state === "done") this.#recordings.set(this.#recording.index, this.#recording.frames);
    if (state !== "goes-on") this.#recording = undefined;
    return state;
  }

  stopRecording() {
    this.#recording = undefined;
  }

  /** Learns from the recordings, and keeps it; whether it is used is asked anew. */
  learn() {
    if (!this.#positions) return;
    this.#personal = learn(this.#recordings, this.#positions);
    this.use(false);
  }

  /** @param {boolean} isUsed */
  use(isUsed) {
    this.#isUsed = isUsed;
    if (this.#personal) this.#storage.write(this.toText(), isUsed);
  }

  /** @returns {string} what is kept, as a file */
  toText() {
    if (!this.#personal || !this.#network) throw new TypeError("nothing was taught");
    return toText(this.#personal, this.#network);
  }

  /** @param {string} text of such a file @throws {import("../failure.js").Failure} */
  load(text) {
    if (!this.#network) throw new TypeError("no network to teach");
    this.#personal = fromText(text, this.#network);
    this.use(false);
  }

  /** Nothing of it is left, in this tab or the browser. */
  delete() {
    this.#recordings.clear();
    this.#recording = undefined;
    this.#personal = undefined;
    this.#isUsed = false;
    this.#storage.delete();
  }

  /**
   * @template {{ faces: Face[] }} T
   * @param {T} analysis as the network gives it
   * @returns {T} with the taught face's answers, where it is used
   */
  applyTo(analysis) {
    const personal = this.isUsed ? this.#personal : undefined;
    if (!personal) return analysis;
    const apply = (/** @type {Face} */ face) => {
      const { probabilities, features, attention } = face;
      if (!attention) return face;
      return { ...face, network: probabilities, probabilities: combined({ probabilities, features, attention }, personal) };
    };
    return { ...analysis, faces: analysis.faces.map(apply) };
  }
}
