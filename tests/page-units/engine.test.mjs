// A GPU that is lost: asked for once more, then the CPU; with a worker that is played.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Engine } from "../../www/app/engine/start.js";

/** @typedef {import("../../www/app/engine/messages.js").Backend} Backend */

/** @type {{ created: Backend[], ended: number, answers: (request: any, worker: PlayedWorker) => object }} */
let play;

class PlayedWorker extends EventTarget {
  /** @type {Backend | undefined} */
  backend;

  /** @param {any} request */
  postMessage(request) {
    if (request.type === "create") {
      this.backend = request.backend;
      play.created.push(request.backend);
    }
    const data = { id: request.id, ...play.answers(request, this) };
    queueMicrotask(() => this.dispatchEvent(Object.assign(new Event("message"), { data })));
  }

  terminate() {
    play.ended += 1;
  }
}

const lost = { type: "failed", failure: { code: "device-lost", message: "gone" } };
const done = { type: "done", value: {} };
const picture = /** @type {ImageBitmap} */ ({});

Object.assign(globalThis, { Worker: PlayedWorker, OffscreenCanvas: class {}, createImageBitmap: () => {} });

/** @type {string[]} */
let told;

/** @param {Backend} backend */
function engine(backend) {
  return new Engine({ weights: "weights/", backend }, {
    onProgress: () => {},
    onReady: () => told.push("ready"),
    onAttention: () => {},
    onAttentionFailed: ({ code }) => told.push(code),
    onLost: (next) => told.push(`lost, ${next}`),
    onFailed: ({ code }) => told.push(code),
  });
}

beforeEach(() => {
  told = [];
  play = { created: [], ended: 0, answers: () => done };
});

test("a GPU that goes once is asked for again, in a worker of its own", async () => {
  play.answers = ({ type }) => (type === "analyse" && play.created.length === 1 ? lost : done);
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture), { code: "device-lost" });
  await asked.analyse(picture);
  assert.deepEqual(play.created, ["webgpu", "webgpu"]);
  assert.equal(play.ended, 1, "the worker that lost it is let go");
  assert.deepEqual(told, ["ready", "lost, again", "ready"]);
});

test("a GPU that goes twice is replaced by the CPU", async () => {
  play.answers = ({ type }, { backend }) => (type === "analyse" && backend === "auto" ? lost : done);
  const asked = engine("auto");
  await assert.rejects(asked.analyse(picture), { code: "device-lost" });
  await assert.rejects(asked.analyse(picture), { code: "device-lost" });
  await asked.analyse(picture);
  assert.deepEqual(play.created, ["auto", "auto", "cpu"]);
  assert.deepEqual(told, ["ready", "lost, again", "ready", "lost, cpu", "ready"]);
});

test("a GPU that does not come back is replaced by the CPU, and its absence is no failure", async () => {
  play.answers = ({ type }, { backend }) => {
    const isBack = type === "create" && backend === "webgpu" && play.created.length > 1;
    if (isBack) return { type: "failed", failure: { code: "webgpu-unavailable", message: "none" } };
    return type === "analyse" && backend === "webgpu" ? lost : done;
  };
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture), { code: "device-lost" });
  await asked.analyse(picture);
  assert.deepEqual(play.created, ["webgpu", "webgpu", "cpu"]);
  assert.deepEqual(told, ["ready", "lost, again", "lost, cpu", "ready"]);
});

test("WebGPU that was never there is told, and nothing takes its place unasked", async () => {
  play.answers = () => ({ type: "failed", failure: { code: "webgpu-unavailable", message: "none" } });
  await assert.rejects(engine("webgpu").ready, { code: "webgpu-unavailable" });
  assert.deepEqual(play.created, ["webgpu"]);
  assert.deepEqual(told, ["webgpu-unavailable"]);
});

test("another failure of an analysis leaves the engine as it is", async () => {
  play.answers = ({ type }) => (type === "analyse" ? { type: "failed", failure: { code: "picture-invalid", message: "" } } : done);
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture), { code: "picture-invalid" });
  assert.deepEqual(play.created, ["webgpu"]);
});
