// The boxes around the faces, with their labels. Each is a button that chooses its face; a list of the same choices
// stands beside the result when there are several.

import { texts } from "../texts.js";
import { make } from "./elements.js";
import { shortLabel } from "./label.js";

/** @typedef {import("../engine/messages.js").Analysis} Analysis */

export class Boxes {
  #overlay;
  #choice;
  #onChoose;
  /** @type {string[]} */
  #classes = [];

  /**
   * @param {{ overlay: HTMLElement, choice: HTMLElement }} elements
   * @param {(number: number) => void} onChoose told the number of the face
   */
  constructor({ overlay, choice }, onChoose) {
    this.#overlay = overlay;
    this.#choice = choice;
    this.#onChoose = onChoose;
  }

  /** @param {string[]} classes in words, in the order of the probabilities */
  setClasses(classes) {
    this.#classes = classes;
  }

  /**
   * @param {Analysis} analysis
   * @param {number} chosen
   * @param {boolean} mirrored whether the picture is shown as in a mirror
   */
  show({ width, height, faces }, chosen, mirrored) {
    this.#count(faces.length);
    faces.forEach((face, index) => {
      const who = texts.result.face(face.number);
      const name = shortLabel(face, this.#classes);
      const left = mirrored ? width - face.x - face.width : face.x;
      const box = /** @type {HTMLElement} */ (this.#overlay.children[index]);
      place(box, { left: left / width, top: face.y / height, width: face.width / width, height: face.height / height }, face.angle !== 0);
      box.style.setProperty("--lean", `${mirrored ? -face.angle : face.angle}deg`);
      box.children[0].textContent = name;
      box.setAttribute("aria-pressed", String(index === chosen));
      box.setAttribute("aria-label", `${who}: ${name}`);
      const choice = /** @type {HTMLElement} */ (this.#choice.children[index]);
      for (const button of [box, choice]) button.dataset.face = String(face.number);
      choice.textContent = `${who}: ${name}`;
      choice.setAttribute("aria-pressed", String(index === chosen));
    });
    this.#choice.hidden = faces.length < 2;
  }

  clear() {
    this.#count(0);
    this.#choice.hidden = true;
  }

  /** Keeps the buttons that are there: replacing them for each camera frame would take the focus away. @param {number} count */
  #count(count) {
    for (let index = this.#overlay.children.length; index < count; index += 1) {
      const box = this.#button("box");
      box.append(make("span", "box__label"));
      this.#overlay.append(box);
      this.#choice.append(this.#button("chip"));
    }
    while (this.#overlay.children.length > count) {
      this.#overlay.lastElementChild?.remove();
      this.#choice.lastElementChild?.remove();
    }
  }

  /** @param {string} className */
  #button(className) {
    const button = make("button", className);
    button.type = "button";
    button.addEventListener("click", () => this.#onChoose(Number(button.dataset.face)));
    return button;
  }
}

/**
 * @param {HTMLElement} box
 * @param {{ left: number, top: number, width: number, height: number }} shares of the picture
 * @param {boolean} leans what is turned afterwards keeps its size, or its centre would move
 */
function place(box, { left, top, width, height }, leans) {
  // A face that is cut by the picture's edge has a box that goes beyond it.
  const within = leans ? (/** @type {number} */ share) => share : inside;
  const [x1, y1] = [within(left), within(top)];
  const sides = { left: x1, top: y1, width: within(left + width) - x1, height: within(top + height) - y1 };
  for (const [side, share] of Object.entries(sides)) box.style.setProperty(side, `${(share * 100).toFixed(3)}%`);
  // At the picture's top edge the label goes inside the box.
  box.toggleAttribute("data-inside", y1 < 0.08);
}

/** @param {number} share */
const inside = (share) => Math.min(1, Math.max(0, share));
