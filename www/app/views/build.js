// Builds the page's views from the elements of index.html.

import { Announcer } from "./announcer.js";
import { AttentionView } from "./attention.js";
import { Boxes } from "./boxes.js";
import { element } from "./elements.js";
import { EvidenceView } from "./evidence.js";
import { ExpressionView } from "./expression.js";
import { KeepView } from "./keep.js";
import { Player } from "./player.js";
import { LoadingProgress } from "./progress.js";
import { RecordView } from "./record.js";
import { ResultView } from "./result.js";
import { SamplesStrip } from "./samples.js";
import { SettingsView } from "./settings.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";
import { TeachView } from "./teach.js";
import { TimelineView } from "./timeline.js";
import { TimesView } from "./times.js";

/** @param {(face: import("../engine/messages.js").Face | undefined) => void} onFace told which face is shown */
export function buildViews(onFace) {
  const status = buildStatus();
  const stage = new Stage({
    stage: element("stage", HTMLElement),
    media: element("stage-media", HTMLElement),
    picture: element("picture", HTMLCanvasElement),
    video: element("video", HTMLVideoElement),
    note: element("stage-note", HTMLElement),
  });
  const boxes = new Boxes(
    { overlay: element("boxes", HTMLElement), choice: element("face-choice", HTMLElement) },
    (number) => result.choose(number),
  );
  const announcer = new Announcer(element("announcer", HTMLElement));
  const parts = {
    panel: element("result", HTMLElement),
    expression: buildExpression(),
    attention: buildAttention(),
    evidence: buildEvidence(() => stage.answered),
    boxes,
    hints: element("headline-hints", HTMLElement),
    status,
    announcer,
  };
  const result = new ResultView(parts, onFace);
  const loading = new LoadingProgress({
    container: element("loading", HTMLElement),
    text: element("loading-text", HTMLElement),
    bar: element("loading-bar", HTMLProgressElement),
  });
  return { announcer, loading, result, stage, status, timeline: buildTimeline() };
}

function buildStatus() {
  return new Status({
    list: element("status", HTMLElement),
    reason: element("status-reason", HTMLElement),
    times: new TimesView({
      details: element("times", HTMLDetailsElement),
      table: element("times-table", HTMLTableElement),
      note: element("times-note", HTMLElement),
    }),
  });
}

function buildExpression() {
  return new ExpressionView({
    headline: element("headline", HTMLElement),
    kicker: element("headline-kicker", HTMLElement),
    label: element("headline-label", HTMLElement),
    note: element("headline-note", HTMLElement),
    bars: element("bars", HTMLElement),
  });
}

function buildAttention() {
  return new AttentionView({
    container: element("attention", HTMLElement),
    canvas: element("heat-map", HTMLCanvasElement),
    low: element("heat-low", HTMLElement),
    high: element("heat-high", HTMLElement),
    cell: element("heat-cell", HTMLElement),
    note: element("attention-note", HTMLElement),
    strongest: element("strongest", HTMLElement),
    values: element("attention-values", HTMLDetailsElement),
    table: element("attention-table", HTMLTableElement),
    order: element("attention-order", HTMLSelectElement),
    meaning: element("meaning", HTMLDetailsElement),
    picture: element("meaning-picture", SVGSVGElement),
  });
}

/** @param {() => HTMLCanvasElement | ImageBitmap | undefined} source the picture that the answer is about */
function buildEvidence(source) {
  const elements = {
    details: element("evidence", HTMLDetailsElement),
    overlay: element("evidence-overlay", HTMLCanvasElement),
    on: element("evidence-on", HTMLInputElement),
    strength: element("evidence-strength", HTMLInputElement),
    other: element("evidence-other", HTMLSelectElement),
    pair: element("evidence-pair", HTMLElement),
    note: element("evidence-note", HTMLElement),
  };
  return new EvidenceView(elements, source);
}

function buildTimeline() {
  return new TimelineView({
    section: element("timeline", HTMLElement),
    names: element("timeline-names", HTMLElement),
    canvas: element("timeline-canvas", HTMLCanvasElement),
    words: element("timeline-words", HTMLElement),
    numbers: element("timeline-numbers", HTMLDetailsElement),
    table: element("timeline-table", HTMLTableElement),
  });
}

/** @param {(sample: import("../input/samples.js").Sample) => void} onChoose */
export function buildSamples(onChoose) {
  return new SamplesStrip({ section: element("samples", HTMLElement), list: element("samples-list", HTMLElement) }, onChoose);
}

/**
 * @param {import("../settings.js").Settings} settings
 * @param {(what: "camera" | "mirror" | "steadiness") => void} onChange
 */
export function buildSettings(settings, onChange) {
  const elements = {
    camera: element("setting-camera", HTMLSelectElement),
    switchCamera: element("camera-switch", HTMLButtonElement),
    lines: element("setting-lines", HTMLSelectElement),
    mirror: element("setting-mirror", HTMLInputElement),
    steadiness: element("setting-steadiness", HTMLInputElement),
    steadinessWords: element("setting-steadiness-words", HTMLElement),
  };
  return new SettingsView(elements, settings, onChange);
}

/**
 * @param {HTMLVideoElement} video
 * @param {() => void} onJump when the video goes on from another place
 */
export function buildPlayer(video, onJump) {
  const elements = {
    container: element("player", HTMLElement),
    toggle: element("player-toggle", HTMLButtonElement),
    seek: element("player-seek", HTMLInputElement),
    time: element("player-time", HTMLElement),
    video,
  };
  return new Player(elements, onJump);
}

/**
 * @param {import("./keep.js").Sources} sources
 * @param {(error: unknown) => void} onError
 */
export function buildKeep(sources, onError) {
  const elements = {
    details: element("keep", HTMLDetailsElement),
    picture: element("keep-picture", HTMLButtonElement),
    csv: element("keep-csv", HTMLButtonElement),
    json: element("keep-json", HTMLButtonElement),
    forget: element("keep-forget", HTMLButtonElement),
    count: element("keep-count", HTMLElement),
    link: element("keep-link", HTMLInputElement),
    copy: element("keep-copy", HTMLButtonElement),
    words: element("keep-words", HTMLElement),
  };
  return new KeepView(elements, sources, onError);
}

/**
 * @param {import("../teach/taught.js").TaughtFace} taught
 * @param {{ onUse: () => void, onError: (error: unknown) => void }} told
 */
export function buildTeach(taught, told) {
  const elements = {
    details: element("teach", HTMLDetailsElement),
    list: element("teach-list", HTMLElement),
    learn: element("teach-learn", HTMLButtonElement),
    figures: element("teach-figures", HTMLElement),
    use: element("teach-use", HTMLInputElement),
    save: element("teach-save", HTMLButtonElement),
    file: element("teach-file", HTMLInputElement),
    delete: element("teach-delete", HTMLButtonElement),
    mark: element("teach-mark", HTMLElement),
    words: element("teach-words", HTMLElement),
  };
  return new TeachView(elements, taught, told);
}

/** @param {(error: unknown) => void} onError */
export function buildRecord(onError) {
  const elements = {
    button: element("keep-video", HTMLButtonElement),
    note: element("keep-video-note", HTMLElement),
    words: element("keep-words", HTMLElement),
  };
  return new RecordView(elements, onError);
}
