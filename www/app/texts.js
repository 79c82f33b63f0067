// Every sentence that the page's code says. What never changes stands in index.html.

/** @typedef {import("./failure.js").Failure} Failure */
/** @typedef {import("./engine/messages.js").Progress} Progress */
/** @typedef {"error" | "warning" | "info"} Kind */
/**
 * @typedef {object} NoticeText
 * @property {Kind} kind
 * @property {string} title
 * @property {string} text
 * @property {boolean} [detail] whether the failure's own words follow
 * @property {("use-cpu" | "use-webgpu" | "reload" | "retry-attention" | "retry-camera")[]} [actions]
 */

/** @type {Record<string, NoticeText>} */
const NOTICES = {
  "webgpu-unavailable": {
    kind: "error",
    title: "WebGPU is not available",
    text: "This browser or this machine offers no WebGPU, which the address asks for. The network also runs on the CPU.",
    detail: true,
    actions: ["use-cpu"],
  },
  "weights-missing": {
    kind: "error",
    title: "The weights are missing",
    text: "The network's weights could not be fetched, so no expression can be named. Check the connection and reload.",
    detail: true,
    actions: ["reload"],
  },
  "weights-altered": {
    kind: "error",
    title: "The weights were altered",
    text: "A weight file differs from what its manifest promises, so it is not used. Reload; if this stays, the site's copy is damaged.",
    detail: true,
    actions: ["reload"],
  },
  "weights-invalid": {
    kind: "error",
    title: "The weights cannot be used",
    text: "The weights are not of the form that this version of the page reads.",
    detail: true,
    actions: ["reload"],
  },
  "argument-invalid": {
    kind: "error",
    title: "The page asked for something that is not there",
    text: "The engine gives this reason:",
    detail: true,
  },
  "device-lost": {
    kind: "error",
    title: "The graphics device was lost",
    text: "The browser took the GPU away, as it does after a driver restart or when memory runs short. Reload, or go on with the CPU.",
    detail: true,
    actions: ["reload", "use-cpu"],
  },
  panic: {
    kind: "error",
    title: "The program stopped",
    text: "Something went wrong that should not have. Your pictures are still only here. Reload the page to go on, or try the other back end.",
    detail: true,
    actions: ["reload", "use-cpu", "use-webgpu"],
  },
  "program-missing": {
    kind: "error",
    title: "The program could not be loaded",
    text: "A part of this page did not arrive or did not start. Check the connection and reload.",
    detail: true,
    actions: ["reload"],
  },
  "program-unsupported": {
    kind: "error",
    title: "This browser is too old",
    text: "It cannot run the network's program (WebAssembly with SIMD). Any current Chrome, Edge, Firefox or Safari can.",
    detail: true,
  },
  "browser-unsupported": {
    kind: "error",
    title: "This browser is too old",
    text: "The page needs WebAssembly, module workers and OffscreenCanvas. Any current Chrome, Edge, Firefox or Safari has them. Missing here:",
    detail: true,
  },
  "browser-canvas": {
    kind: "error",
    title: "No memory for the picture",
    text: "The browser could not make a canvas for the picture. Close other tabs or choose a smaller picture.",
  },
  "picture-unreadable": {
    kind: "error",
    title: "This is not a picture that the browser can read",
    text: "The file may be damaged, or of a kind that this browser does not know. JPEG, PNG and WebP always work.",
    detail: true,
  },
  "picture-too-large": {
    kind: "error",
    title: "The file is too large",
    text: "Pictures up to 64 MB are read. Save a smaller copy and choose that.",
    detail: true,
  },
  "video-unreadable": {
    kind: "error",
    title: "This is not a video that the browser can play",
    text: "The file may be damaged, or of a kind that this browser does not know. MP4 (H.264) and WebM nearly always work.",
    detail: true,
  },
  "file-unknown": {
    kind: "error",
    title: "Neither a picture nor a video",
    text: "Choose a picture (JPEG, PNG, WebP) or a video (MP4, WebM).",
    detail: true,
  },
  "picture-invalid": {
    kind: "error",
    title: "The picture cannot be analysed",
    text: "The network refused this picture.",
    detail: true,
  },
  "samples-missing": {
    kind: "warning",
    title: "The samples could not be loaded",
    text: "Choose a picture of your own or start the camera; everything else works.",
    detail: true,
  },
  "parameter-sample": {
    kind: "warning",
    title: "No such sample",
    text: "The address asks for a sample that is not here. Pick one below the picture.",
    detail: true,
  },
  "parameter-backend": {
    kind: "warning",
    title: "Unknown back end in the address",
    text: "It can be auto, webgpu or cpu. The page chose by itself instead of:",
    detail: true,
  },
  "parameter-setting": {
    kind: "warning",
    title: "A setting in the address is not understood",
    text: "The page goes on with its own instead of:",
    detail: true,
  },
  "parameter-weights": {
    kind: "warning",
    title: "Weights from elsewhere are not loaded",
    text: "The address names weights that are not on this site. The shipped weights are used instead of:",
    detail: true,
  },
  "attention-failed": {
    kind: "warning",
    title: "Labels only: the attention weights did not load",
    text: "Expressions and probabilities are complete without them.",
    detail: true,
    actions: ["retry-attention"],
  },
  "camera-denied": {
    kind: "error",
    title: "The camera was denied",
    text: "The browser does not let this page use the camera. Allow it in the site settings (the icon beside the address); if it is allowed there, also in the system's privacy settings. Then try again.",
    detail: true,
    actions: ["retry-camera"],
  },
  "camera-missing": {
    kind: "error",
    title: "No camera found",
    text: "Plug one in and try again, or choose a picture instead.",
    actions: ["retry-camera"],
  },
  "camera-busy": {
    kind: "error",
    title: "The camera is in use",
    text: "Another program or tab holds it, or its driver failed. Close the other program and try again.",
    detail: true,
    actions: ["retry-camera"],
  },
  "camera-unsuitable": {
    kind: "error",
    title: "The camera does not suit",
    text: "The camera that was chosen is not there any more, or does not give such a picture. Try again with whichever suits.",
    detail: true,
    actions: ["retry-camera"],
  },
  "camera-insecure": {
    kind: "error",
    title: "No camera on this address",
    text: "Browsers give the camera only to pages served over https or from this machine (localhost). Pictures and videos work here.",
  },
  "camera-unsupported": {
    kind: "error",
    title: "This browser gives no camera",
    text: "It has no camera for pages, as in windows inside other apps. Open the page in Chrome, Edge, Firefox or Safari, or choose a picture.",
  },
  "camera-aborted": {
    kind: "error",
    title: "The camera did not start",
    text: "The device stopped while it was being opened. Try again.",
    detail: true,
    actions: ["retry-camera"],
  },
  "camera-lost": {
    kind: "warning",
    title: "The camera is gone",
    text: "It was unplugged or taken by the system. Plug it in and start it again.",
    actions: ["retry-camera"],
  },
  "camera-silent": {
    kind: "warning",
    title: "The camera gives no picture",
    text: "Its shutter may be closed, or another program has taken it. The page goes on as soon as there is a picture again.",
  },
  "camera-unknown": {
    kind: "error",
    title: "The camera could not be started",
    text: "The browser gave this reason:",
    detail: true,
    actions: ["retry-camera"],
  },
  unexpected: {
    kind: "error",
    title: "Something went wrong",
    text: "The page gives this reason:",
    detail: true,
    actions: ["reload"],
  },
};

