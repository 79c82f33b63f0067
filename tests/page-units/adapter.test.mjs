// Which program is loaded for which adapter.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { programFor } from "../../www/app/engine/adapter.js";

/** @param {unknown} gpu what `navigator.gpu` is */
function browserWith(gpu) {
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
}

/** @param {object | null} adapter */
const giving = (adapter) => ({ requestAdapter: async () => adapter });

const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
afterEach(() => {
  if (own) Object.defineProperty(globalThis, "navigator", own);
  else delete (/** @type {any} */ (globalThis).navigator);
});

test("a real adapter gets the program with WebGPU", async () => {
  browserWith(giving({ info: { vendor: "amd", architecture: "rdna-3", isFallbackAdapter: false } }));
  assert.equal(await programFor("auto"), "dacl");
});

test("no WebGPU, no adapter, a software one or one that fails gets the program for the CPU", async () => {
  const refusing = { requestAdapter: () => Promise.reject(new Error("blocked")) };
  const software = [{ info: { isFallbackAdapter: true } }, { isFallbackAdapter: true }, { info: { device: "SwiftShader Device" } }];
  for (const gpu of [undefined, giving(null), refusing, ...software.map(giving)]) {
    browserWith(gpu);
    assert.equal(await programFor("auto"), "dacl-cpu", JSON.stringify(gpu));
  }
});

test("who asks for a back end gets its program, whatever the adapter", async () => {
  browserWith(giving({ info: { vendor: "amd" } }));
  assert.equal(await programFor("cpu"), "dacl-cpu");
  browserWith(undefined);
  assert.equal(await programFor("webgpu"), "dacl");
});
