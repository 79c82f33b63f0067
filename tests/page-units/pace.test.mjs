// What is asked for often runs seldom, and its last state is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { atMostEvery } from "../../www/app/views/pace.js";

const rest = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("the first wish runs at once, those that follow run once, after the pause", async () => {
  let wish = 0;
  /** @type {number[]} */
  const ran = [];
  const pace = atMostEvery(50, () => ran.push(wish));
  for (wish = 1; wish <= 5; wish += 1) pace.soon();
  wish = 5;
  assert.deepEqual(ran, [1]);
  await rest(120);
  assert.deepEqual(ran, [1, 5]);
});

test("what must run now runs, and takes the place of what waits", async () => {
  let runs = 0;
  const pace = atMostEvery(50, () => (runs += 1));
  pace.soon();
  pace.soon();
  pace.now();
  assert.equal(runs, 2);
  await rest(120);
  assert.equal(runs, 2);
});
