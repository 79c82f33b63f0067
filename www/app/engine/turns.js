// One analysis at a time: while one is in flight, only the newest of those that ask waits; the others are dropped. What a lost GPU has
// left unanswered is asked again.

/** @typedef {import("./messages.js").Analysis} Analysis */

/**
 * @typedef {object} Analyser
 * @property {Promise<unknown>} ready the first turn comes when the engine is there; another promise after its GPU was lost
 * @property {(bitmap: ImageBitmap, isLive: boolean) => Promise<Analysis>} analyse
 */

export class Turns {
  #engine;
  #newest = 0;
  /** @type {Promise<unknown> | undefined} */
  #inFlight;

  /** @param {Analyser} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Whether no answer is on its way. */
  get isFree() {
    return this.#inFlight === undefined;
  }

  /**
   * @param {() => Promise<ImageBitmap>} takeBitmap called when the turn comes, so that no picture waits in memory
   * @param {boolean} isLive whether it follows the one before, as in a video
   * @returns {Promise<Analysis | undefined>} undefined when a newer picture took the turn
   */
  async next(takeBitmap, isLive) {
    const turn = ++this.#newest;
    await this.#engine.ready;
    while (this.#inFlight) await this.#inFlight;
    if (turn !== this.#newest) return undefined;
    const analysis = this.#analyse(takeBitmap, isLive);
    const over = () => {
      this.#inFlight = undefined;
    };
    this.#inFlight = analysis.then(over, over);
    return analysis;
  }

  /** @param {() => Promise<ImageBitmap>} takeBitmap @param {boolean} isLive @returns {Promise<Analysis>} */
  async #analyse(takeBitmap, isLive) {
    const { ready } = this.#engine;
    try {
      return await this.#engine.analyse(await takeBitmap(), isLive);
    } catch (error) {
      // Another engine is on its way: it gets the picture that there is then.
      if (ready === this.#engine.ready) throw error;
      await this.#engine.ready;
      return this.#analyse(takeBitmap, isLive);
    }
  }
}
