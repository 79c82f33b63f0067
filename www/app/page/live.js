// Camera and video on the stage: opened, followed frame by frame, closed.

import { withDoubts } from "../doubt.js";
import { Failure } from "../failure.js";
import { Camera, listCameras } from "../input/camera.js";
import { VideoFile } from "../input/video.js";
import { followLive } from "../live/follow.js";
import { texts } from "../texts.js";
import { element } from "../views/elements.js";
import { HEADLINES } from "../views/headlines.js";

/** @typedef {"camera" | "video"} Kind */
/**
 * @typedef {object} Parts
 * @property {import("./known.js").Known} known
 * @property {import("./scene.js").Scene} scene
 * @property {import("../views/notices.js").Notices} notices
 * @property {ReturnType<typeof import("../views/build.js").buildViews>} views
 * @property {import("../engine/turns.js").Turns} turns
 * @property {import("../keep/record.js").Session} session
 * @property {import("../live/steady.js").Steady} steady
 * @property {import("../live/history.js").Histories} histories
 * @property {import("../settings.js").Settings} settings
 * @property {import("../views/settings.js").SettingsView} settingsView
 * @property {import("../views/teach.js").TeachView} teach
 * @property {import("../views/record.js").RecordView} record
 * @property {import("../views/keep.js").KeepView} keep
 * @property {import("../views/player.js").Player} player
 * @property {HTMLVideoElement} video
 */

export class Live {
  #parts;
  #camera;
  #videoFile;
  #button = element("camera", HTMLButtonElement);
  /** @type {{ kind: Kind, abort: AbortController } | undefined} what runs, or is being opened */
  #now;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { notices, record, video } = parts;
    /** @param {Failure} failure */
    const onGone = (failure) => {
      this.close();
      notices.show(failure);
    };
    this.#camera = new Camera(video, {
      onLost: onGone,
      onPicture(gives) {
        if (gives) notices.clear("camera-silent");
        else notices.show(new Failure("camera-silent"));
      },
    });
    this.#videoFile = new VideoFile(video, onGone);
    // A video that has ended stays on the stage, but gives no further frame to record: only an answer that is on its way.
    video.addEventListener("ended", () => this.#parts.turns.isFree && record.stop());
    this.#button.addEventListener("click", () => (this.#now?.kind === "camera" ? this.close() : this.openCamera()));
  }

  async openCamera() {
    const { notices, settings, settingsView } = this.#parts;
    notices.clear("camera");
    // A camera that runs stays on the stage until it comes back with other settings.
    if (this.#now?.kind === "video") this.close();
    const { signal } = this.#begin("camera");
    this.#button.textContent = texts.camera.opening;
    try {
      const opened = await this.#camera.open(settings);
      if (!opened || signal.aborted) return;
      this.#button.textContent = texts.camera.stop;
      this.#button.toggleAttribute("data-on", true);
      settingsView.showOpened(opened);
      // Only now does the browser tell the cameras' names.
      this.offerCameras();
      await this.#show("camera", texts.camera, texts.camera.alternative, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = Failure.from(error);
      // What is not there is not asked for again.
      if (failure.code === "camera-unsuitable") settings.device = "";
      this.close();
      notices.show(failure);
    }
  }

  /** A camera takes its settings when it is opened. */
  reopenCamera() {
    if (this.#now?.kind === "camera") this.openCamera();
  }

  async offerCameras() {
    this.#parts.settingsView.showCameras(await listCameras());
  }

  /** @param {File} file */
  async openVideo(file) {
    const { notices, player } = this.#parts;
    this.close();
    const { signal } = this.#begin("video");
    try {
      if (!(await this.#videoFile.open(file)) || signal.aborted) return;
      player.show();
      player.play();
      await this.#show("video", texts.video, texts.video.alternative(file.name), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.close();
      notices.show(Failure.from(error));
    }
  }

  /** Stops the camera or the video if one runs or is being opened; the stage is empty if it showed that. */
  close() {
    if (!this.#now) return;
    const { keep, known, notices, player, record, scene, settingsView, teach, views } = this.#parts;
    const { announcer, result, stage, timeline } = views;
    this.#now.abort.abort();
    this.#now = undefined;
    record.end();
    this.#camera.close();
    teach.setCamera(false);
    this.#videoFile.close();
    player.hide();
    settingsView.showOpened(undefined);
    this.#button.textContent = texts.camera.start;
    this.#button.removeAttribute("data-on");
    notices.clear("camera-silent");
    stage.note("");
    if (!scene.isLive) return;
    scene.change("none");
    timeline.hide();
    stage.showNothing();
    announcer.say(texts.stage.stopped, false);
    result.showWords(HEADLINES.begin);
    // What was waited for is not coming any more.
    if (known.isReady) result.setBusy(false);
    keep.update();
  }

  get isMirrored() {
    return this.#parts.scene.source === "camera" && this.#parts.settingsView.isMirrored;
  }

  /** @param {Kind} kind */
  #begin(kind) {
    this.#parts.scene.wish();
    this.#now?.abort.abort();
    this.#now = { kind, abort: new AbortController() };
    return this.#now.abort;
  }

  /**
   * Shows what runs in the video element, and what is said about it, until the signal aborts.
   * @param {Kind} kind
   * @param {{ runs: string, waiting: string }} words what is said when it begins, and while the network is still loading
   * @param {string} name
   * @param {AbortSignal} signal
   */
  async #show(kind, { runs, waiting }, name, signal) {
    const { histories, keep, known, scene, steady, teach, turns, video, views } = this.#parts;
    const { announcer, result, stage, timeline } = views;
    scene.change(kind);
    teach.setCamera(kind === "camera");
    scene.markSample(undefined);
    steady.reset();
    histories.clear();
    timeline.hide();
    stage.showLive(name, this.isMirrored);
    stage.note(known.isReady ? "" : waiting);
    announcer.say(runs, false);
    result.showWords(known.isReady ? HEADLINES.working : HEADLINES.waiting);
    keep.update();
    await followLive({ video, stage, turns, steady }, (answer) => this.#answer(kind, answer), signal);
  }

  /** @param {Kind} kind @param {import("../live/follow.js").Answer} answer */
  #answer(kind, { analysis, frame, ms, videoSeconds, perSecond }) {
    const { histories, keep, known, record, session, teach, video, views } = this.#parts;
    const { result, stage } = views;
    const mirrored = this.isMirrored;
    const judged = withDoubts(analysis, known.limits);
    const { faces } = judged;
    stage.keepFrame(frame);
    stage.note("");
    histories.add(faces, ms);
    session.add({ time: new Date(), source: kind, faces, videoSeconds: kind === "video" ? videoSeconds : undefined });
    result.setBusy(false);
    result.show(judged, { mirrored, perSecond });
    record.see(frame, judged, { mirrored, classes: known.names, evidence: result.evidence });
    if (kind === "video" && video.ended) record.stop();
    if (kind === "camera") teach.see(result.face, ms);
    keep.update({ often: true });
  }
}
