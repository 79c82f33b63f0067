// A taught face in the browser's storage and as a file: the centres' numbers, no picture. It belongs to the network that it was
// taught to: another one's features mean something else.

import { Failure } from "../failure.js";

const KEY = "dacl-taught-face";
const FORMAT = "dacl-taught-face 1";

/** @typedef {import("./personal.js").Personal} Personal */
/** @typedef {{ classes: string[], fingerprint: string, features: number }} Network */

/**
 * @param {Personal} personal
 * @param {Network} network
 * @returns {string} JSON
 */
export function toText({ centres, weight, measured }, { classes, fingerprint }) {
  const named = Object.fromEntries([...centres].map(([index, centre]) => [classes[index], [...centre]]));
  return JSON.stringify({ format: FORMAT, network: fingerprint, weight, measured, centres: named });
}

/**
 * @param {string} text
 * @param {Network} network
 * @returns {Personal}
 * @throws {Failure} taught-unreadable, taught-other-network
 */
export function fromText(text, { classes, fingerprint, features }) {
  let content;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw Failure.from(error, "taught-unreadable");
  }
  const refuse = (/** @type {string} */ what) => new Failure("taught-unreadable", what);
  if (content?.format !== FORMAT) throw refuse("format");
  if (content.network !== fingerprint) throw new Failure("taught-other-network");
  const { weight, measured, centres } = content;
  if (!isNumber(weight) || weight < 0) throw refuse("weight");
  if (![measured?.frames, measured?.before, measured?.after].every(isNumber)) throw refuse("measured");
  const entries = Object.entries(centres ?? {}).map(([name, values]) => {
    const index = classes.indexOf(name);
    if (index < 0 || !Array.isArray(values) || values.length !== features || !values.every(isNumber)) throw refuse(name);
    return /** @type {[number, Float32Array]} */ ([index, Float32Array.from(values)]);
  });
  const { frames, before, after } = measured;
  return { centres: new Map(entries), weight, measured: { frames, before, after } };
}

/**
 * What tells one network from another: FNV-1a over the bytes of its label layer.
 * @param {Float32Array} classWeights
 */
export function fingerprintOf(classWeights) {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(classWeights.buffer, classWeights.byteOffset, classWeights.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** The browser's storage: what is kept there stays until it is deleted, here or with the site's data. */
export class TaughtStorage {
  #storage;

  /** @param {() => Storage} storage asked for each time: browsers may refuse it */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @returns {{ text: string, isUsed: boolean } | undefined} */
  read() {
    try {
      const kept = this.#storage().getItem(KEY);
      return kept === null ? undefined : JSON.parse(kept);
    } catch {
      // A page without storage has nothing kept.
      return undefined;
    }
  }

  /** @param {string} text @param {boolean} isUsed @throws {Failure} taught-not-kept */
  write(text, isUsed) {
    try {
      this.#storage().setItem(KEY, JSON.stringify({ text, isUsed }));
    } catch (error) {
      throw new Failure("taught-not-kept", Failure.from(error).detail);
    }
  }

  delete() {
    try {
      this.#storage().removeItem(KEY);
    } catch {
      // A page without storage has nothing to delete.
    }
  }
}

/** @param {unknown} value */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
