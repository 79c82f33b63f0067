// What the address asks for: ?backend=webgpu|cpu|auto, ?weights=URL (this origin only), ?sample=NAME. What people can change on
// the page is read in settings.js.

import { Failure } from "./failure.js";

/** @typedef {import("./engine/messages.js").Backend} Backend */

/** @type {readonly Backend[]} */
const BACKENDS = ["auto", "webgpu", "cpu"];

/**
 * @typedef {object} Parameters
 * @property {Backend} backend
 * @property {string} weights absolute URL of the weights folder, with a slash at its end
 * @property {string | null} sample
 * @property {Record<string, string>} granted back end and weights as the address names them, where it gets them: what a link carries on
 * @property {Failure[]} refused what the address asked for and does not get
 */

/**
 * @param {URLSearchParams} query
 * @param {string} base the page's own address: the shipped weights lie beside it
 * @returns {Parameters}
 */
export function readParameters(query, base) {
  /** @type {Failure[]} */
  const refused = [];
  /** @type {Record<string, string>} */
  const granted = {};
  const asked = query.get("backend");
  const backend = BACKENDS.find((known) => known === asked);
  if (backend) granted.backend = backend;
  else if (asked !== null) refused.push(new Failure("parameter-backend", asked));

  let weights = new URL("weights/", base);
  const other = query.get("weights");
  if (other !== null) {
    const url = folder(other, base);
    if (url) {
      weights = url;
      granted.weights = other;
    } else refused.push(new Failure("parameter-weights", other));
  }
  return { backend: backend ?? "auto", weights: weights.href, sample: query.get("sample"), granted, refused };
}

/**
 * @param {string} address
 * @param {string} base
 * @returns {URL | undefined} undefined when it is no address, or one of another origin
 */
function folder(address, base) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return undefined;
  }
  if (url.origin !== new URL(base).origin) return undefined;
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
