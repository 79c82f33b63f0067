// How sure a label is that is not in doubt, in three steps.

/**
 * @param {number} share the label's probability
 * @returns {"beyond" | "clear" | "likely"} beyond: rounded to 100 %, it would claim what no network can
 */
export function certaintyOf(share) {
  if (share >= 0.995) return "beyond";
  return share >= 0.8 ? "clear" : "likely";
}
