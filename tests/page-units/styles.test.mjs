// Layout that turns round with the direction of writing.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../www/styles/", import.meta.url);

/** What lies on a picture stays where it is: pictures do not turn round. */
const ON_PICTURES = new Set([".box__label"]);

test("no style names left or right, but for what lies on a picture", () => {
  const physical = /(^|[\s;{])((margin|padding|border)-(left|right)[\w-]*|left|right)\s*:|(text-align|float|clear)\s*:\s*(left|right)/;
  const named = [];
  for (const file of readdirSync(folder)) {
    const rules = readFileSync(new URL(file, folder), "utf8").replaceAll(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{([^{}]*)\}/g);
    for (const [, selector, declarations] of rules) {
      if (physical.test(declarations) && !ON_PICTURES.has(selector.trim())) named.push(`${file}: ${selector.trim()}`);
    }
  }
  assert.deepEqual(named, []);
});
