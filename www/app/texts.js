// The page's texts in the visitor's language. All languages are always loaded: each is a few kilobytes, and one that does not arrive
// later would leave a page without words.

import { chooseLanguage } from "./language.js";
import { texts as de } from "./texts/de.js";
import { texts as en } from "./texts/en.js";

export const LANGUAGES = { en, de };

/** Without a page (in unit tests) there is neither address nor browser. */
const query = new URLSearchParams(globalThis.location?.search);

export const { language, granted, refused } = chooseLanguage(query, globalThis.navigator?.languages ?? [], Object.keys(LANGUAGES));

export const texts = LANGUAGES[/** @type {keyof typeof LANGUAGES} */ (language)];

/**
 * A class as people read it.
 * @param {string} name as the engine calls it
 */
export function expressionName(name) {
  return /** @type {Record<string, string>} */ (texts.expressions)[name] ?? name;
}
