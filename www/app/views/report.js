// What a developer needs to know of a failure, to be copied: nothing of a picture is in it, and it is sent nowhere.

import { texts } from "../texts.js";
import { copyOrSelect } from "./copy.js";
import { make } from "./elements.js";

/** @param {string} report @param {boolean} isOpen whether it is seen without being asked for */
export function buildReport(report, isOpen) {
  const block = make("details", "notice__report");
  block.open = isOpen;
  const words = make("pre", "", report);
  words.lang = "en";
  words.translate = false;
  words.tabIndex = 0;
  const said = make("span", "notice__said");
  said.setAttribute("role", "status");
  const copy = make("button", "button button--small", texts.report.copy);
  copy.type = "button";
  copy.addEventListener("click", async () => {
    said.textContent = await copyOrSelect(report, () => getSelection()?.selectAllChildren(words), texts.report);
  });
  block.append(make("summary", "", texts.report.summary), words, copy, said);
  return block;
}

/**
 * @param {import("../failure.js").Told} failure
 * @param {{ version: string | undefined, runsOn: string, browser: string }} place
 * @returns {string}
 */
export function reportOf({ code, kind, detail }, { version, runsOn, browser }) {
  const what = kind ? `${code} (${kind})` : code;
  return [`${what}: ${detail}`, `version: ${version ?? "none, not built by cargo xtask build"}`, `engine: ${runsOn}`, `browser: ${browser}`].join("\n");
}
