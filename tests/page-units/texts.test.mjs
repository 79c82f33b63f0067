// The page's texts: every language says everything, and index.html says what the English ones say.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { chooseLanguage } from "../../www/app/language.js";
import { NOTICES } from "../../www/app/notices.js";
import { LANGUAGES } from "../../www/app/texts.js";
import { textAt } from "../../www/app/views/wording.js";

const { en, ...others } = LANGUAGES;
const www = new URL("../../www/", import.meta.url);

/**
 * Every text with the place it has; a text that is made from something, with what it is made from.
 * @param {object} texts
 * @returns {string[]}
 */
function places(texts, path = "") {
  return Object.entries(texts)
    .flatMap(([key, value]) => {
      const place = path ? `${path}.${key}` : key;
      // Numbers are written by Intl, which knows its languages.
      if (place === "formats") return [];
      if (typeof value === "object") return places(value, place);
      return typeof value === "function" ? `${place}(${parameters(value)})` : place;
    })
    .sort();
}

/** The names of a function's parameters, as they are written. @param {Function} made */
function parameters(made) {
  const written = String(made).replaceAll(/\/\*\*.*?\*\//g, "");
  return (/^\(?([^)=]*)\)? *=>/.exec(written)?.[1] ?? "").replaceAll(/\s/g, "");
}

test("every language has the same texts, made from the same things", () => {
  const english = places(en);
  assert.ok(english.includes("keep.count(pictures,faces,isFull)"), "what texts are made from is found");
  for (const [name, texts] of Object.entries(others)) assert.deepEqual(places(texts), english, name);
});

test("no text is empty, and none is left in English", () => {
  // Words that are the same in both.
  const shared = new Set(["video.title", "expressions.neutral", "timeline.halfMinute", "status.adapter", "times.median"]);
  const texts = (/** @type {object} */ of) => places(of).filter((place) => !place.includes("("));
  for (const [name, other] of Object.entries(others)) {
    for (const place of texts(other).filter((one) => !["locale", "direction"].includes(one))) {
      assert.notEqual(textAt(other, place).trim(), "", `${name}: ${place}`);
      if (!shared.has(place)) assert.notEqual(textAt(other, place), textAt(en, place), `${name}: ${place}`);
    }
  }
});

test("every notice has its words and every word of a notice is used", () => {
  assert.deepEqual(Object.keys(en.notices).sort(), Object.keys(NOTICES).sort());
});

test("every reason for a back end has its words", () => {
  const [, codes] = /export type BackendReason =(.*?);/s.exec(readFileSync(new URL("../src/web/types.rs", www), "utf8")) ?? [];
  const given = readFileSync(new URL("../src/web/back_end.rs", www), "utf8").matchAll(/Self::\w+ => "([\w-]+)"/g);
  for (const found of [codes.matchAll(/"([\w-]+)"/g), given]) {
    assert.deepEqual([...found].map(([, code]) => code).sort(), Object.keys(en.status.reasons).sort());
  }
});

test("every kind of failure of the engine has its words", () => {
  const [, written] = /export type FailureKind =(.*?);/s.exec(readFileSync(new URL("../src/web/types.rs", www), "utf8")) ?? [];
  const kinds = [...written.matchAll(/"([\w-]+)"/g)].map(([, kind]) => kind).sort();
  assert.deepEqual(Object.keys(en.failures).sort(), kinds);
  const thrown = readFileSync(new URL("../src/web/failure.rs", www), "utf8").matchAll(/Self::\w+ => "([\w-]+)"/g);
  const codes = /export interface DaclError .*?code: (.*?);/s.exec(readFileSync(new URL("../src/web/types.rs", www), "utf8"))?.[1] ?? "";
  assert.deepEqual([...thrown].map(([, name]) => name).filter((name) => !codes.includes(`"${name}"`)).sort(), kinds);
});

test("numbers are written as the language writes them", () => {
  assert.equal(en.formats.weight(0.5), "0.50");
  assert.equal(others.de.formats.weight(0.5), "0,50");
  assert.equal(others.de.certainty.clear(0.93), "Zu 93\u00a0% sicher");
  assert.equal(en.formats.milliseconds(9.96), "10.0 ms");
  assert.equal(others.de.formats.milliseconds(12_340), "12,3 s");
});

