// The pages of the site: what is written in each of them, since nothing is put together in a build, is the same in all.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (/** @type {string} */ file) => readFileSync(new URL(file, root), "utf8");
const PAGES = { index: read("www/index.html"), bench: read("www/bench.html") };

/** @param {RegExp} part @returns {string[]} that part of each page */
function inEach(part) {
  return Object.entries(PAGES).map(([name, page]) => {
    const [found] = part.exec(page) ?? [""];
    assert.ok(found, `${name} has ${part}`);
    return found;
  });
}

test("every page has the same viewport and referrer, and the same place for notices", () => {
  for (const part of [
    /<meta name="viewport".*>/, /<meta name="referrer".*>/, /<meta name="color-scheme".*>/, /<link rel="icon".*>/,
    /<noscript.*?<\/noscript>/s, /<section id="notices".*<\/section>/,
  ]) {
    const [index, bench] = inEach(part);
    assert.equal(bench, index);
  }
});

test("the bench has styles of the page, in the same order, and its own", () => {
  const styles = (/** @type {string} */ page) => [...page.matchAll(/href="styles\/(.*?)\.css"/g)].map(([, name]) => name);
  const shared = styles(PAGES.index).filter((name) => styles(PAGES.bench).includes(name));
  assert.deepEqual(styles(PAGES.bench), [...shared, "bench"]);
});

test("each page is brought by the same guard, as the last thing in it", () => {
  const [index, bench] = inEach(/<!-- At the end.*?<\/html>/s);
  assert.equal(bench.replace("app/bench/main.js", "app/main.js"), index);
});
