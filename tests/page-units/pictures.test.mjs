// The sample that the address asks for, and what is brought while the list of samples is on its way.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Pictures } from "../../www/app/page/pictures.js";
import { Scene } from "../../www/app/page/scene.js";

const BASE = "https://example.org/some/";

/** @type {string[]} */
let fetched;
/** @type {() => void} */
let bringList;
/** @type {string[]} */
let told;

beforeEach(() => {
  [fetched, told] = [[], []];
  Object.assign(globalThis, { document: { baseURI: BASE, body: { dataset: { source: "none" } } } });
  const list = new Promise((resolve) => (bringList = () => resolve(undefined)));
  mock.method(globalThis, "fetch", async (/** @type {URL} */ { href }) => {
    fetched.push(href.slice(BASE.length));
    if (!href.endsWith(".json")) return new Response("", { status: 404 });
    await list;
    return Response.json([{ file: "happy.png", label: "happy" }]);
  });
});
afterEach(() => mock.restoreAll());

/** A page with nothing on its stage. */
function page() {
  const scene = new Scene("happy", () => {});
  const parts = { scene, notices: { show: (/** @type {{ code: string }} */ { code }) => told.push(code) }, strip: { show() {} } };
  return { scene, pictures: new Pictures(/** @type {any} */ (parts), { onOpen() {}, onAnswer() {} }) };
}

test("the sample of the address is opened as soon as the list is there", async () => {
  const { pictures } = page();
  const loading = pictures.loadSamples("happy");
  bringList();
  await loading;
  assert.deepEqual(fetched, ["samples/index.json", "samples/happy.png"]);
});

test("what a visitor brings before the list is there is not replaced by it, nor is anything told", async () => {
  for (const asked of ["happy", "unheard-of"]) {
    const { scene, pictures } = page();
    const loading = pictures.loadSamples(asked);
    const isWanted = scene.wish();
    bringList();
    await loading;
    assert.equal(isWanted(), true);
  }
  assert.deepEqual([...new Set(fetched)], ["samples/index.json"]);
  assert.deepEqual(told, []);
});

test("a sample that is not there is told", async () => {
  const { pictures } = page();
  bringList();
  await pictures.loadSamples("unheard-of");
  assert.deepEqual(told, ["parameter-sample"]);
});

test("an address without a sample takes no turn from anyone", async () => {
  const { scene, pictures } = page();
  const isWanted = scene.wish();
  bringList();
  await pictures.loadSamples(null);
  assert.equal(isWanted(), true);
});
