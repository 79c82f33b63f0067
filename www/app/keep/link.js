// The link that reproduces the settings. What stands in it is said here: nothing of a picture, a face or a file.

import { writeSettings } from "../settings.js";

/**
 * Only what the page knows gets in: whatever else stands in the page's address may be someone's.
 * @param {string} address the page's own
 * @param {object} contents
 * @param {Record<string, string>} contents.granted what the page was asked for by its address and does
 * @param {import("../settings.js").Settings} contents.settings
 * @param {string | undefined} contents.sample the sample on the stage
 */
export function linkTo(address, { granted, settings, sample }) {
  const url = new URL(address);
  const query = new URLSearchParams(granted);
  writeSettings(query, settings);
  if (sample) query.set("sample", sample);
  url.search = query.toString();
  url.hash = "";
  return url.href;
}
