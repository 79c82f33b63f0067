// What stays as it is when another engine takes over, and where the focus is while something is disabled; with elements that are played.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { TaughtStorage } from "../../www/app/teach/stored.js";
import { TaughtFace } from "../../www/app/teach/taught.js";
import { ExpressionView } from "../../www/app/views/expression.js";
import { TeachView } from "../../www/app/views/teach.js";
import { faceWith } from "./fixtures.mjs";

class PlayedElement extends EventTarget {
  /** @type {PlayedElement[]} */
  children = [];
  dataset = {};
  style = { setProperty() {} };
  textContent = "";
  disabled = false;
  setAttribute() {}
  toggleAttribute() {}
  removeAttribute() {}

  /** @param {PlayedElement[]} children */
  append(...children) {
    this.children.push(...children);
  }

  /** @param {PlayedElement[]} children */
  replaceChildren(...children) {
    this.children = children;
  }

  querySelector() {
    return this.children[0];
  }

  focus() {
    focused = this;
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }
}

/** @type {PlayedElement | undefined} */
let focused;
beforeEach(() => {
  Object.assign(globalThis, { document: { createElement: () => new PlayedElement() } });
  focused = undefined;
});

/** @template {string} T @param {T[]} names @returns {Record<T, PlayedElement>} */
const elements = (...names) =>
  /** @type {Record<T, PlayedElement>} */ (Object.fromEntries(names.map((name) => [name, new PlayedElement()])));

test("the bars of an answer stay when another engine names the classes alike", () => {
  const parts = elements("headline", "kicker", "label", "note", "bars");
  const view = new ExpressionView(/** @type {any} */ (parts));
  const values = () => parts.bars.children.map(({ children }) => children[2].textContent);
  view.setClasses(["neutral", "happy"]);
  view.show(faceWith({ probabilities: Float32Array.of(0.25, 0.75) }));
  assert.deepEqual(values(), ["25%", "75%"]);
  view.setClasses(["neutral", "happy"]);
  assert.deepEqual(values(), ["25%", "75%"]);
  view.setClasses(["sad", "happy"]);
  assert.equal(parts.bars.children[0].children[0].textContent, "sad");
});

/** What teaching needs of a page, with a camera that runs. */
function teaching() {
  const parts = elements("details", "list", "learn", "figures", "use", "save", "file", "delete", "mark", "words");
  parts.details.append(new PlayedElement());
  /** @type {Map<string, string>} */
  const kept = new Map([["dacl-taught-face", "{}"]]);
  const storage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
  const taught = new TaughtFace(new TaughtStorage(() => storage));
  const view = new TeachView(/** @type {any} */ (parts), taught, { onUse() {}, onError() {} });
  Object.defineProperty(taught, "isReady", { value: true });
  view.setClasses(["neutral", "happy"]);
  view.setCamera(true);
  const buttons = () => parts.list.children.map(({ children }) => children[2]);
  return { parts, taught, view, buttons };
}

test("the button that begins a recording keeps the focus, the others wait", () => {
  const { taught, view, buttons } = teaching();
  const [neutral] = buttons();
  neutral.click();
  assert.equal(taught.recorded, 0);
  assert.deepEqual(buttons().map(({ disabled }) => disabled), [false, true]);
  view.setClasses(["neutral", "happy"]);
  assert.equal(buttons()[0], neutral, "another engine leaves it too");
});

test("when all is deleted the focus goes to the heading: there is nothing more to delete", async () => {
  const { parts } = teaching();
  assert.equal(parts.delete.disabled, false);
  parts.delete.click();
  await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(parts.delete.disabled, true);
  assert.equal(focused, parts.details.children[0]);
});
