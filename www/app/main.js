// The page: joins inputs, engine and views. On the stage is one thing at a time: a picture, the camera or a video.

import { Engine } from "./engine/start.js";
import { Turns } from "./engine/turns.js";
import { doubtsAbout } from "./doubt.js";
import { Failure } from "./failure.js";
import { Camera, listCameras, watchCameras } from "./input/camera.js";
import { acceptFiles } from "./input/drop.js";
import { decodePicture } from "./input/picture.js";
import { fetchSample, findSample, listSamples } from "./input/samples.js";
import { VideoFile } from "./input/video.js";
import { linkTo } from "./keep/link.js";
import { Session } from "./keep/record.js";
import { followLive } from "./live/follow.js";
import { Histories } from "./live/history.js";
import { Steady } from "./live/steady.js";
import { keepForOffline, siteVersion } from "./offline.js";
import { readParameters } from "./parameters.js";
import { likeliest } from "./ranking.js";
import { readSettings } from "./settings.js";
import { fingerprintOf, TaughtStorage } from "./teach/stored.js";
import { TaughtFace } from "./teach/taught.js";
import { expressionName, granted as grantedLanguage, language, refused as refusedLanguage, texts } from "./texts.js";
import { buildKeep, buildPlayer, buildRecord, buildSettings, buildTeach, buildViews } from "./views/build.js";
import { element } from "./views/elements.js";
import { Notices } from "./views/notices.js";
import { reportOf } from "./views/report.js";
import { SamplesStrip } from "./views/samples.js";
import { markCurrent, writeTexts } from "./views/wording.js";

writeTexts(document, texts);
const parameters = readParameters(new URLSearchParams(location.search), document.baseURI);
const { settings, refused } = readSettings(new URLSearchParams(location.search));
/** What stands in the place of a label. */
const BEGIN = { label: "–", note: texts.headline.begin };
const WAITING = { label: "…", note: texts.headline.waiting };
const WORKING = { label: "…", note: texts.headline.working };
const FAILED = { label: "–", note: texts.headline.failed };

/** @type {import("./views/notices.js").Actions} */
const actions = {
  reload: { run: () => location.reload() },
  "retry-attention": { run: () => loadAttention() },
  "retry-camera": { run: () => openCamera() },
  "take-over": { run: () => takeOver() },
};
// The other back end than the one that was asked for.
if (parameters.backend === "cpu") actions["use-webgpu"] = { backend: "webgpu" };
else actions["use-cpu"] = { backend: "cpu" };
const notices = new Notices(element("notices", HTMLElement), actions, linkOther, (failure) =>
  reportOf(failure, { version: siteVersion(), runsOn, browser: navigator.userAgent }),
);
/** @param {unknown} error */
const tell = (error) => notices.show(Failure.from(error));

const session = new Session();
const taught = new TaughtFace(new TaughtStorage(() => localStorage));
const steady = new Steady(settings.steadiness);
const histories = new Histories();
/** @type {string[]} */
let classes = [];
/** @type {import("./doubt.js").Limits} as the engine has them, once it is there */
let limits = { notSureBelow: 0, unlikeBeyond: Infinity };
/** @type {string | undefined} the label of the sample on the stage, or on its way there because the address asks for it */
let linkedSample = parameters.sample ?? undefined;
/** Changes with every wish for something on the stage: the last wish wins, however long its loading takes. */
let wishes = 0;
/** Changes with what is on the stage: answers about what is no longer there are dropped. */
let generation = 0;
/** @type {{ kind: "camera" | "video", abort: AbortController } | undefined} what runs, or is being opened */
let live;
let isReady = false;
/** Back end and adapter, for the report of a failure. */
let runsOn = "not started";
/** @type {() => void} */
let markLoaded;
/** When label path and attention arm are there. */
const loaded = /** @type {Promise<void>} */ (new Promise((resolve) => (markLoaded = resolve)));
/** Puts the newer version of the site, once there is one, in the place of this one. */
let takeOver = () => {};

