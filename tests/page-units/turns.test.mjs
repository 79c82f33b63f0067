// One analysis at a time, and another engine's turn after a lost GPU.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Turns } from "../../www/app/engine/turns.js";
import { analysisOf } from "./fixtures.mjs";

const analysis = analysisOf([]);
/** @param {string} name a picture that is told apart by its name */
const picture = (name) => /** @type {ImageBitmap} */ (/** @type {unknown} */ (name));

test("of those that wait only the newest is analysed", async () => {
  /** @type {unknown[]} */
  const seen = [];
  const turns = new Turns({
    ready: Promise.resolve(),
    analyse: async (bitmap) => {
      seen.push(bitmap);
      return analysis;
    },
  });
  const answers = await Promise.all(["first", "second", "third"].map((name) => turns.next(async () => picture(name), false)));
  assert.deepEqual(seen, ["third"]);
  assert.deepEqual(answers, [undefined, undefined, analysis]);
});

test("one analysis is in flight at a time, and of those that ask meanwhile the newest comes next", async () => {
  /** @type {unknown[]} */
  const seen = [];
  /** @type {(() => void)[]} */
  const ends = [];
  const turns = new Turns({
    ready: Promise.resolve(),
    analyse: (bitmap) => {
      seen.push(bitmap);
      return new Promise((resolve) => ends.push(() => resolve(analysis)));
    },
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 2));
  const asked = [turns.next(async () => picture("first"), false)];
  await settled();
  asked.push(...["second", "third"].map((name) => turns.next(async () => picture(name), false)));
  await settled();
  assert.deepEqual(seen, ["first"], "the others wait for its end");
  ends[0]();
  await settled();
  assert.deepEqual(seen, ["first", "third"]);
  ends[1]();
  assert.deepEqual(await Promise.all(asked), [analysis, undefined, analysis]);
});

test("what a lost GPU left unanswered is taken again and asked of the next engine", async () => {
  let taken = 0;
  const engine = {
    ready: Promise.resolve("first"),
    analyse: async () => {
      if (taken === 1) {
        engine.ready = Promise.resolve("next");
        throw new Error("lost");
      }
      return analysis;
    },
  };
  assert.equal(await new Turns(engine).next(async () => picture(String(++taken)), false), analysis);
  assert.equal(taken, 2);
});

test("any other failure is not asked again", async () => {
  let taken = 0;
  const engine = { ready: Promise.resolve(), analyse: () => Promise.reject(new Error("refused")) };
  await assert.rejects(new Turns(engine).next(async () => picture(String(++taken)), false), { message: "refused" });
  assert.equal(taken, 1);
});

test("when no other engine comes, its failure is told", async () => {
  const engine = {
    ready: Promise.resolve(),
    analyse: () => {
      engine.ready = Promise.reject(new Error("no engine"));
      engine.ready.catch(() => {});
      return Promise.reject(new Error("lost"));
    },
  };
  await assert.rejects(new Turns(engine).next(async () => picture("one"), false), { message: "no engine" });
});
