// What a screen reader is told must be heard out.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Announcer } from "../../www/app/views/announcer.js";

/** An announcer whose region remembers all that was said, with a clock that the test sets. */
function announcer() {
  const said = /** @type {string[]} */ ([]);
  const region = { set textContent(/** @type {string} */ words) { said.push(words); } };
  const clock = { ms: 0 };
  mock.method(performance, "now", () => clock.ms);
  return { said, clock, announcer: new Announcer(/** @type {HTMLElement} */ (/** @type {unknown} */ (region))) };
}

test("in live modes the words come with pauses, and not twice", (context) => {
  context.after(() => mock.restoreAll());
  const { said, clock, announcer: live } = announcer();
  for (clock.ms = 0; clock.ms <= 10_000; clock.ms += 100) live.say(`face ${Math.floor(clock.ms / 5000)}`, true);
  assert.deepEqual(said, ["face 0", "face 1", "face 2"]);
  for (; clock.ms <= 30_000; clock.ms += 100) live.say(`now ${clock.ms}`, true);
  assert.ok(said.length <= 3 + 20_000 / 4000 + 1, `${said.length} times`);
});

test("what was asked for is said at once", (context) => {
  context.after(() => mock.restoreAll());
  const { said, announcer: one } = announcer();
  one.say("a", true);
  one.say("b", false);
  one.say("b", false);
  assert.deepEqual(said, ["a", "b", "b"]);
});
