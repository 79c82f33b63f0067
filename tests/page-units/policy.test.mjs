// One content-security policy, wherever it stands.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

test("every page, the development server and the advice for hosts have the same policy, which lets nothing out", () => {
  const [, served] = /"Content-Security-Policy" = "(.*?)"/.exec(readFileSync(new URL("Trunk.toml", root), "utf8")) ?? [];
  // A page cannot say by itself who may frame it.
  const policy = served.replace("; frame-ancestors 'self'", "");
  const pages = readdirSync(new URL("www/", root)).filter((name) => name.endsWith(".html"));
  assert.ok(pages.includes("index.html") && pages.includes("bench.html"));
  assert.ok(readFileSync(new URL("docs/page.md", root), "utf8").includes(`    Content-Security-Policy: ${served}\n`));
  for (const page of pages) {
    const [, own] = /"Content-Security-Policy" content="(.*?)"/.exec(readFileSync(new URL(`www/${page}`, root), "utf8")) ?? [];
    assert.equal(own, policy, page);
  }
  assert.match(policy, /img-src 'self';/);
  assert.match(policy, /default-src 'none'.*connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
});
