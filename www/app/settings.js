// What people can set, as it stands in the address: ?camera=user|environment, ?lines=480|720|1080, ?mirror=on|off,
// ?steadiness=0..100. Settings that are as the page has them by itself are left out of it.

import { Failure } from "./failure.js";

/**
 * @typedef {object} Settings
 * @property {import("./input/camera.js").Facing} facing which side the camera looks at, where none is chosen
 * @property {string} device the chosen camera; never in the address: it means nothing in another browser
 * @property {number} lines of the camera's picture
 * @property {boolean | undefined} mirror undefined: as the camera's side suggests
 * @property {number} steadiness of labels in live modes, between 0 and 1
 */

const LINES = [480, 720, 1080];

/** @type {Readonly<Settings>} */
const DEFAULTS = { facing: "user", device: "", lines: 720, mirror: undefined, steadiness: 0.5 };

/** How each setting is read from the address (undefined: not understood) and written to it. */
const FORMS = {
  camera: {
    read: (/** @type {string} */ text) => (text === "user" || text === "environment" ? { facing: text } : undefined),
    write: (/** @type {Settings} */ { facing }) => (facing === DEFAULTS.facing ? undefined : facing),
  },
  lines: {
    read: (/** @type {string} */ text) => (LINES.includes(Number(text)) ? { lines: Number(text) } : undefined),
    write: (/** @type {Settings} */ { lines }) => (lines === DEFAULTS.lines ? undefined : String(lines)),
  },
  mirror: {
    read: (/** @type {string} */ text) => (text === "on" || text === "off" ? { mirror: text === "on" } : undefined),
    write: (/** @type {Settings} */ { mirror }) => (mirror === undefined ? undefined : mirror ? "on" : "off"),
  },
  steadiness: {
    read: (/** @type {string} */ text) =>
      /^\d{1,3}$/.test(text) && Number(text) <= 100 ? { steadiness: Number(text) / 100 } : undefined,
    write: (/** @type {Settings} */ { steadiness }) =>
      steadiness === DEFAULTS.steadiness ? undefined : String(Math.round(steadiness * 100)),
  },
};

/**
 * @param {URLSearchParams} query
 * @returns {{ settings: Settings, refused: Failure[] }}
 */
export function readSettings(query) {
  const settings = { ...DEFAULTS };
  /** @type {Failure[]} */
  const refused = [];
  for (const [name, { read }] of Object.entries(FORMS)) {
    const text = query.get(name);
    if (text === null) continue;
    const set = read(text);
    if (set) Object.assign(settings, set);
    else refused.push(new Failure("parameter-setting", `${name}=${text}`));
  }
  return { settings, refused };
}

/**
 * @param {URLSearchParams} query changed in place
 * @param {Settings} settings
 */
export function writeSettings(query, settings) {
  for (const [name, { write }] of Object.entries(FORMS)) {
    const text = write(settings);
    if (text === undefined) query.delete(name);
    else query.set(name, text);
  }
}
