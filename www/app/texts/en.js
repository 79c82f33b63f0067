// Every text of the page in English. What stands in index.html is the same, so that it can be read before any script runs.

import { formatsFor } from "./formats.js";

const formats = formatsFor("en-GB");
const { percent, probability, exactPercent, change, whole, one, weight, megabytes } = formats;

const headline = {
  kicker: "The face shows",
  guess: "Not sure; the likeliest is",
  begin: "Pick a picture to begin.",
  waiting: "The picture is analysed as soon as the network is there.",
  working: "Looking for faces.",
  noFace: "No face found",
  noFaceNote: "A face is found when it looks roughly at the camera, is not upside down, and is at least an eighth of the picture wide.",
  failed: "No result: see the notice above.",
};

export const texts = {
  /** What the language calls itself. */
  name: "English",
  locale: "en-GB",
  /** @type {"ltr" | "rtl"} */
  direction: "ltr",
  formats,

  page: {
    title: "DACL: facial expressions with their attention weights",
    skip: "Skip to the result",
    question: "Which expression does a face show, and which features does the network attend to?",
    promise: "Nothing leaves your machine",
    language: "Language",
    notices: "Notices",
  },

  stage: {
    title: "Picture",
    drop: "Drop a picture or a video with a face here",
    otherWays: "or choose or paste one, start the camera, or pick a sample",
    choose: "Choose a picture or video",
    boxes: "Faces found in the picture",
    samples: "Samples",
    sample: (/** @type {string} */ expression) => `Sample: ${expression}`,
    picture: (/** @type {string} */ name) => `Picture: ${name}`,
    /** Said when camera or video end. */
    stopped: "Stopped.",
  },

  camera: {
    start: "Start the camera",
    opening: "Opening the camera …",
    stop: "Stop the camera",
    switch: "Switch camera",
    runs: "The camera runs.",
    waiting: "The camera runs; the network is still loading.",
    alternative: "Camera picture",
    whichever: { user: "Front, or whichever there is", environment: "Back, or whichever there is" },
    unnamed: (/** @type {number} */ number) => `Camera ${number}`,
  },

  video: {
    title: "Video",
    play: "Play",
    pause: "Pause",
    position: "Position in the video",
    alternative: (/** @type {string} */ name) => `Video: ${name}`,
    runs: "The video plays.",
    waiting: "The video is there; the network is still loading.",
    spoken: (/** @type {number} */ seconds, /** @type {number} */ length) => `${whole(seconds)} of ${whole(length)} seconds`,
  },

  loading: {
    begin: "Loading",
    program: "Program",
    manifest: "Loading the network",
    labels: "Network",
    attention: "Attention arm",
    device: "Asking for the GPU",
    "warm-up": "Warming up",
    bytes: (/** @type {string} */ what, /** @type {number} */ loaded) => `${what} ${megabytes(loaded)}`,
    bytesOf: (/** @type {string} */ what, /** @type {number} */ loaded, /** @type {number} */ total) =>
      `${what} ${one(loaded / 1e6)} of ${megabytes(total)}`,
  },

  /** What the engine calls the classes, in words. */
  expressions: {
    neutral: "neutral",
    happy: "happy",
    sad: "sad",
    surprise: "surprise",
    fear: "fear",
    disgust: "disgust",
    anger: "anger",
  },

  headline,

  /** How sure the network is: a label alone would claim too much. */
  certainty: {
    beyond: () => "More than 99% sure",
    clear: (/** @type {number} */ share) => `${probability(share)} sure`,
    likely: (/** @type {number} */ share, /** @type {string} */ next, /** @type {number} */ nextShare) =>
      `${probability(share)} sure; next comes ${next} (${probability(nextShare)})`,
  },

  /** Why an answer is not sure. */
  doubts: {
    probability: (/** @type {number} */ share, /** @type {number} */ limit, /** @type {string} */ next, /** @type {number} */ nextShare) =>
      `It has only ${probability(share)}, and below ${percent(limit)} the network is wrong too often; next comes ${next} (${probability(nextShare)}).`,
    distance: (/** @type {string} */ name, /** @type {number} */ distance, /** @type {number} */ limit) =>
      `This face is unlike those that the network knows as ${name}: its distance from their centre is ${weight(distance)}, beyond ${weight(limit)}.`,
  },

  /** What may be wrong with how a face is shown. */
  hints: {
    small: "The face is small: fewer than the 48 pixels that the network learnt from.",
    dark: "The face is dark: more light on it may help.",
    cut: "A part of the face is outside the picture.",
    hard: "The face was hardly recognised as one: it may be turned, covered or blurred.",
  },

  result: {
    title: "Result",
    whichFace: "Which face",
    probabilities: "Probabilities",
    face: (/** @type {number} */ number) => `Face ${number}`,
    box: (/** @type {string} */ label, /** @type {number} */ share) => `${label} ${probability(share)}`,
    guess: (/** @type {string} */ label, /** @type {number} */ share) => `Not sure: ${label}? ${probability(share)}`,
    /** What a screen reader says; the note is left out in live modes. */
    announcement: (/** @type {number} */ faces, /** @type {string} */ kicker, /** @type {string} */ label, /** @type {string} */ note) =>
      `${faces === 1 ? "One face found." : `${faces} faces found.`} ${kicker}: ${label}.${note && ` ${note}${note.endsWith(".") ? "" : "."}`}`,
  },

  attention: {
    title: "Attention weights",
    strongest: "The five strongest features",
    all: "All weights as numbers",
    table: "Table of the attention weights",
    loading: "The weights appear here as soon as they are loaded.",
    failed: "Not available: see the notice above.",
    empty: "Heat map of the attention weights: nothing to show yet",
    order: "In the order of",
    byFeature: "the features",
    byWeight: "their weights",
    byDifference: "their difference from the expression's mean",
    summary: (/** @type {number} */ count, /** @type {number} */ mean, /** @type {number} */ spread) =>
      `${count} weights, row by row; mean ${weight(mean)}, standard deviation ${weight(spread)}.`,
    beside: (/** @type {string} */ name, /** @type {number} */ mean, /** @type {number} */ apart) =>
      `Faces that show ${name} have ${weight(mean)} on average; this face's weights are ${weight(apart)} apart from theirs (root mean square).`,
    alternative: (/** @type {number} */ count, /** @type {number} */ low, /** @type {number} */ high, /** @type {string} */ strongest) =>
      `Heat map of ${count} attention weights between ${weight(low)} and ${weight(high)}. Strongest: ${strongest}.`,
    feature: (/** @type {number} */ index, /** @type {number} */ value) => `feature ${index}: ${weight(value)}`,
  },

  evidence: {
    summary: "Where in the face, and why not another",
    on: "Show over the face what speaks for the label",
    strength: "Strength of the colour",
    least: "none",
    most: "most in this face",
    other: "Why not",
    none: "choose an expression",
    later: "The maps come with the attention weights.",
    text: "The colour shows where features that speak for an expression lie in the face, each weighted by its attention. Only what speaks for it is shown, on a coarse grid: it tells where the network found something, not what.",
    map: (/** @type {string} */ name) => `The face with what speaks for ${name}`,
    lead: (/** @type {string} */ own, /** @type {string} */ other) =>
      `What speaks most for ${own} and against ${other}: what the feature multiplies the odds of the two by, and changes their probabilities by.`,
    part: (/** @type {number} */ feature, /** @type {number} */ odds, /** @type {string} */ own, /** @type {number} */ gain, /** @type {string} */ other, /** @type {number} */ loss) =>
      `feature ${feature}: × ${weight(odds)}; ${own} ${change(gain)}, ${other} ${change(loss)}`,
    noPart: "no feature of this face",
  },

  meaning: {
    summary: "What these numbers are, and are not",
    empty: "Nothing to draw yet",
    text: "The network describes a face by 512 features, and the label comes from these alone. Each weight says how much its feature counts when the face is compared with the centre of an expression's faces, which is what training drew together. A weight has no name in human terms, is no reason for the label, and says nothing about what the person feels.",
    alternative: "From the face to its features, and from the features to the label; below, the weights of the same features, which lead to the distance from the centre only",
    face: "face",
    features: "features (12 of 512)",
    weights: "their weights",
    label: "label",
    centre: "distance",
  },

  timeline: {
    title: "The last minute",
    label: "Timeline of the probabilities",
    minuteAgo: "60 s ago",
    halfMinute: "30 s",
    now: "now",
    numbers: "The minute as numbers",
    unsure: "not sure",
    empty: "It fills while a face is followed.",
    share: (/** @type {string} */ name, /** @type {number} */ share) => `${name} ${percent(share)}`,
    words: (/** @type {number} */ seconds, /** @type {string} */ shares, /** @type {number} */ changes) =>
      `Named in the last ${whole(seconds)} s: ${shares} of the time; ${changes === 1 ? "1 change" : `${changes} changes`} of the label.`,
    expression: "Expression",
    named: "Named",
    mean: "Mean",
    highest: "Highest",
  },

  settings: {
    title: "More",
    summary: "Camera and steadiness",
    camera: "Camera",
    size: "Size of its picture",
    small: "small, 480 lines",
    medium: "medium, 720 lines",
    large: "large, 1080 lines",
    mirror: "Show it as in a mirror",
    steadiness: "Steady labels",
    off: "off",
    note: "For camera and video: the probabilities are smoothed over time, and the named label changes only when another one leads clearly or for a while.",
  },

  teach: {
    summary: "Teach it your face",
    text: "Record a few seconds of each expression that you choose, with the camera. The centres of these expressions then move towards your face, by the rule that they moved by in training, and decide between the expressions you recorded, as far as that helps. It learns how you show these expressions on purpose, in this light; not what you feel, and nothing about anyone else.",
    record: "Record",
    recordOne: (/** @type {string} */ name) => `Record ${name}`,
    show: (/** @type {string} */ name) => `Show ${name} for a few seconds.`,
    recording: "is being recorded …",
    frames: (/** @type {number} */ count) => `${whole(count)} frames`,
    recorded: (/** @type {string} */ name, /** @type {number} */ count) => `Recorded ${name}: ${whole(count)} frames.`,
    givenUp: "Not recorded: too few frames with a face and its attention weights.",
    learn: "Learn from the recordings",
    learnt: "Learnt, and kept in this browser.",
    figures: (/** @type {string} */ names, /** @type {number} */ frames, /** @type {number} */ before, /** @type {number} */ after, /** @type {number} */ weight) =>
      `Learnt: ${names}. Of ${whole(frames)} frames that were held back, ${percent(before)} were named as recorded before, ${percent(after)} after (weight of the distances: ${whole(weight)}). They are of the same few seconds: on another day it will be less.`,
    noHelp: (/** @type {string} */ names, /** @type {number} */ frames, /** @type {number} */ before) =>
      `Recorded: ${names}. The distances do not help, so their weight is 0 and nothing changes: of ${whole(frames)} frames that were held back, ${percent(before)} are named as recorded.`,
    use: "Use what was learnt",
    inUse: "What it was taught of your face has its say in this.",
    save: "Save to a file",
    bring: "Bring a file",
    brought: "The file was taken.",
    delete: "Delete all of it",
    deleted: "All of it is deleted, in this tab and in the browser.",
    kept: "What was learnt is kept in this browser until you delete it: 512 numbers for each expression, no picture. Recordings are forgotten with this tab.",
  },

  record: {
    start: "Record the video (WebM)",
    stop: "Stop recording and save",
    runs: "Camera or video are being recorded, with boxes and labels.",
    note: "A recording of camera or video, with boxes and labels and without sound, is made in this tab; it ends after ten minutes at the latest.",
    unable: "This browser cannot record the video: it has no recorder for WebM. Pictures and predictions can be saved.",
  },

  keep: {
    summary: "Keep and share",
    picture: "Save the picture (PNG)",
    csv: "Save predictions (CSV)",
    json: "Save predictions (JSON)",
    forget: "Forget predictions",
    link: "Link to these settings; nothing of a picture is in it",
    copy: "Copy the link",
    none: "No predictions yet.",
    count: (/** @type {number} */ pictures, /** @type {number} */ faces, /** @type {boolean} */ isFull) =>
      `${isFull ? "The newest " : ""}${whole(faces)} ${faces === 1 ? "face" : "faces"} of ` +
      `${whole(pictures)} ${pictures === 1 ? "picture" : "pictures"}, in this tab only.`,
    saved: (/** @type {string} */ name) => `Saved as ${name}.`,
    forgotten: "The predictions are forgotten.",
    copied: "The link is copied.",
    copyByHand: "The browser does not let the page copy: the link is selected, copy it with the keyboard or the menu.",
  },

  status: {
    title: "How it runs",
    loading: "loading",
    failed: "not running",
    backend: "Runs on",
    adapter: "Adapter",
    offline: "Without a network",
    stored: "works",
    storing: "is being prepared",
    "not-stored": "does not work",
    rate: "Pace",
    pace: (/** @type {number} */ perSecond) => `${one(perSecond)} pictures/s`,
    choice: "Back end",
    automatic: "Automatic",
    /** Why this back end was taken, by the engine's code. */
    reasons: {
      "cpu-asked": "The CPU was asked for.",
      "webgpu-absent": "This browser offers no WebGPU.",
      "adapter-absent": "This browser has WebGPU but no adapter for it: the graphics driver may be missing or blocked.",
      "program-for-cpu": "This browser has WebGPU, but the program for it could not be loaded: the smaller one for the CPU took its place.",
      "adapter-software": "The only WebGPU adapter is a software one, which is slower than the CPU itself.",
      "device-refused": "WebGPU is there but gives no device.",
      "device-failed": "The GPU failed: the CPU took its place.",
      "webgpu-software": "WebGPU was asked for; its adapter is a software one and slow.",
      "webgpu-hardware": "WebGPU has a hardware adapter.",
    },
  },

  times: {
    summary: "Times in detail",
    part: "Part, in ms",
    now: "Now",
    first: "First",
    median: "Median",
    p90: "90 % within",
    findMs: "Find faces",
    cropMs: "Crop",
    networkMs: "Network",
    totalMs: "Total",
    memory: "Memory of the program",
    note: (/** @type {number} */ count, /** @type {number} */ searched) =>
      `Median and 90 % of the last ${whole(count)} ${count === 1 ? "picture" : "pictures"}; ` +
      (searched === count ? "each was searched for faces." : `${whole(searched)} of them were searched for faces, in the others the faces were followed.`),
  },

  bench: {
    title: "DACL: how fast is this machine?",
    heading: "How fast is this machine?",
    line: "The network on one picture at a time, as the page uses it.",
    link: "How fast is this machine?",
    back: "Back to the page",
    measure: "Measure",
    note: "It takes seconds to minutes. Nothing else should keep the machine busy meanwhile. The result stays here until you copy it.",
    start: "Start measuring",
    run: (/** @type {number} */ done, /** @type {number} */ all) => `${whole(done)} of ${whole(all)} answers`,
    done: "Measured.",
    failed: "Not measured: see the notice above.",
    result: "Result",
    on: (/** @type {string} */ backend, /** @type {string} */ adapter) => `${backend}, ${adapter}`,
    software: "These are the times of a software adapter. They say nothing about WebGPU on a graphics card.",
    ready: "Ready after",
    json: "All of it as JSON",
    copy: "Copy the result",
    copied: "The result is copied.",
    copyByHand: "The browser does not let the page copy: the result is selected, copy it with the keyboard or the menu.",
  },

  about: {
    title: "About this page",
    what: "What this is",
    whatText:
      "A SeetaFace cascade finds the faces in a picture, and a ResNet-18 trained with Deep Attentive Center Loss names, for each, which of seven expressions it shows: neutral, happy, sad, surprise, fear, disgust or anger. It gives a probability for each, because it is often unsure, and so are people.",
    not: "What it is not",
    notText:
      "It does not read feelings. A smile can be shown without joy, and sadness without a sign of it. It sees one picture without its story, it errs more on faces unlike those it was trained on, and nobody should be judged by it.",
    weights: "What the weights mean",
    weightsText:
      "The network describes a face by 512 features. Its attention arm gives each of them a weight between 0 and 1: how much that feature mattered in training when faces of one expression were drawn together. The label itself comes from all features, not from these weights.",
    privacy: "Nothing leaves your machine",
    privacyText:
      "Pictures, videos and camera frames are analysed in this browser and are neither sent nor kept. The predicted numbers stay in this tab until it is closed, so that you can save them. Only if you teach it your face, numbers of it stay in this browser until you delete them. The page loads its own files and asks no other server for anything.",
    method: "Method:",
    accuracy: (/** @type {number} */ accuracy, /** @type {string} */ dataset) =>
      `Measured accuracy: ${exactPercent(accuracy)} (${dataset}).`,
  },

  /** What exactly failed in the engine, by its kind; the subject is a file's address or name, or what was asked for. */
  failures: {
    "file-unreachable": (/** @type {string} */ subject) => `Nobody answers at ${subject}.`,
    "file-refused": (/** @type {string} */ subject) => `The server does not give ${subject}.`,
    "file-empty": (/** @type {string} */ subject) => `The server's answer has nothing in it: ${subject}.`,
    "no-address": () => "The engine was made from bytes, so it knows no address.",
    "file-length": (/** @type {string} */ subject) => `${subject} is cut off, or belongs to another version.`,
    "file-altered": (/** @type {string} */ subject) => `${subject} has another content than its manifest says.`,
    "manifest-unreadable": () => "The manifest of the weights cannot be read.",
    "manifest-version": () => "The weights are of another version than the program: both have to be of one release.",
    "manifest-wrong": () => "The manifest of the weights says what cannot be.",
    "weights-unreadable": () => "A weight file is not what such a file has to be.",
    "weights-unfit": () => "The weights do not fit the network that their manifest describes.",
    "face-finder": () => "The face finder's model, which is part of the program, is damaged.",
    "pixels-missing": () => "The picture's pixels and its size do not belong together.",
    "gpu-taken": () => "The browser took the GPU away from this page.",
    "no-answer": () => "The device gave no answer.",
    "no-such-back-end": (/** @type {string} */ subject) => `There is no back end "${subject}".`,
    "no-bytes": (/** @type {string} */ subject) => `What was given as ${subject} are no bytes.`,
    "boxes-torn": () => "The places of the faces are incomplete.",
  },

  report: {
    summary: "Report for developers",
    copy: "Copy the report",
    copied: "The report is copied.",
    copyByHand: "The browser does not let the page copy: the report is selected, copy it with the keyboard or the menu.",
  },

  actions: {
    "use-cpu": "Use the CPU",
    "use-webgpu": "Use WebGPU",
    reload: "Reload the page",
    "retry-attention": "Try again",
    "retry-camera": "Try again",
    "take-over": "Use the new version",
    dismiss: "Dismiss",
  },

  notices: {
    "webgpu-unavailable": {
      title: "WebGPU is not available",
      text: "This browser or this machine offers no WebGPU, which the address asks for. The network also runs on the CPU.",
    },
    "weights-missing": {
      title: "The weights are missing",
      text: "The network's weights could not be fetched, so no expression can be named. Check the connection and reload.",
    },
    "weights-altered": {
      title: "The weights were altered",
      text: "A weight file differs from what its manifest promises, so it is not used. Reload; if this stays, the site's copy is damaged.",
    },
    "weights-invalid": {
      title: "The weights cannot be used",
      text: "The weights are not of the form that this version of the page reads.",
    },
    "argument-invalid": {
      title: "The page asked for something that is not there",
      text: "The engine gives this reason:",
    },
    "device-lost": {
      title: "The graphics device was lost",
      text: "The browser took the GPU away, as it does after a driver restart or when memory runs short. Reload, or go on with the CPU.",
    },
    "device-lost-again": {
      title: "The graphics device was lost and is asked for again",
      text: "The browser took the GPU away, as it does after a driver restart or when memory runs short. The CPU answers until it is back; nothing has to be done.",
    },
    "device-lost-cpu": {
      title: "The graphics device was lost: the CPU goes on",
      text: "The GPU did not come back, or went again. Answers are the same on the CPU and may take longer. Reloading the page tries the GPU once more.",
    },
    panic: {
      title: "The program stopped",
      text: "Something went wrong that should not have. Your pictures are still only here. Reload the page to go on, or try the other back end.",
    },
    "program-missing": {
      title: "The program could not be loaded",
      text: "A part of this page did not arrive or did not start. Check the connection and reload.",
    },
    "program-unsupported": {
      title: "This browser is too old",
      text: "It cannot run the network's program (WebAssembly with SIMD). Any current Chrome, Edge, Firefox or Safari can.",
    },
    "browser-canvas": {
      title: "No memory for the picture",
      text: "The browser could not make a canvas for the picture. Close other tabs or choose a smaller picture.",
    },
    "picture-unreadable": {
      title: "This is not a picture that the browser can read",
      text: "The file may be damaged, or of a kind that this browser does not know. JPEG, PNG and WebP always work.",
    },
    "picture-too-large": {
      title: "The file is too large",
      text: "Pictures up to 64 MB are read. Save a smaller copy and choose that.",
    },
    "video-unreadable": {
      title: "This is not a video that the browser can play",
      text: "The file may be damaged, or of a kind that this browser does not know. MP4 (H.264) and WebM nearly always work.",
    },
    "file-unknown": {
      title: "Neither a picture nor a video",
      text: "Choose a picture (JPEG, PNG, WebP) or a video (MP4, WebM).",
    },
    "picture-invalid": {
      title: "The picture cannot be analysed",
      text: "The network refused this picture.",
    },
    "samples-missing": {
      title: "The samples could not be loaded",
      text: "Choose a picture of your own or start the camera; everything else works.",
    },
    "parameter-sample": {
      title: "No such sample",
      text: "The address asks for a sample that is not here. Pick one below the picture.",
    },
    "parameter-backend": {
      title: "Unknown back end in the address",
      text: "It can be auto, webgpu or cpu. The page chose by itself instead of:",
    },
    "parameter-setting": {
      title: "A setting in the address is not understood",
      text: "The page goes on with its own instead of:",
    },
    "parameter-weights": {
      title: "Weights from elsewhere are not loaded",
      text: "The address names weights that are not on this site. The shipped weights are used instead of:",
    },
    "attention-failed": {
      title: "Labels only: the attention weights did not load",
      text: "Expressions and probabilities are complete without them.",
    },
    "taught-unreadable": {
      title: "This is no taught face",
      text: "What was kept or brought is damaged, or of another kind. Nothing of it is used.",
    },
    "taught-other-network": {
      title: "The taught face belongs to another network",
      text: "Its numbers mean nothing to the weights that are loaded here, so they are not used. Teach it anew, or delete it.",
    },
    "taught-not-kept": {
      title: "The browser does not keep the taught face",
      text: "It can be used until this tab is closed, and saved to a file. The browser gave this reason:",
    },
    "camera-denied": {
      title: "The camera was denied",
      text: "The browser does not let this page use the camera. Allow it in the site settings (the icon beside the address); if it is allowed there, also in the system's privacy settings. Then try again.",
    },
    "camera-missing": {
      title: "No camera found",
      text: "Plug one in and try again, or choose a picture instead.",
    },
    "camera-busy": {
      title: "The camera is in use",
      text: "Another program or tab holds it, or its driver failed. Close the other program and try again.",
    },
    "camera-unsuitable": {
      title: "The camera does not suit",
      text: "The camera that was chosen is not there any more, or does not give such a picture. Try again with whichever suits.",
    },
    "camera-insecure": {
      title: "No camera on this address",
      text: "Browsers give the camera only to pages served over https or from this machine (localhost). Pictures and videos work here.",
    },
    "camera-unsupported": {
      title: "This browser gives no camera",
      text: "It has no camera for pages, as in windows inside other apps. Open the page in Chrome, Edge, Firefox or Safari, or choose a picture.",
    },
    "camera-aborted": {
      title: "The camera did not start",
      text: "The device stopped while it was being opened. Try again.",
    },
    "camera-lost": {
      title: "The camera is gone",
      text: "It was unplugged or taken by the system. Plug it in and start it again.",
    },
    "camera-silent": {
      title: "The camera gives no picture",
      text: "Its shutter may be closed, or another program has taken it. The page goes on as soon as there is a picture again.",
    },
    "camera-unknown": {
      title: "The camera could not be started",
      text: "The browser gave this reason:",
    },
    "update-ready": {
      title: "A new version of this page is ready",
      text: "It takes over when the page is opened the next time, or now: what is on the stage and the predictions of this session are lost by that.",
    },
    "update-elsewhere": {
      title: "Another tab has changed to a new version",
      text: "Reload this one to use it too. Predictions that are not saved are lost by that.",
    },
    unexpected: {
      title: "Something went wrong",
      text: "The page gives this reason:",
    },
  },
};
