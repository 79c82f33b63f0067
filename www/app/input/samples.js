// The sample pictures that are shipped with the page: samples/index.json lists them as {file, label}.

import { Failure } from "../failure.js";

/** @typedef {{ file: string, label: string, url: string }} Sample */

/**
 * @param {string} base the page's own address
 * @returns {Promise<Sample[]>}
 */
export async function listSamples(base) {
  const folder = new URL("samples/", base);
  const response = await get(new URL("index.json", folder));
  let list;
  try {
    list = await response.json();
  } catch (error) {
    throw Failure.from(error, "samples-missing");
  }
  if (!Array.isArray(list)) throw new Failure("samples-missing", "index.json holds no list");
  return list
    .filter(({ file, label }) => typeof file === "string" && typeof label === "string")
    .map(({ file, label }) => ({ file, label, url: new URL(file, folder).href }));
}

/**
 * @param {Sample} sample
 * @returns {Promise<Blob>}
 */
export async function fetchSample({ url }) {
  return (await get(new URL(url))).blob();
}

/**
 * @param {Sample[]} samples
 * @param {string} name a label, or a file's name with or without its ending
 * @returns {Sample | undefined}
 */
export function findSample(samples, name) {
  const wanted = name.toLowerCase();
  return samples.find(({ file, label }) => {
    const full = file.toLowerCase();
    return [label.toLowerCase(), full, full.replace(/\.[^.]+$/, "")].includes(wanted);
  });
}

/** @param {URL} url */
async function get(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw Failure.from(error, "samples-missing");
  }
  if (!response.ok) throw new Failure("samples-missing", `${url.pathname}: status ${response.status}`);
  return response;
}