const { announcer, loading, result, stage, status, timeline } = buildViews((face) => {
  if (isLive()) timeline.show(histories.of(face?.number));
});
const video = element("video", HTMLVideoElement);
const player = buildPlayer(video, () => steady.jump(performance.now()));
const settingsView = buildSettings(settings, applySetting);
const keep = buildKeep(
  { stage, result, session, classes: () => classes, link: () => linkWith({}) },
  tell,
);
const teach = buildTeach(taught, {
  onUse() {
    // Answers that were smoothed so far are of another kind.
    steady.jump(performance.now());
    if (source() === "picture") analysePicture();
  },
  onError: tell,
});
const record = buildRecord(tell);
const cameraButton = element("camera", HTMLButtonElement);
const camera = new Camera(video, {
  onLost(failure) {
    closeLive();
    notices.show(failure);
  },
  onPicture(gives) {
    if (gives) notices.clear("camera-silent");
    else notices.show(new Failure("camera-silent"));
  },
});
const videoFile = new VideoFile(video, (failure) => {
  closeLive();
  notices.show(failure);
});
const strip = new SamplesStrip(
  { section: element("samples", HTMLElement), list: element("samples-list", HTMLElement) },
  (sample) => openSample(sample),
);

// Seven empty bars hold the place until the engine names its classes.
result.setClasses(Array.from({ length: 7 }, () => ""));
result.showWords(BEGIN);

const engine = new Engine(parameters, {
  onProgress: (progress) => loading.show(progress),
  onReady(facts) {
    isReady = true;
    document.body.dataset.engine = "ready";
    classes = facts.classes;
    limits = facts;
    runsOn = `${facts.backend}, ${facts.adapter}`;
    status.showEngine(facts);
    const names = classes.map(expressionName);
    result.setEngine(facts, names);
    timeline.setClasses(names);
    teach.setClasses(names);
    if (source() === "none") result.setBusy(false);
    element("about-accuracy", HTMLElement).textContent = texts.about.accuracy(facts.accuracy, facts.dataset);
  },
  onAttention(centres) {
    result.setCentres(centres);
    startTeaching(centres);
    loading.hide();
    // The label was given without its weights: the picture that is shown gets them now; the next frame has them by itself.
    if (source() === "picture") analysePicture();
    markLoaded();
  },
  onAttentionFailed(failure) {
    loading.hide();
    result.setAttentionState("failed");
    notices.show(failure);
  },
  onLost(next) {
    isReady = false;
    document.body.dataset.engine = "loading";
    // Weights that are shown stay until the new engine has its own.
    result.setAttentionState("loading");
    result.setBusy(true);
    notices.clear("device-lost");
    notices.show({ code: `device-lost-${next}`, detail: "" });
  },
  onFailed(failure) {
    isReady = false;
    document.body.dataset.engine = "failed";
    loading.hide();
    status.showFailure();
    result.setBusy(false);
    closeLive();
    result.showWords(FAILED);
    notices.show(failure);
  },
});
const turns = new Turns({
  get ready() {
    return engine.ready;
  },
  analyse: async (bitmap) => taught.applyTo(await engine.analyse(bitmap)),
});

/** @param {import("./engine/messages.js").Centres} centres that a taught face's own begin at */
async function startTeaching({ positions }) {
  const { classWeights } = await engine.ready;
  const network = { classes, fingerprint: fingerprintOf(classWeights), features: classWeights.length / classes.length };
  try {
    taught.setNetwork(network, positions);
  } catch (error) {
    tell(error);
  }
  teach.update();
}

function loadAttention() {
  result.setAttentionState("loading");
  return engine.loadAttention();
}

/** @returns {string} what is on the stage: none, picture, camera or video */
function source() {
  return document.body.dataset.source ?? "none";
}

