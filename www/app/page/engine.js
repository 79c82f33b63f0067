// What the page does when its engine has something to tell: ready, attention there, GPU lost, failed.

import { Engine } from "../engine/start.js";
import { Turns } from "../engine/turns.js";
import { Failure } from "../failure.js";
import { fingerprintOf } from "../teach/stored.js";
import { texts } from "../texts.js";
import { element } from "../views/elements.js";
import { HEADLINES } from "../views/headlines.js";

/** @typedef {import("../engine/messages.js").Centres} Centres */
/**
 * @typedef {object} Parts
 * @property {import("./known.js").Known} known
 * @property {import("./scene.js").Scene} scene
 * @property {import("../views/notices.js").Notices} notices
 * @property {ReturnType<typeof import("../views/build.js").buildViews>} views
 * @property {import("../teach/taught.js").TaughtFace} taught
 * @property {import("../views/teach.js").TeachView} teach
 */
/**
 * @typedef {object} Told
 * @property {() => void} onPictureDue the picture on the stage can have a better answer than it has
 * @property {() => void} onLoaded label path and attention arm are there
 * @property {() => void} onFailed
 */

/**
 * @param {import("../parameters.js").Parameters} parameters
 * @param {Parts} parts
 * @param {Told} told
 */
export function startEngine(parameters, parts, told) {
  const engine = new Engine(parameters, {
    ...whileThere(parts, told, (centres) => startTeaching(engine, centres, parts)),
    ...whenGone(parts, told),
  });
  const turns = new Turns({
    get ready() {
      return engine.ready;
    },
    analyse: async (bitmap, isLive) => parts.taught.applyTo(await engine.analyse(bitmap, isLive)),
  });
  return { engine, turns };
}

/**
 * What an engine tells that is there or on its way.
 * @param {Parts} parts
 * @param {Told} told
 * @param {(centres: Centres) => void} onCentres
 */
function whileThere({ known, scene, notices, views, teach }, { onPictureDue, onLoaded }, onCentres) {
  const { loading, result, status, timeline } = views;
  return {
    onProgress: (/** @type {import("../engine/messages.js").Progress} */ progress) => loading.show(progress),
    onReady(/** @type {import("../engine/messages.js").EngineFacts} */ facts) {
      known.learn(facts);
      status.showEngine(facts);
      result.setEngine(facts, known.names);
      timeline.setClasses(known.names);
      teach.setClasses(known.names);
      if (scene.source === "none") result.setBusy(false);
      element("about-accuracy", HTMLElement).textContent = texts.about.accuracy(facts.accuracy, facts.dataset);
    },
    onAttention(/** @type {Centres} */ centres) {
      result.setCentres(centres);
      onCentres(centres);
      loading.hide();
      // The label was given without its weights: the picture that is shown gets them now; the next frame has them by itself.
      onPictureDue();
      onLoaded();
    },
    onAttentionFailed(/** @type {Failure} */ failure) {
      loading.hide();
      result.setAttentionState("failed");
      notices.show(failure);
    },
  };
}

/** What is told of one that is not there any more. @param {Parts} parts @param {Told} told */
function whenGone({ known, notices, views }, { onFailed }) {
  const { loading, result, status } = views;
  return {
    onLost() {
      known.forget("loading");
      // Weights that are shown stay until the next engine has its own.
      result.setAttentionState("loading");
      result.setBusy(true);
    },
    onGpu(/** @type {"asked-again" | "back" | "gone"} */ gpu) {
      notices.clear("device-lost");
      if (gpu === "asked-again") notices.show({ code: "device-lost-again", detail: "" });
      if (gpu === "gone") notices.show({ code: "device-lost-cpu", detail: "" });
    },
    onFailed(/** @type {Failure} */ failure) {
      known.forget("failed");
      loading.hide();
      status.showFailure();
      result.setBusy(false);
      onFailed();
      result.showWords(HEADLINES.failed);
      notices.show(failure);
    },
  };
}

/** @param {Engine} engine @param {Centres} centres that a taught face's own begin at @param {Parts} parts */
async function startTeaching(engine, { positions }, { known, notices, taught, teach }) {
  const { classWeights } = await engine.ready;
  const { classes } = known;
  const network = { classes, fingerprint: fingerprintOf(classWeights), features: classWeights.length / classes.length };
  try {
    taught.setNetwork(network, positions);
  } catch (error) {
    notices.show(Failure.from(error));
  }
  teach.update();
}
