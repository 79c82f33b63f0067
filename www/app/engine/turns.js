// One analysis at a time: while one is in flight, only the newest of those that ask waits; the others are dropped.

/** @typedef {import("./messages.js").Analysis} Analysis */

export class Turns {
  #ready;
  #analyse;
  #newest = 0;
  /** @type {Promise<unknown> | undefined} */
  #inFlight;

  /**
   * @param {Promise<unknown>} ready the first turn comes when the engine is there
   * @param {(bitmap: ImageBitmap) => Promise<Analysis>} analyse
   */
  constructor(ready, analyse) {
    this.#ready = ready;
    this.#analyse = analyse;
  }

  /**
   * @param {() => Promise<ImageBitmap>} takeBitmap called when the turn comes, so that no picture waits in memory
   * @returns {Promise<Analysis | undefined>} undefined when a newer picture took the turn
   */
  async next(takeBitmap) {
    const turn = ++this.#newest;
    await this.#ready;
    while (this.#inFlight) await this.#inFlight;
    if (turn !== this.#newest) return undefined;
    const analysis = takeBitmap().then(this.#analyse);
    const over = () => {
      this.#inFlight = undefined;
    };
    this.#inFlight = analysis.then(over, over);
    return analysis;
  }
}