function isLive() {
  return source() === "camera" || source() === "video";
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
    // What is not wished for any more has failed for nobody.
    if (mine === wishes) tell(error);
    return;
  }
  if (mine !== wishes) {
    bitmap.close();
    return;
  }
  clearInputNotices();
  closeLive();
  generation += 1;
  document.body.dataset.source = "picture";
  stage.showPicture(bitmap, sample ? texts.stage.sample(expressionName(sample.label)) : texts.stage.picture(name));
  markSample(sample);
  result.showWords(isReady ? WORKING : WAITING);
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
    const judged = withDoubts(analysis);
    session.add({ time: new Date(), source: "picture", faces: judged.faces, key: mine });
    result.show(judged, { mirrored: false });
  } catch (error) {
    if (mine === generation) result.showWords(FAILED);
    tell(error);
  }
  if (mine === generation) result.setBusy(false);
  keep.update();
}

/** @param {import("./engine/messages.js").Analysis} analysis */
function withDoubts(analysis) {
  const judge = (/** @type {import("./engine/messages.js").Face} */ face) => {
    const named = face.named ?? likeliest(face.probabilities);
    return { ...face, doubts: doubtsAbout(face, named, limits) };
  };
  return { ...analysis, faces: analysis.faces.map(judge) };
}

async function openCamera() {
  notices.clear("camera");
  // A camera that runs stays on the stage until it comes back with other settings.
  if (live?.kind === "video") closeLive();
  const { signal } = beginLive("camera");
  cameraButton.textContent = texts.camera.opening;
  try {
    const opened = await camera.open(settings);
    if (!opened || signal.aborted) return;
    cameraButton.textContent = texts.camera.stop;
    cameraButton.toggleAttribute("data-on", true);
    settingsView.showOpened(opened);
    // Only now does the browser tell the cameras' names.
    showCameras();
    await showLive("camera", texts.camera, texts.camera.alternative, signal);
  } catch (error) {
    if (signal.aborted) return;
    const failure = Failure.from(error);
    // What is not there is not asked for again.
    if (failure.code === "camera-unsuitable") settings.device = "";
    closeLive();
    notices.show(failure);
  }
}

/** @param {File} file */
async function openVideo(file) {
  closeLive();
  clearInputNotices();
  const { signal } = beginLive("video");
  try {
    if (!(await videoFile.open(file)) || signal.aborted) return;
    player.show();
    player.play();
    await showLive("video", texts.video, texts.video.alternative(file.name), signal);
  } catch (error) {
    if (signal.aborted) return;
    closeLive();
    tell(error);
  }
}

/** @param {"camera" | "video"} kind */
function beginLive(kind) {
  wishes += 1;
  live?.abort.abort();
  live = { kind, abort: new AbortController() };
  return live.abort;
}

/**
 * Shows what runs in the video element, and what is said about it, until the signal aborts.
 * @param {"camera" | "video"} kind
 * @param {{ runs: string, waiting: string }} words what is said when it begins, and while the network is still loading
 * @param {string} name
 * @param {AbortSignal} signal
 */
async function showLive(kind, { runs, waiting }, name, signal) {
  generation += 1;
  document.body.dataset.source = kind;
  teach.setCamera(kind === "camera");
  markSample(undefined);
  steady.reset();
  histories.clear();
  timeline.hide();
  stage.showLive(name, isMirrored());
  stage.note(isReady ? "" : waiting);
  announcer.say(runs, false);
  result.showWords(isReady ? WORKING : WAITING);
  keep.update();
  const onAnswer = (/** @type {import("./live/follow.js").Answer} */ { analysis, frame, ms, videoSeconds, perSecond }) => {
    const judged = withDoubts(analysis);
    const { faces } = judged;
    stage.keepFrame(frame);
    stage.note("");
    histories.add(faces, ms);
    session.add({ time: new Date(), source: kind, faces, videoSeconds: kind === "video" ? videoSeconds : undefined });
    result.setBusy(false);
    result.show(judged, { mirrored: isMirrored(), perSecond });
    record.see(frame, judged, { mirrored: isMirrored(), classes: classes.map(expressionName) });
    if (kind === "camera") teach.see(result.face, ms);
    keep.update({ often: true });
  };
  await followLive({ video, stage, turns, steady }, onAnswer, signal);
}

