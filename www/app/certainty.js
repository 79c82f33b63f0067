// How sure a label is that is not in doubt, in three steps.

/** Rounded to 100 %, a probability would claim what no network can. */
export const BEYOND = 0.995;

/**
 * @param {number} share the label's probability
 * @returns {"beyond" | "clear" | "likely"}
 */
export function certaintyOf(share) {
  if (share >= BEYOND) return "beyond";
  return share >= 0.8 ? "clear" : "likely";
}
