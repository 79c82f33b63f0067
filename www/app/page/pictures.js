// Still pictures: someone's own and the samples, from the wish for one to its answer.

import { withDoubts } from "../doubt.js";
import { Failure } from "../failure.js";
import { decodePicture } from "../input/picture.js";
import { fetchSample, findSample, listSamples } from "../input/samples.js";
import { expressionName, texts } from "../texts.js";
import { HEADLINES } from "../views/headlines.js";

/** @typedef {import("../input/samples.js").Sample} Sample */
/**
 * @typedef {object} Parts
 * @property {import("./known.js").Known} known
 * @property {import("./scene.js").Scene} scene
 * @property {import("../views/notices.js").Notices} notices
 * @property {ReturnType<typeof import("../views/build.js").buildViews>} views
 * @property {import("../engine/turns.js").Turns} turns
 * @property {import("../keep/record.js").Session} session
 * @property {import("../views/samples.js").SamplesStrip} strip
 */
/**
 * @typedef {object} Told
 * @property {() => void} onOpen a picture takes the place of what was on the stage
 * @property {() => void} onAnswer there is something else to keep
 */

export class Pictures {
  #parts;
  #told;

  /** @param {Parts} parts @param {Told} told */
  constructor(parts, told) {
    this.#parts = parts;
    this.#told = told;
  }

  /**
   * Puts a picture on the stage and analyses it.
   * @param {() => Promise<Blob>} load
   * @param {string} name
   * @param {Sample} [sample]
   */
  async open(load, name, sample) {
    const { known, notices, scene, views } = this.#parts;
    const isWanted = scene.wish();
    let bitmap;
    try {
      bitmap = await decodePicture(await load(), name);
    } catch (error) {
      // What is not wished for any more has failed for nobody.
      if (isWanted()) notices.show(Failure.from(error));
      return;
    }
    if (!isWanted()) {
      bitmap.close();
      return;
    }
    this.#told.onOpen();
    scene.change("picture");
    views.stage.showPicture(bitmap, sample ? texts.stage.sample(expressionName(sample.label)) : texts.stage.picture(name));
    scene.markSample(sample);
    views.result.showWords(known.isReady ? HEADLINES.working : HEADLINES.waiting);
    await this.analyse();
  }

  /** @param {Sample} sample */
  openSample(sample) {
    return this.open(() => fetchSample(sample), sample.label, sample);
  }

  /** Analyses the picture on the stage; nothing happens while there is none. */
  async analyse() {
    const { known, notices, scene, session, turns, views } = this.#parts;
    const { result, stage } = views;
    if (scene.source !== "picture") return;
    const { generation: key } = scene;
    const isThere = scene.hold();
    result.setBusy(true);
    try {
      const analysis = await turns.next(() => stage.copyPicture(), false);
      if (!analysis || !isThere()) return;
      const judged = withDoubts(analysis, known.limits);
      session.add({ time: new Date(), source: "picture", faces: judged.faces, key });
      result.show(judged, { mirrored: false });
    } catch (error) {
      if (isThere()) result.showWords(HEADLINES.failed);
      notices.show(Failure.from(error));
    }
    if (isThere()) result.setBusy(false);
    this.#told.onAnswer();
  }

  /** Fills the strip, and opens the sample that the address asks for. @param {string | null} asked */
  async loadSamples(asked) {
    const { notices, scene, strip } = this.#parts;
    // Whatever is brought while the list is on its way is wished for later than this.
    const isWanted = asked === null ? () => false : scene.wish();
    try {
      const samples = await listSamples(document.baseURI);
      strip.show(samples);
      // What was brought instead may have failed to open: the sample is given up all the same.
      if (asked !== null && !isWanted() && scene.source === "none") scene.markSample(undefined);
      if (asked === null || !isWanted()) return;
      const sample = findSample(samples, asked);
      if (sample) await this.openSample(sample);
      else {
        scene.markSample(undefined);
        notices.show(new Failure("parameter-sample", asked));
      }
    } catch (error) {
      notices.show(Failure.from(error, "samples-missing"));
    }
  }
}
