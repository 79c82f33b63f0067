// A GPU that is lost: the CPU answers while it is asked for once more; and a start that fails. With a worker that is played.

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

const lost = { type: "failed", failure: { code: "device-lost", message: "gone", kind: "gpu-taken", subject: "" } };
const none = { type: "failed", failure: { code: "webgpu-unavailable", message: "none", kind: "adapter-absent", subject: "" } };
const panic = { type: "panic", message: "stopped", program: "dacl" };
/** What a worker says that does what it is asked to. @param {any} request @param {PlayedWorker} worker */
const done = ({ type }, { backend }) => ({ type: "done", value: type === "create" ? { backend: backend === "cpu" ? "cpu" : "webgpu" } : { backend } });
const picture = /** @type {ImageBitmap} */ ({});

Object.assign(globalThis, { Worker: PlayedWorker });

/** @type {string[]} */
let told;

/** @param {Backend} backend */
function engine(backend) {
  return new Engine({ weights: "weights/", backend }, {
    onProgress: () => {},
    onReady: () => told.push("ready"),
    onAttention: () => {},
    onAttentionFailed: ({ code }) => told.push(code),
    onLost: () => told.push("lost"),
    onGpu: (gpu) => told.push(gpu),
    onFailed: ({ code }) => told.push(code),
  });
}

/** Until nothing is left to be said. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Which back end answers. @param {Engine} asked */
const answering = async (asked) => /** @type {any} */ (await asked.analyse(picture, false)).backend;

beforeEach(() => {
  told = [];
  play = { created: [], ended: 0, answers: done };
});

test("after a loss the CPU answers, until the GPU is back in a worker of its own", async () => {
  play.answers = (request, worker) => (request.type === "analyse" && play.created.length === 1 ? lost : done(request, worker));
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  assert.equal(await answering(asked), "cpu");
  await settled();
  assert.equal(await answering(asked), "webgpu");
  assert.deepEqual(play.created, ["webgpu", "cpu", "webgpu"]);
  assert.equal(play.ended, 2, "the worker that lost it is let go, and the CPU's when the GPU has taken over");
  assert.deepEqual(told, ["ready", "lost", "asked-again", "ready", "ready", "back"]);
});

test("the CPU's answer that is under way when the GPU takes over still comes", async () => {
  /** @type {(() => void) | undefined} */
  let answer;
  play.answers = (request, worker) => {
    if (request.type !== "analyse") return done(request, worker);
    if (worker.backend !== "cpu") return lost;
    // Said when the test wants it, not at once.
    const data = { id: request.id, ...done(request, worker) };
    answer = () => worker.dispatchEvent(Object.assign(new Event("message"), { data }));
    return { id: -1, type: "done", value: undefined };
  };
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  const slow = answering(asked);
  await settled();
  assert.equal(told.at(-1), "back");
  assert.equal(play.ended, 1, "the CPU's worker is still needed");
  answer?.();
  assert.equal(await slow, "cpu");
  await settled();
  assert.equal(play.ended, 2);
});

test("a GPU that goes twice is not asked for again", async () => {
  play.answers = (request, worker) => (request.type === "analyse" && worker.backend !== "cpu" ? lost : done(request, worker));
  const asked = engine("auto");
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  await settled();
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  assert.equal(await answering(asked), "cpu");
  await settled();
  assert.deepEqual(play.created, ["auto", "cpu", "auto", "cpu"]);
  assert.deepEqual(told, ["ready", "lost", "asked-again", "ready", "ready", "back", "lost", "gone", "ready"]);
});

test("a GPU that does not come back leaves the CPU, and its absence is no failure", async () => {
  play.answers = (request, worker) => {
    if (request.type === "create" && play.created.length === 3) return none;
    return request.type === "analyse" && worker.backend !== "cpu" ? lost : done(request, worker);
  };
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  await settled();
  assert.equal(await answering(asked), "cpu");
  assert.deepEqual(told, ["ready", "lost", "asked-again", "ready", "gone"]);
});

test("a back end that is chosen by itself and is the CPU this time is no GPU that came back", async () => {
  play.answers = (request, worker) => {
    if (request.type === "create" && play.created.length === 3) return { type: "done", value: { backend: "cpu" } };
    return request.type === "analyse" && play.created.length === 1 ? lost : done(request, worker);
  };
  const asked = engine("auto");
  await assert.rejects(asked.analyse(picture, false), { code: "device-lost" });
  await settled();
  assert.equal(told.at(-1), "gone");
  assert.equal(play.ended, 2, "the second worker of the CPU is let go");
});

test("WebGPU that was never there is told, and nothing takes its place unasked", async () => {
  play.answers = () => none;
  await assert.rejects(engine("webgpu").ready, { code: "webgpu-unavailable" });
  assert.deepEqual(play.created, ["webgpu"]);
  assert.deepEqual(told, ["webgpu-unavailable"]);
});

test("a program that stops as it starts on what it chose by itself is started again on the CPU, which says why", async () => {
  play.answers = (request, worker) => (worker.backend === "auto" ? panic : done(request, worker));
  const asked = engine("auto");
  const { backend, backendReasonCode } = await asked.ready;
  assert.deepEqual([backend, backendReasonCode], ["cpu", "device-failed"]);
  assert.equal(await answering(asked), "cpu");
  assert.deepEqual(play.created, ["auto", "cpu"]);
  assert.equal(play.ended, 1);
  assert.deepEqual(told, ["ready"]);
});

test("a program for the CPU alone that stops as it starts is told: no GPU has failed", async () => {
  play.answers = () => ({ ...panic, program: "dacl-cpu" });
  await assert.rejects(engine("auto").ready, { code: "panic" });
  assert.deepEqual(play.created, ["auto"]);
  assert.deepEqual(told, ["panic"]);
});

test("a program that stops on the back end that was asked for is told, once", async () => {
  play.answers = () => panic;
  for (const asked of /** @type {Backend[]} */ (["webgpu", "cpu"])) await assert.rejects(engine(asked).ready, { code: "panic" });
  assert.deepEqual(play.created, ["webgpu", "cpu"]);
  assert.deepEqual(told, ["panic", "panic"]);
});

test("a program that stops later is told, once, and leaves the next start to the visitor", async () => {
  play.answers = (request, worker) => (request.type === "analyse" ? panic : done(request, worker));
  await assert.rejects(engine("auto").analyse(picture, false), { code: "panic" });
  assert.deepEqual(play.created, ["auto"]);
  assert.deepEqual(told, ["ready", "panic"]);
});

test("another failure of an analysis leaves the engine as it is", async () => {
  const refused = { type: "failed", failure: { code: "picture-invalid", message: "", kind: "pixels-missing", subject: "" } };
  play.answers = (request, worker) => (request.type === "analyse" ? refused : done(request, worker));
  const asked = engine("webgpu");
  await assert.rejects(asked.analyse(picture, false), { code: "picture-invalid", kind: "pixels-missing" });
  assert.deepEqual(play.created, ["webgpu"]);
});
