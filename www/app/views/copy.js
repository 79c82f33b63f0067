// Copies words, or selects them so that people can.

/**
 * @param {string} text
 * @param {() => void} select what people copy by hand, where the page may not
 * @param {{ copied: string, copyByHand: string }} words
 * @returns {Promise<string>} what there is to say about it
 */
export async function copyOrSelect(text, select, { copied, copyByHand }) {
  try {
    await navigator.clipboard.writeText(text);
    return copied;
  } catch {
    // Without a secure origin, or where people refused it, there is no clipboard.
    select();
    return copyByHand;
  }
}
