// Notices: every failure in words, with what can be done about it. One notice for each code; a new one takes its place.

import { noticeCode, NOTICES } from "../notices.js";
import { texts } from "../texts.js";
import { make } from "./elements.js";
import { buildReport } from "./report.js";

/** @typedef {import("../failure.js").Told} Told */
/** @typedef {import("../engine/messages.js").Backend} Backend */
/** @typedef {{ backend: Backend } | { run: () => void }} Action the page with another back end, or something to do here */
/** @typedef {Partial<Record<import("../notices.js").ActionName, Action>>} Actions */

export class Notices {
  #container;
  #actions;
  #linkOther;
  #report;

  /**
   * @param {HTMLElement} container announces what is added to it
   * @param {Actions} actions what the actions of notices.js do; those that are not given are not offered
   * @param {(link: HTMLAnchorElement) => void} linkOther gives a link to another back end its address
   * @param {(told: Told) => string} report all that is known of a failure
   */
  constructor(container, actions, linkOther, report) {
    this.#container = container;
    this.#actions = actions;
    this.#linkOther = linkOther;
    this.#report = report;
  }

  /** @param {Told} told a failure, or news that is none */
  show(told) {
    const code = noticeCode(told.code);
    const { kind, detail, report, actions = [] } = NOTICES[code];
    const { title, text } = texts.notices[code];
    const notice = make("div", "notice");
    notice.dataset.code = told.code;
    notice.dataset.kind = kind;
    if (kind === "error") notice.setAttribute("role", "alert");

    const words = make("div", "notice__words");
    words.append(make("h2", "notice__title", title), make("p", "notice__text", text));
    const exactly = wordsOfKind(told);
    if (exactly) words.append(make("p", "notice__detail", exactly));
    else if (detail && told.detail) {
      const own = make("p", "notice__detail", told.detail);
      // The words of programs and browsers, file names and addresses.
      own.lang = "en";
      own.translate = false;
      words.append(own);
    }
    // Where the page has said it in its own words, the program's are still there for whoever mends it.
    if (report || exactly) words.append(buildReport(this.#report(told), report === true));
    const buttons = make("div", "notice__actions");
    for (const name of actions) {
      const action = this.#actions[name];
      if (action) buttons.append(this.#action(texts.actions[name], action, told.code));
    }
    buttons.append(this.#dismiss(told.code));
    notice.append(words, buttons);

    this.clear(told.code);
    this.#container.prepend(notice);
  }

  /** @param {string} code also clears codes that begin with it and a dash: "camera" clears "camera-denied" */
  clear(code) {
    for (const notice of [...this.#container.children]) {
      const own = notice instanceof HTMLElement ? (notice.dataset.code ?? "") : "";
      if (own === code || own.startsWith(`${code}-`)) notice.remove();
    }
  }

  /** @param {string} text @param {Action} action @param {string} code */
  #action(text, action, code) {
    if ("backend" in action) {
      const link = make("a", "button button--small", text);
      link.dataset.parameter = "backend";
      link.dataset.value = action.backend;
      this.#linkOther(link);
      return link;
    }
    return this.#button(text, () => {
      this.clear(code);
      action.run();
    });
  }

  /** @param {string} code */
  #dismiss(code) {
    const button = this.#button(texts.actions.dismiss, () => this.clear(code));
    button.classList.add("button--quiet");
    return button;
  }

  /** @param {string} text @param {() => void} run */
  #button(text, run) {
    const button = make("button", "button button--small", text);
    button.type = "button";
    button.addEventListener("click", run);
    return button;
  }
}

/**
 * What exactly failed, in the page's language.
 * @param {Told} told
 * @returns {string | undefined} undefined where the page has no words of its own for it
 */
function wordsOfKind({ kind = "", subject = "" }) {
  const kinds = /** @type {Record<string, (subject: string) => string>} */ (texts.failures);
  const reasons = /** @type {Record<string, string>} */ (texts.status.reasons);
  return kinds[kind]?.(subject) ?? reasons[kind];
}
