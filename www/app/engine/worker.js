// The worker: owns the engine, answers one message for each request. Nothing of the network runs on the main thread.

import { Failure } from "../failure.js";
import { brightnessOf } from "./brightness.js";
import { greyCopy } from "./grey.js";
import { panicMessage, watchForPanics } from "./panic.js";
import { takePixels } from "./pixels.js";
import { startProgram } from "./program.js";
import { FaceTracker } from "./tracking.js";

/** @typedef {import("./messages.js").Request} Request */
/** @typedef {import("./messages.js").Answer} Answer */
/** @typedef {import("./messages.js").Progress} Progress */

// Seen from the other side, a worker's own scope has the methods of a Worker; the page's types know only that one.
const scope = /** @type {Worker} */ (/** @type {unknown} */ (self));

/** @type {any} the engine, once it is created */
let engine;
/** @type {import("./program.js").Started | undefined} the program, once it runs */
let program;
const tracker = new FaceTracker();

/** @param {Answer} answer @param {Transferable[]} [transfer] */
const send = (answer, transfer = []) => scope.postMessage(answer, transfer);

watchForPanics();
scope.addEventListener("message", ({ data }) => answer(data));
// A panic inside a future of the program reaches nobody's promise: it shows up here.
scope.addEventListener("error", (event) => reportPanic(event.error, event));
scope.addEventListener("unhandledrejection", (event) =>
  reportPanic(/** @type {PromiseRejectionEvent} */ (event).reason, event),
);

/** @param {Request} request */
async function answer(request) {
  const { id } = request;
  /** @param {Progress} progress */
  const onProgress = (progress) => send({ id, type: "progress", progress });
  try {
    const { value, transfer } = await carryOut(request, onProgress);
    send({ id, type: "done", value }, transfer);
  } catch (error) {
    const panic = panicMessage(error);
    if (panic !== undefined) send({ type: "panic", message: panic, program: program?.name });
    const { code, detail: message, kind, subject } = Failure.from(error);
    send({ id, type: "failed", failure: { code: panic === undefined ? code : "panic", message, kind, subject } });
  }
}

/**
 * @param {Request} request
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<{ value?: unknown, transfer?: Transferable[] }>}
 */
async function carryOut(request, onProgress) {
  switch (request.type) {
    case "create": {
      program = await startProgram(request.backend, onProgress);
      engine = await program.Engine.create(request.weights, request.backend, onProgress);
      return { value: facts() };
    }
    case "loadAttention":
      await engine.loadAttention(onProgress);
      return { value: { positions: engine.centres, meanAttention: engine.meanAttention } };
    case "analyse":
      return analyse(request.bitmap, request.isLive);
  }
}

/** @returns {import("./messages.js").EngineFacts} */
function facts() {
  return {
    classes: [...engine.classes],
    backend: engine.backend,
    adapter: engine.adapter,
    backendReason: engine.backendReason,
    backendReasonCode: engine.backendReasonCode,
    accuracy: engine.accuracy,
    dataset: engine.dataset,
    notSureBelow: engine.notSureBelow,
    unlikeBeyond: engine.unlikeBeyond,
    mapSide: engine.mapSide,
    viewScale: engine.viewScale,
    viewShift: engine.viewShift,
    classWeights: engine.classWeights,
  };
}

/** @param {ImageBitmap} bitmap @param {boolean} isLive */
async function analyse(bitmap, isLive) {
  const { rgba, width, height } = takePixels(bitmap);
  const found = isLive ? await followOrSearch(rgba, width, height) : await search(rgba, width, height);
  // Copies, so that no view of the program's memory is sent; their buffers are then handed over.
  /** @type {import("./messages.js").Face[]} */
  const faces = Array.from(found.faces, (/** @type {any} */ face, index) => ({
    number: index + 1,
    x: face.x,
    y: face.y,
    width: face.width,
    height: face.height,
    angle: face.angle,
    score: found.known?.[index].score ?? face.score,
    brightness: brightnessOf(rgba, { width, height }, face),
    probabilities: Float32Array.from(face.probabilities),
    features: Float32Array.from(face.features),
    attention: face.attention && Float32Array.from(face.attention),
    distances: face.distances && Float32Array.from(face.distances),
    activation: face.activation && Float32Array.from(face.activation),
  }));
  const { cropMs, networkMs } = found;
  const [findMs, totalMs] = [found.findMs, found.totalMs].map((ms) => ms + found.followMs);
  const memoryBytes = program?.memory?.buffer.byteLength;
  /** @type {import("./messages.js").Analysis} */
  const value = { width, height, faces, searched: !found.known, findMs, cropMs, networkMs, totalMs, memoryBytes };
  const transfer = faces.flatMap(({ probabilities, features, attention, distances, activation }) =>
    [probabilities, features, attention, distances, activation].flatMap((values) => (values ? [values.buffer] : [])),
  );
  return { value, transfer };
}

/** A picture by itself. @param {Uint8Array} rgba @param {number} width @param {number} height */
async function search(rgba, width, height) {
  tracker.forget();
  return { ...(await engine.analyse(rgba, width, height)), known: undefined, followMs: 0 };
}

/**
 * A frame of camera or video: searched only where its faces are not known from those before.
 * @param {Uint8Array} rgba
 * @param {number} width
 * @param {number} height
 */
async function followOrSearch(rgba, width, height) {
  const takenMs = performance.now();
  const grey = greyCopy(rgba, { width, height });
  const known = tracker.follow(grey, takenMs);
  const followMs = performance.now() - takenMs;
  if (known) {
    const boxes = known.flatMap((box) => [box.x, box.y, box.width, box.height, box.angle]);
    return { ...(await engine.analyseAt(rgba, width, height, Float32Array.from(boxes))), known, followMs };
  }
  const found = await engine.analyse(rgba, width, height);
  tracker.learn(grey, found.faces, takenMs);
  return { ...found, known, followMs };
}

/** @param {unknown} error @param {Event} event */
function reportPanic(error, event) {
  event.preventDefault();
  send({ type: "panic", message: panicMessage(error) ?? Failure.from(error).detail, program: program?.name });
}
