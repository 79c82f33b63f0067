// How sure a label is, in three steps.

/**
 * @param {number} share the label's probability
 * @returns {"beyond" | "clear" | "likely" | "unsure"} beyond: rounded to 100 %, it would claim what no network can
 */
export function certaintyOf(share) {
  if (share >= 0.995) return "beyond";
  if (share >= 0.8) return "clear";
  return share >= 0.5 ? "likely" : "unsure";
}
