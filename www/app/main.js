// The page: joins inputs, engine and views. What is on the stage is either a picture or the camera, never both.

import { startEngine } from "./engine/start.js";
import { Turns } from "./engine/turns.js";
import { Failure } from "./failure.js";
import { Camera } from "./input/camera.js";
import { acceptPictures } from "./input/drop.js";
import { followFrames } from "./input/frames.js";
import { decodePicture } from "./input/picture.js";
import { fetchSample, findSample, listSamples } from "./input/samples.js";
import { addressWith, readParameters } from "./parameters.js";
import { accuracySentence, CAMERA, HEADLINE, pictureName, sampleName } from "./texts.js";
import { buildViews } from "./views/build.js";
import { element } from "./views/elements.js";
import { Notices } from "./views/notices.js";
import { SamplesStrip } from "./views/samples.js";

const parameters = readParameters(new URLSearchParams(location.search), document.baseURI);
const notices = new Notices(element("notices", HTMLElement), {
  // The other back end than the one that was asked for.
  ...(parameters.backend === "cpu"
    ? { "use-webgpu": { href: addressWith("backend", "webgpu") } }
    : { "use-cpu": { href: addressWith("backend", "cpu") } }),
  reload: { run: () => location.reload() },
  "retry-attention": { run: () => loadAttention() },
  "retry-camera": { run: () => openCamera() },
});
const { loading, result, stage, status } = buildViews();
const cameraButton = element("camera", HTMLButtonElement);
const camera = new Camera(element("video", HTMLVideoElement), (failure) => {
  closeCamera();
  notices.show(failure);
});
const strip = new SamplesStrip(
  { section: element("samples", HTMLElement), list: element("samples-list", HTMLElement) },
  (sample) => openSample(sample),
);

/** Changes with every wish for something on the stage: the last wish wins, however long its loading takes. */
let wishes = 0;
/** Changes with what is on the stage: answers about what is no longer there are dropped. */
let generation = 0;
/** @type {AbortController | undefined} while the camera runs or is being opened */
let cameraRun;
let isReady = false;

// Seven empty bars hold the place until the engine names its classes.
result.setClasses(Array.from({ length: 7 }, () => ""));
result.showWords(HEADLINE.empty);

const engine = startEngine(parameters, {
  onProgress: (progress) => loading.show(progress),
  onReady(facts) {
    isReady = true;
    document.body.dataset.engine = "ready";
    status.showEngine(facts);
    result.setClasses(facts.classes);
    if (document.body.dataset.source === "none") result.setBusy(false);
    element("about-accuracy", HTMLElement).textContent = accuracySentence(facts.accuracy, facts.dataset);
  },
  onAttention() {
    loading.hide();
    // The label was given without its weights: the picture that is shown gets them now; the camera's next frame has them.
    if (document.body.dataset.source === "picture") analysePicture();
  },
  onAttentionFailed(failure) {
    loading.hide();
    result.setAttentionState("failed");
    notices.show(failure);
  },
  onFailed(failure) {
    isReady = false;
    document.body.dataset.engine = "failed";
    loading.hide();
    status.showFailure();
    result.setBusy(false);
    closeCamera();
    result.showWords(HEADLINE.failed);
    notices.show(failure);
  },
});
const turns = new Turns(engine.ready, engine.analyse);

function loadAttention() {
  result.setAttentionState("loading");
  return engine.loadAttention();
}

/**
 * Puts a picture on the stage and analyses it.
 * @param {() => Promise<Blob>} load
 * @param {string} name
 * @param {import("./input/samples.js").Sample} [sample]
 */
async function openPicture(load, name, sample) {
  const mine = ++wishes;
  let bitmap;
  try {
    bitmap = await decodePicture(await load(), name);
  } catch (error) {
    notices.show(Failure.from(error));
    return;
  }
  if (mine !== wishes) {
    bitmap.close();
    return;
  }
  notices.clear("picture");
  closeCamera();
  generation += 1;
  document.body.dataset.source = "picture";
  stage.showPicture(bitmap, sample ? sampleName(sample.label) : pictureName(name));
  strip.mark(sample);
  result.showWords(isReady ? HEADLINE.working : HEADLINE.waitingForEngine);
  await analysePicture();
}

