// Teach it your face: record expressions, learn, look at the figures, use it or not; take it along, bring it, delete it.

import { fileName, saveFile } from "../keep/save.js";
import { texts } from "../texts.js";
import { make } from "./elements.js";

/**
 * @typedef {object} Elements
 * @property {HTMLDetailsElement} details
 * @property {HTMLElement} list
 * @property {HTMLButtonElement} learn
 * @property {HTMLElement} figures
 * @property {HTMLInputElement} use
 * @property {HTMLButtonElement} save
 * @property {HTMLInputElement} file
 * @property {HTMLButtonElement} delete
 * @property {HTMLElement} mark beside the result, while what was learnt has its say in it
 * @property {HTMLElement} words what was done, said to screen readers as well
 */

export class TeachView {
  #elements;
  #taught;
  /** @type {string[]} */
  #classes = [];
  /** @type {{ button: HTMLButtonElement, frames: HTMLElement }[]} */
  #rows = [];
  #hasCamera = false;

  /**
   * @param {Elements} elements
   * @param {import("../teach/taught.js").TaughtFace} taught
   * @param {{ onUse: () => void, onError: (error: unknown) => void }} told onUse: answers are other ones from now on
   */
  constructor(elements, taught, { onUse, onError }) {
    this.#elements = elements;
    this.#taught = taught;
    const { details, learn, use, save, file, delete: deleteAll, words } = elements;
    const doing = (/** @type {() => void | Promise<void>} */ action, said = "") => async () => {
      words.textContent = "";
      try {
        await action();
        words.textContent = said;
      } catch (error) {
        onError(error);
      }
      this.update();
      onUse();
    };
    learn.addEventListener("click", doing(() => taught.learn(), texts.teach.learnt));
    use.addEventListener("change", doing(() => taught.use(use.checked)));
    save.addEventListener("click", () => {
      const name = fileName("json").replace("dacl-", "dacl-face-");
      saveFile(new Blob([taught.toText()], { type: "application/json" }), name);
      words.textContent = texts.keep.saved(name);
    });
    file.addEventListener("change", async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      await doing(async () => taught.load(await chosen.text()), texts.teach.brought)();
      // The same file can be chosen again.
      file.value = "";
    });
    deleteAll.addEventListener("click", async () => {
      await doing(() => taught.delete(), texts.teach.deleted)();
      // The button that had the focus is disabled now.
      details.querySelector("summary")?.focus();
    });
    this.update();
  }

  /** @param {string[]} classes in words */
  setClasses(classes) {
    // Another engine that names them alike: rows and focus stay.
    if (classes.join() === this.#classes.join()) return;
    this.#classes = classes;
    this.#rows = classes.map((name, index) => {
      const button = make("button", "button button--small", texts.teach.record);
      button.type = "button";
      button.setAttribute("aria-label", texts.teach.recordOne(name));
      button.addEventListener("click", () => this.#record(index));
      const frames = make("span", "teach__frames");
      return { button, frames };
    });
    this.#elements.list.replaceChildren(
      ...this.#rows.map(({ button, frames }, index) => {
        const row = make("li", "teach__row");
        row.append(make("span", "", classes[index]), frames, button);
        return row;
      }),
    );
    this.update();
  }

  /** @param {boolean} has whether a camera runs: nothing else is recorded */
  setCamera(has) {
    this.#hasCamera = has;
    if (!has) this.#taught.stopRecording();
    this.update();
  }

  /**
   * The newest answer about the camera.
   * @param {import("../engine/messages.js").Face | undefined} face that is shown
   * @param {number} ms when the frame was taken
   */
  see(face, ms) {
    const index = this.#taught.recorded;
    const state = this.#taught.see(face, ms);
    if (index === undefined || state === "none" || state === "goes-on") return;
    const { words } = this.#elements;
    words.textContent = state === "done" ? texts.teach.recorded(this.#classes[index], this.#taught.framesOf(index)) : texts.teach.givenUp;
    this.update();
  }

  update() {
    const { learn, figures, use, save, file, delete: deleteAll, mark } = this.#elements;
    const { personal, isReady, isUsed, recorded, canLearn } = this.#taught;
    this.#rows.forEach(({ button, frames }, index) => {
      // The button that began a recording keeps the focus: it begins anew.
      button.disabled = !isReady || !this.#hasCamera || (recorded !== undefined && recorded !== index);
      const count = this.#taught.framesOf(index);
      frames.textContent = recorded === index ? texts.teach.recording : count > 0 ? texts.teach.frames(count) : "";
    });
    learn.disabled = !isReady || !canLearn;
    figures.textContent = personal ? this.#figures(personal) : "";
    use.disabled = !personal;
    use.checked = isUsed;
    save.disabled = !personal;
    file.disabled = !isReady;
    const hasRecording = this.#classes.some((_, index) => this.#taught.framesOf(index) > 0);
    deleteAll.disabled = !personal && !hasRecording && !this.#taught.isKept;
    mark.hidden = !isUsed;
  }

  /** @param {number} index */
  #record(index) {
    this.#taught.record(index);
    this.#elements.words.textContent = texts.teach.show(this.#classes[index]);
    this.update();
  }

  /** @param {import("../teach/personal.js").Personal} personal */
  #figures({ centres, weight, measured: { frames, before, after } }) {
    const names = [...centres.keys()].map((index) => this.#classes[index]).join(", ");
    if (weight === 0) return texts.teach.noHelp(names, frames, before);
    return texts.teach.figures(names, frames, before, after, weight);
  }
}