test("a probability never claims to be certain, a share of what was counted may", () => {
  const { percent, probability } = en.formats;
  assert.deepEqual([0, 0.004, 0.006, 0.5, 0.994, 0.996, 1].map(probability), ["<1%", "<1%", "1%", "50%", "99%", ">99%", ">99%"]);
  assert.deepEqual([0, 1].map(percent), ["0%", "100%"]);
  assert.equal(others.de.certainty.likely(0.9, "Freude", 0), "Zu 90\u00a0% sicher; dann kommt: Freude (<1\u00a0%)");
});

test("index.html says what the English texts say, and nothing besides", () => {
  for (const file of readdirSync(www).filter((name) => name.endsWith(".html"))) {
    const seen = wordsOf(readFileSync(new URL(file, www), "utf8"));
    assert.ok(seen.length > 10, "its words are found");
    for (const { words, place } of seen) {
      assert.ok(place, `${file}: "${words}" has no place among the texts`);
      assert.equal(words, textAt(en, place ?? null), file);
    }
  }
});

test("every language is offered in every page", () => {
  for (const file of ["index.html", "bench.html"]) {
    const page = readFileSync(new URL(file, www), "utf8");
    for (const [language, { name }] of Object.entries(LANGUAGES)) {
      assert.ok(page.includes(`data-parameter="lang" data-value="${language}"`), language);
      assert.ok(page.includes(`translate="no">${name}</a>`), name);
    }
  }
});

test("the address decides about the language, then the browser", () => {
  const choose = (/** @type {string} */ address, /** @type {string[]} */ read) => {
    const { language, granted, refused } = chooseLanguage(new URLSearchParams(address), read, ["en", "de"]);
    return [language, granted, refused.map(({ detail }) => detail)];
  };
  assert.deepEqual(choose("lang=de", ["en-US"]), ["de", { lang: "de" }, []]);
  assert.deepEqual(choose("", ["fr", "de-AT", "en"]), ["de", {}, []]);
  assert.deepEqual(choose("", ["fr"]), ["en", {}, []]);
  assert.deepEqual(choose("lang=tlh", ["de"]), ["de", {}, ["lang=tlh"]]);
});

/**
 * The words of our own well-formed pages, with the place that they name.
 * @param {string} page
 * @returns {{ words: string, place: string | undefined }[]}
 */
function wordsOf(page) {
  /** @type {{ words: string, place: string | undefined }[]} */
  const found = [];
  /** @type {{ name: string, attributes: Record<string, string>, isKept: boolean }[]} the elements that are open */
  const open = [];
  const empty = new Set(["meta", "link", "img", "input", "br"]);
  const pieces = page.replaceAll(/<!(--.*?--|doctype.*?)>/gs, "").matchAll(/<(\/?)([a-z0-9]+)([^>]*?)(\/?)>|([^<]+)/gi);
  for (const [, closes, name, written, isClosed, text] of pieces) {
    if (text !== undefined) {
      const words = text.replaceAll(/\s+/g, " ").trim();
      const { attributes, isKept } = open.at(-1) ?? { attributes: /** @type {Record<string, string>} */ ({}), isKept: false };
      // Dashes and digits are the same everywhere.
      if (/\p{L}/u.test(words) && !isKept) found.push({ words, place: attributes["data-text"] });
      continue;
    }
    if (closes) {
      assert.equal(open.pop()?.name, name, `</${name}> closes what is open`);
      continue;
    }
    const attributes = Object.fromEntries([...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    const isKept = open.at(-1)?.isKept || attributes.translate === "no";
    for (const named of ["aria-label", "title", "placeholder", "alt"]) {
      if (attributes[named]) found.push({ words: attributes[named], place: named === "aria-label" ? attributes["data-label"] : undefined });
    }
    if (!isClosed && !empty.has(name)) open.push({ name, attributes, isKept });
  }
  return found;
}