/** @param {import("./input/samples.js").Sample} sample */
function openSample(sample) {
  return openPicture(() => fetchSample(sample), sample.label, sample);
}

async function analysePicture() {
  const mine = generation;
  result.setBusy(true);
  try {
    const analysis = await turns.next(() => stage.copyPicture());
    if (!analysis || mine !== generation) return;
    result.show(analysis, { mirrored: false });
  } catch (error) {
    if (mine === generation) result.showWords(HEADLINE.failed);
    notices.show(Failure.from(error));
  }
  if (mine === generation) result.setBusy(false);
}

async function openCamera() {
  notices.clear("camera");
  wishes += 1;
  const run = new AbortController();
  cameraRun?.abort();
  cameraRun = run;
  cameraButton.textContent = CAMERA.opening;
  try {
    const opened = await camera.open();
    if (!opened || run.signal.aborted) return;
    generation += 1;
    document.body.dataset.source = "camera";
    cameraButton.textContent = CAMERA.stop;
    cameraButton.setAttribute("aria-pressed", "true");
    strip.mark(undefined);
    stage.showCamera(opened.mirrored);
    stage.note(isReady ? "" : CAMERA.waiting);
    result.showWords(isReady ? HEADLINE.working : HEADLINE.waitingForEngine);
    await followCamera(opened.mirrored, run.signal);
  } catch (error) {
    if (run.signal.aborted) return;
    closeCamera();
    notices.show(Failure.from(error));
  }
}

/** @param {boolean} mirrored @param {AbortSignal} signal */
async function followCamera(mirrored, signal) {
  let last = performance.now();
  let interval = 0;
  const onFrame = async (/** @type {() => Promise<ImageBitmap>} */ takeBitmap) => {
    const analysis = await turns.next(takeBitmap);
    if (!analysis || signal.aborted) return;
    const now = performance.now();
    // A running mean: single intervals jump too much to be read.
    interval = interval ? interval * 0.8 + (now - last) * 0.2 : now - last;
    last = now;
    stage.note("");
    result.setBusy(false);
    result.show(analysis, { mirrored, perSecond: 1000 / interval });
  };
  await followFrames(element("video", HTMLVideoElement), onFrame, signal);
}

/** Stops the camera if it runs or is being opened; the stage is empty if it showed the camera. */
function closeCamera() {
  if (!cameraRun) return;
  cameraRun.abort();
  cameraRun = undefined;
  camera.close();
  cameraButton.textContent = CAMERA.start;
  cameraButton.setAttribute("aria-pressed", "false");
  stage.note("");
  if (document.body.dataset.source !== "camera") return;
  generation += 1;
  document.body.dataset.source = "none";
  stage.showNothing();
  result.showWords(HEADLINE.empty);
}

async function loadSamples() {
  try {
    const samples = await listSamples(document.baseURI);
    strip.show(samples);
    if (parameters.sample === null) return;
    const sample = findSample(samples, parameters.sample);
    if (sample) await openSample(sample);
    else notices.show(new Failure("parameter-sample", parameters.sample));
  } catch (error) {
    notices.show(Failure.from(error, "samples-missing"));
  }
}

/** The choice of back end keeps the rest of the address. */
function linkBackEnds() {
  for (const link of document.querySelectorAll("a[data-backend]")) {
    const backend = /** @type {HTMLAnchorElement} */ (link).dataset.backend ?? "";
    link.setAttribute("href", addressWith("backend", backend));
    if (backend === parameters.backend) link.setAttribute("aria-current", "true");
  }
}

cameraButton.addEventListener("click", () => (cameraRun ? closeCamera() : openCamera()));
acceptPictures(
  { input: element("file", HTMLInputElement), zone: element("stage", HTMLElement) },
  (file) => openPicture(async () => file, file.name),
  (failure) => notices.show(failure),
);
// A promise that nobody awaits and an error that nobody catches are still told.
window.addEventListener("error", ({ error, message }) => notices.show(Failure.from(error ?? message)));
window.addEventListener("unhandledrejection", ({ reason }) => notices.show(Failure.from(reason)));

parameters.refused.forEach((failure) => notices.show(failure));
linkBackEnds();
loadSamples();
