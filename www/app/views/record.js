// The button that records the annotated video, and what is said about it.

import { fileName, saveFile } from "../keep/save.js";
import { AnnotatedRecorder, recordingType } from "../keep/recorder.js";
import { texts } from "../texts.js";

/** @typedef {{ button: HTMLButtonElement, note: HTMLElement, words: HTMLElement }} Elements */

export class RecordView {
  #elements;
  #onError;
  #type = recordingType();
  /** @type {AnnotatedRecorder | undefined} */
  #recorder;
  /** @type {{ width: number, height: number } | undefined} of the frames; undefined while there are none */
  #size;

  /** @param {Elements} elements @param {(error: unknown) => void} onError */
  constructor(elements, onError) {
    this.#elements = elements;
    this.#onError = onError;
    elements.button.hidden = !this.#type;
    elements.note.textContent = this.#type ? texts.record.note : texts.record.unable;
    elements.button.addEventListener("click", () => {
      if (this.#recorder) this.stop();
      else this.#start();
    });
    this.#write();
  }

  /**
   * An answer about camera or video.
   * @param {ImageBitmap} frame
   * @param {import("../engine/messages.js").Analysis} analysis
   * @param {import("../keep/annotate.js").How} how
   */
  see(frame, analysis, how) {
    this.#recorder?.add(frame, analysis, how);
    const isFirst = !this.#size;
    this.#size = { width: frame.width, height: frame.height };
    if (isFirst) this.#write();
  }

  /** Camera or video end: what was recorded is saved. */
  end() {
    this.stop();
    this.#size = undefined;
    this.#write();
  }

  stop() {
    this.#recorder?.stop();
  }

  #start() {
    if (!this.#type || !this.#size) return;
    const told = { onFile: (/** @type {Blob} */ file) => this.#keep(file), onError: this.#onError };
    try {
      this.#recorder = new AnnotatedRecorder(this.#type, this.#size, told);
      this.#elements.words.textContent = texts.record.runs;
    } catch (error) {
      this.#onError(error);
    }
    this.#write();
  }

  /** @param {Blob} file */
  #keep(file) {
    this.#recorder = undefined;
    const name = fileName("webm");
    saveFile(file, name);
    this.#elements.words.textContent = texts.keep.saved(name);
    this.#write();
  }

  #write() {
    const { button } = this.#elements;
    button.textContent = this.#recorder ? texts.record.stop : texts.record.start;
    button.toggleAttribute("data-on", this.#recorder !== undefined);
    button.disabled = !this.#recorder && !this.#size;
  }
}
