// Which language the page speaks: what the address asks for (?lang=de), else the first that the browser's owner reads and the page
// has, else English.

import { Failure } from "./failure.js";

/**
 * @param {URLSearchParams} query
 * @param {readonly string[]} read the languages that the browser's owner reads, such as de-AT, the best first
 * @param {string[]} known the languages that the page has, such as de; the first is taken where nothing fits
 * @returns {{ language: string, granted: Record<string, string>, refused: Failure[] }} granted: what a link carries on
 */
export function chooseLanguage(query, read, known) {
  const asked = query.get("lang");
  if (asked !== null && known.includes(asked)) return { language: asked, granted: { lang: asked }, refused: [] };
  const fits = read.map((tag) => tag.toLowerCase().split("-")[0]).find((language) => known.includes(language));
  const refused = asked === null ? [] : [new Failure("parameter-setting", `lang=${asked}`)];
  return { language: fits ?? known[0], granted: {}, refused };
}