export const noticeFor = (/** @type {Failure} */ failure) => NOTICES[failure.code] ?? NOTICES.unexpected;

export const ACTIONS = {
  "use-cpu": "Use the CPU",
  "use-webgpu": "Use WebGPU",
  reload: "Reload the page",
  "retry-attention": "Try again",
  "retry-camera": "Try again",
  dismiss: "Dismiss",
};

const numbers = {
  percent: new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 0 }),
  exactPercent: new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 }),
  whole: new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 }),
  one: new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
};

export const percent = (/** @type {number} */ share) => numbers.percent.format(share);
export const weight = (/** @type {number} */ value) => value.toFixed(2);
export const capitalised = (/** @type {string} */ word) => word.charAt(0).toUpperCase() + word.slice(1);

/** @param {number} ms */
export function milliseconds(ms) {
  return ms >= 10_000 ? `${numbers.one.format(ms / 1000)} s` : `${ms < 10 ? numbers.one.format(ms) : numbers.whole.format(ms)} ms`;
}

const STAGES = {
  program: "Program",
  manifest: "Loading the network",
  labels: "Network",
  attention: "Attention arm",
  device: "Asking for the GPU",
  "warm-up": "Warming up",
};

const megabytes = (/** @type {number} */ bytes) => numbers.one.format(bytes / 1e6);

