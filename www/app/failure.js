// Failure: an error with a code that the page has a notice for. Everything that can go wrong ends up as one of these.

/**
 * The codes that the engine throws, and those that the page adds: camera-*, picture-unreadable, picture-missing,
 * taught-*, video-unreadable, file-unknown, program-*, browser-*, panic, samples-missing, attention-failed, parameter-*.
 * What the engine throws also has a kind, which is finer, and a subject: the page has words of its own for these.
 */
/** @typedef {{ code: string, detail: string, kind?: string, subject?: string }} Told */
export class Failure extends Error {
  /**
   * @param {string} code names the notice in notices.js
   * @param {string} [detail] what is known beyond the code, in words of whoever failed: mostly English
   * @param {string} [kind] what exactly failed, where the engine did
   * @param {string} [subject] what that is about, such as a file
   */
  constructor(code, detail = "", kind = "", subject = "") {
    super(detail || code);
    this.name = "Failure";
    this.code = code;
    this.detail = detail;
    this.kind = kind;
    this.subject = subject;
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
      const own = /** @type {{ code?: unknown, kind?: string, subject?: string }} */ (error);
      return new Failure(typeof own.code === "string" ? own.code : code, error.message, own.kind, own.subject);
    }
    return new Failure(code, String(error));
  }
}

/**
 * One failure for each code, as there is one notice for each, with the details of all that have it.
 * @param {Failure[]} failures
 * @returns {Failure[]}
 */
export function joinedByCode(failures) {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const detailsOf = (/** @type {string} */ wanted) => failures.filter(({ code }) => code === wanted).map(({ detail }) => detail);
  return codes.map((code) => new Failure(code, detailsOf(code).join("\n")));
}
