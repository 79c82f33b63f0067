// Saves a file: it goes from this tab to the downloads folder and nowhere else.

/** @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser needs the address until it has begun to save.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * @param {string} ending
 * @param {Date} [time]
 * @returns {string} a name that sorts by time, in the machine's own time zone
 */
export function fileName(ending, time = new Date()) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `dacl-${day}-${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join("")}.${ending}`;
}
