// The label that is named from picture to picture. Where two classes are about as likely, the likeliest changes with each
// picture; the name stays until another class leads clearly, or leads for some time.

import { likeliest } from "../ranking.js";

/** At full strength, a lead of this much takes the name at once. */
const MARGIN = 0.2;
/** At full strength, a smaller lead takes the name after this time. */
const HOLD_MS = 1000;

/**
 * @typedef {object} Naming
 * @property {number} named the class that is named
 * @property {number} rival the class that leads instead; the named one when none does
 * @property {number} since when the rival took the lead, in milliseconds
 */

/**
 * @param {Naming | undefined} before
 * @param {Float32Array} probabilities
 * @param {number} nowMs
 * @param {number} strength between 0 (the likeliest is always named) and 1
 * @returns {Naming}
 */
export function nextNaming(before, probabilities, nowMs, strength) {
  const leader = likeliest(probabilities);
  const fresh = { named: leader, rival: leader, since: nowMs };
  if (!before || leader === before.named || strength <= 0) return fresh;
  const lead = probabilities[leader] - probabilities[before.named];
  // A third class that takes the lead starts its own time.
  const since = before.rival === leader ? before.since : nowMs;
  if (lead >= MARGIN * strength || nowMs - since >= HOLD_MS * strength) return fresh;
  return { named: before.named, rival: leader, since };
}