/** @param {Progress} progress */
export function progressText({ stage, loaded, total }) {
  const isLarge = stage === "program" || stage === "labels" || stage === "attention";
  if (!isLarge) return STAGES[stage];
  if (!total) return `${STAGES[stage]} ${megabytes(loaded)} MB`;
  return `${STAGES[stage]} ${megabytes(loaded)} of ${megabytes(total)} MB`;
}

/**
 * How sure the network is, in words: a label alone would claim too much.
 * @param {number} first probability of the label
 * @param {string} second the class that comes next
 * @param {number} secondProbability
 * @returns {{ certainty: "clear" | "likely" | "unsure", note: string }}
 */
export function certainty(first, second, secondProbability) {
  const next = `${second} (${percent(secondProbability)})`;
  // Rounded to 100 %, it would claim what no network can.
  if (first >= 0.995) return { certainty: "clear", note: "More than 99% sure" };
  if (first >= 0.8) return { certainty: "clear", note: `${percent(first)} sure` };
  if (first >= 0.5) return { certainty: "likely", note: `${percent(first)} sure; next comes ${next}` };
  return { certainty: "unsure", note: `Unsure: only ${percent(first)}; next comes ${next}` };
}

export const HEADLINE = {
  kicker: "The face shows",
  empty: { label: "–", note: "Pick a picture to begin." },
  waitingForEngine: { label: "…", note: "The picture is analysed as soon as the network is there." },
  working: { label: "…", note: "Looking for faces." },
  noFace: {
    label: "No face found",
    note: "A face is found when it is upright, looks roughly at the camera, and is at least an eighth of the picture wide.",
  },
  failed: { label: "–", note: "No result: see the notice above." },
};

export const CAMERA = {
  start: "Start the camera",
  opening: "Opening the camera …",
  stop: "Stop the camera",
  runs: "The camera runs.",
  waiting: "The camera runs; the network is still loading.",
  alternative: "Camera picture",
  whichever: { user: "Front, or whichever there is", environment: "Back, or whichever there is" },
  unnamed: (/** @type {number} */ index) => `Camera ${index + 1}`,
};

export const VIDEO = {
  play: "Play",
  pause: "Pause",
  alternative: (/** @type {string} */ name) => `Video: ${name}`,
  runs: "The video plays.",
  waiting: "The video is there; the network is still loading.",
  /** @param {number} at @param {number} length both in seconds */
  time: (at, length) => `${clock(at)} / ${clock(length)}`,
  /** @param {number} at @param {number} length */
  spoken: (at, length) => `${Math.round(at)} of ${Math.round(length)} seconds`,
};

/** Said when camera or video end. */
export const STOPPED = "Stopped.";

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {number} strength between 0 and 1 */
export function steadinessWords(strength) {
  return strength === 0 ? "off" : percent(strength);
}

