// The link that reproduces the settings. What stands in it is said here: nothing of a picture, a face or a file.

import { writeSettings } from "../settings.js";

/**
 * @param {string} address the page's own
 * @param {import("../settings.js").Settings} settings
 * @param {string | undefined} sample the sample on the stage
 */
export function linkTo(address, settings, sample) {
  const url = new URL(address);
  // Only what the page knows: whatever else stands in the address may be someone's.
  const query = new URLSearchParams();
  for (const name of ["backend", "weights"]) {
    const value = url.searchParams.get(name);
    if (value !== null) query.set(name, value);
  }
  writeSettings(query, settings);
  if (sample) query.set("sample", sample);
  url.search = query.toString();
  url.hash = "";
  return url.href;
}
