// The bench: measures this machine with this browser, and gives the result to copy.

import { Failure, joinedByCode } from "../failure.js";
import { decodePicture } from "../input/picture.js";
import { fetchSample, listSamples } from "../input/samples.js";
import { siteVersion } from "../offline.js";
import { buildNotices } from "../page/notices.js";
import { readParameters } from "../parameters.js";
import { granted as grantedLanguage, language, refused as refusedLanguage, texts } from "../texts.js";
import { copyOrSelect } from "../views/copy.js";
import { element } from "../views/elements.js";
import { progressWords } from "../views/progress.js";
import { BACK_ENDS } from "../views/status.js";
import { timesTable } from "../views/times.js";
import { markCurrent, writeTexts } from "../views/wording.js";
import { measure } from "./measure.js";
import { resultOf } from "./result.js";

writeTexts(document, texts);
const { milliseconds, megabytes } = texts.formats;
const parameters = readParameters(new URLSearchParams(location.search), document.baseURI);
const granted = { ...parameters.granted, ...grantedLanguage };
const notices = buildNotices(parameters.backend, { writeLink: linkOther, runsOn: () => `${parameters.backend} was asked for` });
const start = element("bench-start", HTMLButtonElement);
const state = element("bench-state", HTMLElement);
const json = element("bench-json", HTMLTextAreaElement);

/** The page or the bench itself with another parameter. @param {HTMLAnchorElement} link */
function linkOther(link) {
  const { parameter, value = "" } = link.dataset;
  const url = new URL(link.getAttribute("href") ?? "", document.baseURI);
  url.search = new URLSearchParams(parameter ? { ...granted, [parameter]: value } : granted).toString();
  link.href = url.href;
}

async function run() {
  start.disabled = true;
  element("bench-result", HTMLElement).hidden = true;
  element("notices", HTMLElement).replaceChildren();
  try {
    const [sample] = await listSamples(document.baseURI);
    if (!sample) throw new Failure("samples-missing");
    const bitmap = await decodePicture(await fetchSample(sample), sample.label);
    const measured = await measure(parameters, { name: sample.label, bitmap }, {
      onProgress: (progress) => tellState(progressWords(progress)),
      onRun: (done, all) => tellState(texts.bench.run(done, all)),
    });
    bitmap.close();
    show(measured);
    tellEnd(texts.bench.done);
  } catch (error) {
    tellEnd(texts.bench.failed);
    notices.show(Failure.from(error));
  }
  start.disabled = false;
}

/** @param {string} words */
function tellState(words) {
  state.textContent = words;
}

/** To screen readers as well. @param {string} words */
function tellEnd(words) {
  tellState(words);
  element("bench-announcer", HTMLElement).textContent = words;
}

/** @param {import("./measure.js").Measured} measured */
function show(measured) {
  const { facts, readyMs, first, steady, memoryBytes } = measured;
  const reasons = /** @type {Record<string, string>} */ (texts.status.reasons);
  element("bench-adapter", HTMLElement).textContent = texts.bench.on(BACK_ENDS[facts.backend], facts.adapter);
  element("bench-reason", HTMLElement).textContent = reasons[facts.backendReasonCode] ?? facts.backendReason;
  element("bench-software", HTMLElement).hidden = facts.backendReasonCode !== "webgpu-software";
  element("bench-ready", HTMLElement).textContent = milliseconds(readyMs);
  element("bench-memory", HTMLElement).textContent = memoryBytes === undefined ? "–" : megabytes(memoryBytes);

  const rows = timesTable({
    first: (part) => first[part],
    median: (part) => steady.summary(part).median,
    p90: (part) => steady.summary(part).p90,
  });
  element("bench-table", HTMLTableElement).replaceChildren(...rows);

  const { userAgent, hardwareConcurrency } = navigator;
  const { deviceMemory } = /** @type {{ deviceMemory?: number }} */ (navigator);
  const machine = { time: new Date(), version: siteVersion(), browser: userAgent, processors: hardwareConcurrency, memoryGib: deviceMemory };
  json.value = JSON.stringify(resultOf(measured, machine), undefined, 1);
  element("bench-result", HTMLElement).hidden = false;
}

async function copy() {
  element("bench-words", HTMLElement).textContent = await copyOrSelect(json.value, () => json.select(), texts.bench);
}

start.addEventListener("click", run);
element("bench-copy", HTMLButtonElement).addEventListener("click", copy);
joinedByCode([...parameters.refused, ...refusedLanguage]).forEach((failure) => notices.show(failure));
for (const link of document.querySelectorAll("nav a, a#bench-back")) linkOther(/** @type {HTMLAnchorElement} */ (link));
markCurrent("backend", parameters.backend);
markCurrent("lang", language);
start.disabled = false;
