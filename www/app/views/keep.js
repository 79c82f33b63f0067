// Keep and share: the buttons that save the picture and the predictions, and the link to the settings.

import { toCsv, toJson } from "../keep/record.js";
import { fileName, saveFile } from "../keep/save.js";
import { snapshot } from "../keep/snapshot.js";
import { texts } from "../texts.js";
import { copyOrSelect } from "./copy.js";
import { atMostEvery } from "./pace.js";

/** The count changes this often at most. */
const COUNT_MS = 500;

/**
 * @typedef {object} Elements
 * @property {HTMLDetailsElement} details
 * @property {HTMLButtonElement} picture
 * @property {HTMLButtonElement} csv
 * @property {HTMLButtonElement} json
 * @property {HTMLButtonElement} forget
 * @property {HTMLElement} count
 * @property {HTMLInputElement} link
 * @property {HTMLButtonElement} copy
 * @property {HTMLElement} words what was done, said to screen readers as well
 */
/**
 * @typedef {object} Sources where what is kept comes from
 * @property {import("./stage.js").Stage} stage
 * @property {import("./result.js").ResultView} result
 * @property {import("../keep/record.js").Session} session
 * @property {import("../page/known.js").Known} known of the engine
 * @property {() => string} link to the page as it is set
 */

export class KeepView {
  #elements;
  #sources;
  #pace = atMostEvery(COUNT_MS, () => this.#write());

  /**
   * @param {Elements} elements
   * @param {Sources} sources
   * @param {(error: unknown) => void} onError
   */
  constructor(elements, sources, onError) {
    this.#elements = elements;
    this.#sources = sources;
    const { session, known } = sources;
    const { details, picture, csv, json, forget, copy } = elements;
    picture.addEventListener("click", () => this.#savePicture().catch(onError));
    csv.addEventListener("click", () => this.#save(toCsv(session.pictures, known.classes), "text/csv", "csv"));
    json.addEventListener("click", () => this.#save(toJson(session.pictures, known.classes), "application/json", "json"));
    forget.addEventListener("click", () => {
      session.clear();
      this.update();
      elements.words.textContent = texts.keep.forgotten;
      // The button that had the focus is disabled now.
      details.querySelector("summary")?.focus();
    });
    copy.addEventListener("click", () => this.#copy());
    details.addEventListener("toggle", () => this.update());
    this.update();
  }

  /** Follows what there is to keep. @param {{ often?: boolean }} [how] whether the next call follows within moments */
  update({ often = false } = {}) {
    if (often) this.#pace.soon();
    else this.#pace.now();
  }

  #write() {
    const { picture, csv, json, forget, count, link } = this.#elements;
    const { session, stage, result, link: linkNow } = this.#sources;
    const { pictures, faces, isFull } = session.count;
    picture.disabled = !stage.answered || !result.shown;
    for (const button of [csv, json, forget]) button.disabled = pictures === 0;
    count.textContent = pictures === 0 ? texts.keep.none : texts.keep.count(pictures, faces, isFull);
    const address = linkNow();
    // Written only when it changes: it may be selected.
    if (link.value !== address) link.value = address;
  }

  async #savePicture() {
    const { stage, result, known } = this.#sources;
    const [source, shown] = [stage.answered, result.shown];
    if (!source || !shown) return;
    const { analysis, showing } = shown;
    const how = { mirrored: showing.mirrored, classes: known.names, evidence: result.evidence };
    this.#store(await snapshot(source, analysis, how), "png");
  }

  /** @param {string} text @param {string} type @param {string} ending */
  #save(text, type, ending) {
    this.#store(new Blob([text], { type }), ending);
  }

  /** @param {Blob} blob @param {string} ending */
  #store(blob, ending) {
    const name = fileName(ending);
    saveFile(blob, name);
    this.#elements.words.textContent = texts.keep.saved(name);
  }

  async #copy() {
    const { link, words } = this.#elements;
    this.update();
    words.textContent = await copyOrSelect(link.value, () => link.select(), texts.keep);
  }
}
