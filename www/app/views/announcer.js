// Says results to screen readers. The camera's results would never let them finish: those are said with pauses.

const PAUSE_MS = 4000;

export class Announcer {
  #region;
  #last = "";
  #lastAt = -Infinity;

  /** @param {HTMLElement} region a live region */
  constructor(region) {
    this.#region = region;
  }

  /**
   * @param {string} words
   * @param {boolean} live whether the next words follow within moments
   */
  say(words, live) {
    const now = performance.now();
    if (live && (words === this.#last || now - this.#lastAt < PAUSE_MS)) return;
    this.#last = words;
    this.#lastAt = now;
    this.#region.textContent = words;
  }
}
