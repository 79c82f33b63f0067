// The page, from its address to what people do with it: which parts there are, and what each has to do with the others. What they
// do stands in their own modules; page/ has those that join inputs, engine and views.

import { Failure, joinedByCode } from "./failure.js";
import { watchCameras } from "./input/camera.js";
import { acceptFiles } from "./input/drop.js";
import { Session } from "./keep/record.js";
import { Histories } from "./live/history.js";
import { Steady } from "./live/steady.js";
import { keepForOffline } from "./offline.js";
import { startEngine } from "./page/engine.js";
import { Known } from "./page/known.js";
import { Links } from "./page/links.js";
import { Live } from "./page/live.js";
import { buildNotices } from "./page/notices.js";
import { Pictures } from "./page/pictures.js";
import { Scene } from "./page/scene.js";
import { readParameters } from "./parameters.js";
import { readSettings } from "./settings.js";
import { TaughtStorage } from "./teach/stored.js";
import { TaughtFace } from "./teach/taught.js";
import { granted as grantedLanguage, language, refused as refusedLanguage, texts } from "./texts.js";
import { buildKeep, buildPlayer, buildRecord, buildSamples, buildSettings, buildTeach, buildViews } from "./views/build.js";
import { element } from "./views/elements.js";
import { HEADLINES } from "./views/headlines.js";
import { markCurrent, writeTexts } from "./views/wording.js";

// What the address asks for.
writeTexts(document, texts);
const query = new URLSearchParams(location.search);
const parameters = readParameters(query, document.baseURI);
const { settings, refused } = readSettings(query);
const granted = { ...parameters.granted, ...grantedLanguage };

// What there is: on the stage, of the engine, of this session.
const scene = new Scene(parameters.sample ?? undefined, (sample) => {
  strip.mark(sample);
  links.update();
});
const known = new Known();
const session = new Session();
const steady = new Steady(settings.steadiness);
const histories = new Histories();
const taught = new TaughtFace(new TaughtStorage(() => localStorage));
const links = new Links(granted, settings, () => scene.sample);

// What is told.
const notices = buildNotices(parameters.backend, {
  writeLink: (link) => links.write(link),
  runsOn: () => known.runsOn,
  actions: {
    "retry-attention": () => {
      views.result.setAttentionState("loading");
      engine.loadAttention();
    },
    "retry-camera": () => live.openCamera(),
    "take-over": () => takeOver(),
  },
});
/** @param {unknown} error */
const tell = (error) => notices.show(Failure.from(error));
joinedByCode([...parameters.refused, ...refusedLanguage, ...refused]).forEach((failure) => notices.show(failure));

// What is seen.
const views = buildViews((face) => {
  if (scene.isLive) views.timeline.show(histories.of(face?.number));
});
const { result, stage } = views;
// Seven empty bars hold the place until the engine names its classes.
result.setClasses(Array.from({ length: 7 }, () => ""));
result.showWords(HEADLINES.begin);
const video = element("video", HTMLVideoElement);
const player = buildPlayer(video, () => steady.jump(performance.now()));
const keep = buildKeep({ stage, result, session, known, link: () => links.address() }, tell);
const record = buildRecord(tell);
const strip = buildSamples((sample) => pictures.openSample(sample));
const teach = buildTeach(taught, {
  onUse() {
    // Answers that were smoothed so far are of another kind.
    steady.jump(performance.now());
    pictures.analyse();
  },
  onError: tell,
});
const settingsView = buildSettings(settings, (what) => {
  if (what === "steadiness") steady.setStrength(settings.steadiness);
  if (what === "mirror") stage.mirror(live.isMirrored);
  if (what === "camera") live.reopenCamera();
  links.update();
  keep.update();
});

// What answers.
/** @type {() => void} */
let markLoaded;
/** When label path and attention arm are there. */
const loaded = /** @type {Promise<void>} */ (new Promise((resolve) => (markLoaded = resolve)));
const { engine, turns } = startEngine(parameters, { known, scene, notices, views, taught, teach }, {
  onPictureDue: () => pictures.analyse(),
  onLoaded: () => markLoaded(),
  onFailed: () => live.close(),
});

// What is looked at.
const pictures = new Pictures({ known, scene, notices, views, turns, session, strip }, {
  onOpen() {
    clearInputNotices();
    live.close();
  },
  onAnswer: () => keep.update(),
});
const seen = { video, player, settingsView, teach, record, keep };
const live = new Live({ known, scene, notices, views, turns, session, steady, histories, settings, ...seen });
acceptFiles(
  { input: element("file", HTMLInputElement), zone: element("stage", HTMLElement) },
  (file, kind) => {
    if (kind === "picture") return pictures.open(async () => file, file.name);
    clearInputNotices();
    return live.openVideo(file);
  },
  (failure) => notices.show(failure),
);
watchCameras(() => live.offerCameras());
live.offerCameras();
pictures.loadSamples(parameters.sample);

/** What was told of the last thing that was brought says nothing about the next one. */
function clearInputNotices() {
  for (const code of ["picture", "video", "file", "camera"]) notices.clear(code);
}

// What stays: links with everything in them, and the site without a network.
links.update();
element("bench-link", HTMLAnchorElement).search = new URLSearchParams(granted).toString();
markCurrent("backend", parameters.backend);
markCurrent("lang", language);
/** Puts the newer version of the site, once there is one, in the place of this one. */
let takeOver = () => {};
keepForOffline(loaded, parameters.backend, {
  onState: (state) => views.status.showOffline(state),
  onUpdate(take) {
    takeOver = take;
    notices.show({ code: "update-ready", detail: "" });
  },
  onTakenOver: () => location.replace(links.address()),
  onOtherTab: () => notices.show({ code: "update-elsewhere", detail: "" }),
});

// A promise that nobody awaits and an error that nobody catches are still told; until here guard.js tells them.
window.addEventListener("error", ({ error, message }) => tell(error ?? message));
window.addEventListener("unhandledrejection", ({ reason }) => tell(reason));
