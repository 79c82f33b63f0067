// Links from this page to itself: another back end or language, or what people pass on, each with everything as it is set now.

import { linkTo } from "../keep/link.js";

export class Links {
  #granted;
  #settings;
  #sample;

  /**
   * @param {Record<string, string>} granted what the address asked for and gets
   * @param {import("../settings.js").Settings} settings
   * @param {() => string | undefined} sample label of the sample on the stage
   */
  constructor(granted, settings, sample) {
    this.#granted = granted;
    this.#settings = settings;
    this.#sample = sample;
  }

  /** The page as it is set now. @param {Record<string, string>} [changed] parameters of the address */
  address(changed = {}) {
    return linkTo(document.URL, { granted: { ...this.#granted, ...changed }, settings: this.#settings, sample: this.#sample() });
  }

  /** Gives a link to another back end or language its address. @param {HTMLAnchorElement} link */
  write(link) {
    const { parameter = "", value = "" } = link.dataset;
    link.href = this.address({ [parameter]: value });
  }

  /** Whenever something is set: what was set since the page was loaded is not lost on the way. */
  update() {
    for (const link of document.querySelectorAll("a[data-parameter]")) this.write(/** @type {HTMLAnchorElement} */ (link));
  }
}