export const TIMELINE = {
  label: "Timeline of the probabilities",
  empty: "It fills while a face is followed.",
  /**
   * The timeline in words.
   * @param {string[]} classes
   * @param {import("./live/history.js").Summary} summary
   */
  words(classes, { seconds, changes, classes: shares }) {
    if (seconds < 1) return TIMELINE.empty;
    const named = shares.map(({ named }, index) => ({ share: named, name: classes[index] })).filter(({ share }) => share >= 0.005);
    named.sort((one, other) => other.share - one.share);
    const list = named.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
    const changed = changes === 1 ? "1 change" : `${changes} changes`;
    return `Named in the last ${Math.round(seconds)} s: ${list} of the time; ${changed} of the label.`;
  },
  columns: ["Expression", "Named", "Mean", "Highest"],
};

export const KEEP = {
  /** @param {number} pictures @param {number} faces @param {boolean} isFull */
  count: (pictures, faces, isFull) =>
    pictures === 0
      ? "No predictions yet."
      : `${isFull ? "The newest " : ""}${numbers.whole.format(faces)} ${faces === 1 ? "face" : "faces"} of ` +
        `${numbers.whole.format(pictures)} ${pictures === 1 ? "picture" : "pictures"}, in this tab only.`,
  saved: (/** @type {string} */ name) => `Saved as ${name}.`,
  forgotten: "The predictions are forgotten.",
  copied: "The link is copied.",
  copyByHand: "The browser does not let the page copy: the link is selected, copy it with the keyboard or the menu.",
};

export const faceName = (/** @type {number} */ number) => `Face ${number}`;
export const boxName = (/** @type {string} */ label, /** @type {number} */ share) => `${label} ${percent(share)}`;
export const sampleName = (/** @type {string} */ label) => `Sample: ${label}`;
export const pictureName = (/** @type {string} */ name) => `Picture: ${name}`;

/**
 * What a screen reader says when a result is there.
 * @param {number} faces
 * @param {string} label
 * @param {string} note left out in live modes: its percentages change with every picture, and would be said for ever
 */
export function announcement(faces, label, note) {
  if (faces === 0) return `${HEADLINE.noFace.label}.`;
  const count = faces === 1 ? "One face found." : `${faces} faces found.`;
  return `${count} ${HEADLINE.kicker}: ${label}.${note && ` ${note}.`}`;
}

export const ATTENTION = {
  none: "",
  loading: "The weights appear here as soon as they are loaded.",
  failed: "Not available: see the notice above.",
  noPicture: "Heat map of the attention weights: nothing to show yet",
  /** @param {number} count @param {number} mean */
  summary: (count, mean) => `${count} weights, in the order of the features, row by row; mean ${weight(mean)}.`,
  /** @param {number} count @param {number} low @param {number} high @param {string} strongest */
  alternative: (count, low, high, strongest) =>
    `Heat map of ${count} attention weights between ${weight(low)} and ${weight(high)}. Strongest: ${strongest}.`,
  /** @param {number} index @param {number} value */
  feature: (index, value) => `feature ${index}: ${weight(value)}`,
};

export const STATUS = {
  loading: "loading",
  failed: "not running",
  backend: "Runs on",
  adapter: "Adapter",
  find: "Find faces",
  crop: "Crop",
  network: "Network",
  total: "Total",
  rate: "Pace",
  names: { webgpu: "WebGPU", cpu: "CPU" },
  /** @param {number} perSecond */
  pace: (perSecond) => `${numbers.one.format(perSecond)} pictures/s`,
};

/**
 * @param {number | undefined} accuracy between 0 and 1
 * @param {string | undefined} dataset
 */
export function accuracySentence(accuracy, dataset) {
  if (accuracy === undefined) return "";
  const where = dataset ? ` (${dataset})` : "";
  return `Measured accuracy: ${numbers.exactPercent.format(accuracy)}${where}.`;
}
