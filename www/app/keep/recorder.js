// Records camera or video with boxes and labels as a WebM file, frame by frame as they are answered. Made in this tab, without sound.

import { drawAnnotated } from "./annotate.js";

/** The kinds of WebM, the better one first. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
/** What was recorded is in this tab's memory until it is saved: longer ones end by themselves. */
export const LONGEST_MS = 10 * 60_000;

/** @returns {string | undefined} the kind that this browser records; undefined when it cannot */
export function recordingType() {
  if (!("MediaRecorder" in globalThis) || !("captureStream" in HTMLCanvasElement.prototype)) return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

export class AnnotatedRecorder {
  #canvas = document.createElement("canvas");
  #recorder;
  /** @type {Blob[]} */
  #parts = [];
  #limit;

  /**
   * @param {string} type of `recordingType`
   * @param {{ width: number, height: number }} size of the frames: those of another shape are fitted into it
   * @param {{ onFile: (file: Blob) => void, onError: (error: unknown) => void }} told onFile: when it has ended
   */
  constructor(type, { width, height }, { onFile, onError }) {
    this.#canvas.width = width;
    this.#canvas.height = height;
    // A stream begins with a canvas that can be drawn on.
    this.#canvas.getContext("2d");
    this.#recorder = new MediaRecorder(this.#canvas.captureStream(), { mimeType: type });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#parts.push(data));
    this.#recorder.addEventListener("stop", () => onFile(new Blob(this.#parts, { type: "video/webm" })));
    this.#recorder.addEventListener("error", (event) => onError(/** @type {ErrorEvent} */ (event).error));
    this.#recorder.start(1000);
    this.#limit = setTimeout(() => this.stop(), LONGEST_MS);
  }

  /**
   * @param {ImageBitmap} frame
   * @param {import("../engine/messages.js").Analysis} analysis of the frame
   * @param {import("./annotate.js").How} how
   */
  add(frame, analysis, how) {
    drawAnnotated(/** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d")), frame, analysis, how);
  }

  /** The file follows. */
  stop() {
    clearTimeout(this.#limit);
    if (this.#recorder.state === "inactive") return;
    this.#recorder.stop();
    for (const track of this.#recorder.stream.getTracks()) track.stop();
  }
}
