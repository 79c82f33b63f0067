// What looks at the browser before the page begins: in words that old browsers know, and in every language of the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { LANGUAGES } from "../../www/app/texts.js";

const guard = readFileSync(new URL("../../www/app/guard.js", import.meta.url), "utf8");

class SomeElement {
  /** @type {Record<string, string>} */
  attributes = {};
  /** @type {SomeElement[]} */
  children = [];
  textContent = "";

  /** @param {SomeElement} child */
  appendChild(child) {
    this.children.push(child);
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /** @returns {string} */
  get words() {
    return [this.textContent, ...this.children.map(({ words }) => words)].join("\n");
  }
}

/**
 * @param {object} [changed] what this browser has otherwise
 * @returns {{ notices: SomeElement, body: SomeElement, window: any }} what is written into the page, and where it runs
 */
function pageIn(changed = {}) {
  const [notices, body] = [new SomeElement(), new SomeElement()];
  const document = {
    body,
    currentScript: { getAttribute: () => "app/main.js" },
    createElement: () => new SomeElement(),
    getElementById: () => notices,
    querySelector: () => new SomeElement(),
  };
  const browser = {
    document,
    location: { search: "" },
    navigator: { languages: ["en-US"] },
    HTMLScriptElement: class { noModule = false; },
    // Reads its options as the standard has it, before it looks at the address.
    Worker: class {
      constructor(/** @type {string} */ address, /** @type {{ type?: string }} */ { type } = {}) {
        throw new SyntaxError(address + type);
      }
    },
    WebAssembly, OffscreenCanvas: class {}, createImageBitmap() {}, TransformStream, ...changed,
  };
  Object.assign(browser.HTMLScriptElement.prototype, { noModule: false });
  runInNewContext(guard, Object.assign(browser, { window: browser }));
  return { notices, body, window: browser };
}

test("a browser that has everything gets the page and no notice", () => {
  const { notices, body } = pageIn();
  assert.deepEqual(notices.children, []);
  assert.equal(/** @type {any} */ (body.children[0]).src, "app/main.js");
});

test("what is missing is named in the visitor's language, and the page is not begun", () => {
  for (const language of Object.keys(LANGUAGES)) {
    const { notices, body } = pageIn({ WebAssembly: { validate: () => false }, navigator: { languages: [`${language}-XX`] } });
    assert.deepEqual(body.children, []);
    assert.equal(notices.children[0].attributes.lang, language);
    assert.match(notices.words, /WebAssembly (with|mit) SIMD/);
  }
  const asked = pageIn({ WebAssembly: undefined, location: { search: "?backend=cpu&lang=de" } });
  assert.match(asked.notices.words, /Hier fehlt: WebAssembly\./);
});

test("what fails while the page begins is told with its reason, and later failures are left to the page", () => {
  const { notices, body, window } = pageIn();
  window.onerror("ReferenceError: ResizeObserver is not defined");
  assert.equal(notices.children[0].attributes["data-code"], "page-failed");
  assert.match(notices.words, /update the browser[^]*ResizeObserver is not defined/);
  const [page] = /** @type {any[]} */ (body.children);
  page.onload();
  assert.equal(window.onerror, null);
});

test("a browser whose workers know no modules is told so", () => {
  const { notices } = pageIn({ Worker: class { constructor() { throw new SyntaxError("http://"); } } });
  assert.match(notices.words, /workers made of modules/);
});

test("the module that SIMD is tried with is one, and has a vector in it", () => {
  const [, head, parts] = /var head = (\[.*?\]);\s+var parts = (\[.*?\]);/s.exec(guard) ?? [];
  const bytes = new Uint8Array([...JSON.parse(head), ...JSON.parse(parts)]);
  assert.ok(WebAssembly.validate(bytes));
  // i8x16.splat, behind the prefix of all instructions on vectors.
  assert.deepEqual([...bytes.slice(-3)], [0xfd, 15, 11]);
});

test("nothing is written as only newer browsers understand it", () => {
  const code = guard.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, "").replaceAll(/"[^"]*"/g, '""');
  const newer = [/=>/, /\b(let|const|class|import|export|async|await)\b/, /`/, /\?\./, /\?\?/, /\.\.\./];
  for (const one of newer) assert.doesNotMatch(code, one);
});
