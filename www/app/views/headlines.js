// What stands in the place of a label while there is none.

import { texts } from "../texts.js";

/** @typedef {import("./expression.js").Words} Words */

const { begin, waiting, working, failed } = texts.headline;

export const HEADLINES = /** @type {const} */ ({
  begin: { label: "–", note: begin },
  /** For the network. */
  waiting: { label: "…", note: waiting },
  working: { label: "…", note: working },
  failed: { label: "–", note: failed },
});