/** Stops the camera or the video if one runs or is being opened; the stage is empty if it showed that. */
function closeLive() {
  if (!live) return;
  live.abort.abort();
  live = undefined;
  record.end();
  camera.close();
  teach.setCamera(false);
  videoFile.close();
  player.hide();
  settingsView.showOpened(undefined);
  cameraButton.textContent = texts.camera.start;
  cameraButton.removeAttribute("data-on");
  notices.clear("camera-silent");
  stage.note("");
  if (!isLive()) return;
  generation += 1;
  document.body.dataset.source = "none";
  timeline.hide();
  stage.showNothing();
  announcer.say(texts.stage.stopped, false);
  result.showWords(BEGIN);
  // What was waited for is not coming any more.
  if (isReady) result.setBusy(false);
  keep.update();
}

function isMirrored() {
  return source() === "camera" && settingsView.isMirrored;
}

/** @param {"camera" | "mirror" | "steadiness"} what */
function applySetting(what) {
  if (what === "steadiness") steady.setStrength(settings.steadiness);
  if (what === "mirror") stage.mirror(isMirrored());
  // A camera takes its settings when it is opened.
  if (what === "camera" && live?.kind === "camera") openCamera();
  linkOthers();
  keep.update();
}

async function showCameras() {
  settingsView.showCameras(await listCameras());
}

/** @param {import("./input/samples.js").Sample | undefined} sample the one on the stage */
function markSample(sample) {
  linkedSample = sample?.label;
  strip.mark(sample);
  linkOthers();
}

function clearInputNotices() {
  for (const code of ["picture", "video", "file", "camera"]) notices.clear(code);
}

async function loadSamples() {
  try {
    const samples = await listSamples(document.baseURI);
    strip.show(samples);
    if (parameters.sample === null) return;
    const sample = findSample(samples, parameters.sample);
    if (sample) await openSample(sample);
    else {
      markSample(undefined);
      notices.show(new Failure("parameter-sample", parameters.sample));
    }
  } catch (error) {
    notices.show(Failure.from(error, "samples-missing"));
  }
}

/** The page as it is set now. @param {Record<string, string>} changed parameters of the address */
function linkWith(changed) {
  const granted = { ...parameters.granted, ...grantedLanguage, ...changed };
  return linkTo(document.URL, { granted, settings, sample: linkedSample });
}

/** Another back end or language, and the rest as it is set now. @param {HTMLAnchorElement} link */
function linkOther(link) {
  const { parameter = "", value = "" } = link.dataset;
  link.href = linkWith({ [parameter]: value });
}

/** Whenever something is set: what was set since the page was loaded is not lost on the way. */
function linkOthers() {
  for (const link of document.querySelectorAll("a[data-parameter]")) linkOther(/** @type {HTMLAnchorElement} */ (link));
}

cameraButton.addEventListener("click", () => (live?.kind === "camera" ? closeLive() : openCamera()));
acceptFiles(
  { input: element("file", HTMLInputElement), zone: element("stage", HTMLElement) },
  (file, kind) => (kind === "video" ? openVideo(file) : openPicture(async () => file, file.name)),
  (failure) => notices.show(failure),
);
// A promise that nobody awaits and an error that nobody catches are still told.
window.addEventListener("error", ({ error, message }) => tell(error ?? message));
window.addEventListener("unhandledrejection", ({ reason }) => tell(reason));

[...parameters.refused, ...refusedLanguage, ...refused].forEach((failure) => notices.show(failure));
keepForOffline(loaded, parameters.backend, {
  onState: (state) => status.showOffline(state),
  onUpdate(take) {
    takeOver = take;
    notices.show({ code: "update-ready", detail: "" });
  },
  onTakenOver: () => location.replace(linkWith({})),
  onOtherTab: () => notices.show({ code: "update-elsewhere", detail: "" }),
});
watchCameras(showCameras);
showCameras();
linkOthers();
element("bench-link", HTMLAnchorElement).search = new URLSearchParams({ ...parameters.granted, ...grantedLanguage }).toString();
markCurrent("backend", parameters.backend);
markCurrent("lang", language);
loadSamples();
