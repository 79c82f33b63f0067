// Failure: an error with a code that the page has a notice for. Everything that can go wrong ends up as one of these.

/**
 * The codes that the engine throws, and those that the page adds: camera-*, picture-unreadable, picture-missing,
 * taught-*, video-unreadable, file-unknown, program-*, browser-*, panic, samples-missing, attention-failed, parameter-*.
 */
export class Failure extends Error {
  /**
   * @param {string} code names the notice in notices.js
   * @param {string} [detail] what is known beyond the code, in words
   */
  constructor(code, detail = "") {
    super(detail || code);
    this.name = "Failure";
    this.code = code;
    this.detail = detail;
  }

  /**
   * Keeps a Failure, and turns anything else into one without losing its words.
   * @param {unknown} error
   * @param {string} [code] for errors that carry none
   * @returns {Failure}
   */
  static from(error, code = "unexpected") {
    if (error instanceof Failure) return error;
    if (error instanceof Error) {
      const own = /** @type {{ code?: unknown }} */ (error).code;
      return new Failure(typeof own === "string" ? own : code, error.message);
    }
    return new Failure(code, String(error));
  }
}
