// The settings of camera and steadiness, as people see and change them.

import { texts } from "../texts.js";
import { make } from "./elements.js";

/** Without a choice of camera, the side it should look at: all that can be chosen before the browser tells which there are. */
const SIDES = /** @type {const} */ (["user", "environment"]);

/** @typedef {import("../settings.js").Settings} Settings */
/** @typedef {import("../input/camera.js").Device} Device */
/**
 * @typedef {object} Elements
 * @property {HTMLSelectElement} camera
 * @property {HTMLButtonElement} switchCamera goes on to the next one
 * @property {HTMLSelectElement} lines
 * @property {HTMLInputElement} mirror
 * @property {HTMLInputElement} steadiness
 * @property {HTMLElement} steadinessWords
 */

export class SettingsView {
  #elements;
  #settings;
  /** @type {Device[]} */
  #devices = [];
  /** @type {import("../input/camera.js").Opened | undefined} the camera that runs */
  #opened;

  /**
   * @param {Elements} elements
   * @param {Settings} settings changed in place
   * @param {(what: "camera" | "mirror" | "steadiness") => void} onChange
   */
  constructor(elements, settings, onChange) {
    this.#elements = elements;
    this.#settings = settings;
    const { camera, switchCamera, lines, mirror, steadiness } = elements;
    camera.addEventListener("change", () => {
      const side = SIDES.find((one) => one === camera.value);
      settings.device = side ? "" : camera.value;
      settings.facing = side ?? settings.facing;
      // The side that it looks at decides about the mirror, unless someone has.
      this.#write();
      onChange("camera");
    });
    switchCamera.addEventListener("click", () => {
      const at = this.#devices.findIndex(({ id }) => id === this.#opened?.device);
      settings.device = this.#devices[(at + 1) % this.#devices.length]?.id ?? "";
      onChange("camera");
    });
    lines.addEventListener("change", () => {
      settings.lines = Number(lines.value);
      onChange("camera");
    });
    mirror.addEventListener("change", () => {
      settings.mirror = mirror.checked;
      onChange("mirror");
    });
    steadiness.addEventListener("input", () => {
      settings.steadiness = steadiness.valueAsNumber / 100;
      this.#write();
      onChange("steadiness");
    });
    this.#write();
  }

  /** @param {Device[]} devices the cameras that are there */
  showCameras(devices) {
    // Before a camera was allowed, browsers tell that there is one, but neither which nor its name.
    this.#devices = devices.filter(({ id }) => id !== "");
    if (this.#settings.device && !this.#devices.some(({ id }) => id === this.#settings.device)) this.#settings.device = "";
    this.#write();
  }

  /** @param {import("../input/camera.js").Opened | undefined} opened the camera that runs; undefined when it stops */
  showOpened(opened) {
    this.#opened = opened;
    // The link can tell the side of the camera that people chose, not which one it is.
    const { facing } = opened ?? {};
    if (this.#settings.device && (facing === "user" || facing === "environment")) this.#settings.facing = facing;
    this.#write();
  }

  /** @returns {boolean} people know themselves from the mirror; a camera that faces away from them shows the world as it is */
  get isMirrored() {
    const facing = this.#opened?.facing ?? this.#settings.facing;
    return this.#settings.mirror ?? facing !== "environment";
  }

  #write() {
    const { camera, switchCamera, lines, mirror, steadiness, steadinessWords: words } = this.#elements;
    const { device, facing, steadiness: strength } = this.#settings;
    const sides = SIDES.map((side) => ({ id: /** @type {string} */ (side), name: texts.camera.whichever[side] }));
    const devices = this.#devices.map(({ id, name }, index) => ({ id, name: name || texts.camera.unnamed(index + 1) }));
    camera.replaceChildren(
      ...[...sides, ...devices].map(({ id, name }) => {
        const option = make("option", "", name);
        option.value = id;
        option.selected = id === (device || facing);
        return option;
      }),
    );
    switchCamera.hidden = !this.#opened || this.#devices.length < 2;
    lines.value = String(this.#settings.lines);
    mirror.checked = this.isMirrored;
    steadiness.valueAsNumber = Math.round(strength * 100);
    const steadinessNow = strength === 0 ? texts.settings.off : texts.formats.percent(strength);
    words.textContent = steadinessNow;
    steadiness.setAttribute("aria-valuetext", steadinessNow);
  }
}
