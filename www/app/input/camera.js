// The camera: which there are, opening one, its failures by name, closing it so that its light goes out.

import { Failure } from "../failure.js";

/** What the browser calls a failure, and what the page calls it. */
const CODES = /** @type {Record<string, string>} */ ({
  NotAllowedError: "camera-denied",
  NotFoundError: "camera-missing",
  NotReadableError: "camera-busy",
  OverconstrainedError: "camera-unsuitable",
  SecurityError: "camera-insecure",
  AbortError: "camera-aborted",
});

/** @typedef {"user" | "environment"} Facing */
/** @typedef {{ id: string, name: string }} Device name is empty until the camera was allowed once */
/**
 * @typedef {object} Wish
 * @property {string} device id of the camera; empty: whichever suits
 * @property {Facing} facing which side it should look at, where no camera is chosen
 * @property {number} lines of its picture, such as 720: the camera gives what comes nearest
 */
/** @typedef {{ device: string, facing: string | undefined, width: number, height: number }} Opened */
/**
 * @typedef {object} Told
 * @property {(failure: Failure) => void} onLost the camera was unplugged or taken away
 * @property {(gives: boolean) => void} onPicture whether it gives a picture: a shutter or another program can take it for a while
 */

export class Camera {
  #video;
  #told;
  /** @type {MediaStream | undefined} */
  #stream;
  /** Counts openings and closings, so that a permission that is given too late opens nothing. */
  #wish = 0;

  /**
   * @param {HTMLVideoElement} video shows the camera's picture
   * @param {Told} told
   */
  constructor(video, told) {
    this.#video = video;
    this.#told = told;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || !this.#stream) return;
      // Some phones pause the element while the page is hidden and leave it so.
      if (video.paused) video.play().catch(() => {});
      this.#tellPicture();
    });
  }

  /**
   * Asks for the camera and shows it.
   * @param {Wish} wished
   * @returns {Promise<Opened | undefined>} undefined when it was closed before it was open
   * @throws {Failure} camera-*
   */
  async open(wished) {
    this.close();
    const wish = this.#wish;
    if (!navigator.mediaDevices?.getUserMedia) {
      // Without a secure origin there is no mediaDevices at all.
      throw new Failure(window.isSecureContext ? "camera-unsupported" : "camera-insecure");
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(constraints(wished));
    } catch (error) {
      if (wish !== this.#wish) return undefined;
      throw cameraFailure(error);
    }
    if (wish !== this.#wish) {
      stopTracks(stream);
      return undefined;
    }
    this.#stream = stream;
    const [track] = stream.getVideoTracks();
    this.#watch(stream, track);
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (error) {
      if (wish !== this.#wish) return undefined;
      this.close();
      throw cameraFailure(error);
    }
    if (wish !== this.#wish) return undefined;
    const { deviceId = "", facingMode, width = 0, height = 0 } = track.getSettings();
    return { device: deviceId, facing: facingMode, width, height };
  }

  /** Stops the tracks: the light goes out. */
  close() {
    this.#wish += 1;
    if (!this.#stream) return;
    stopTracks(this.#stream);
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** @param {MediaStream} stream @param {MediaStreamTrack} track */
  #watch(stream, track) {
    track.addEventListener("ended", () => {
      if (this.#stream !== stream) return;
      this.close();
      this.#told.onLost(new Failure("camera-lost"));
    });
    for (const event of ["mute", "unmute"]) {
      track.addEventListener(event, () => {
        if (this.#stream === stream) this.#tellPicture();
      });
    }
    // One that was silent from the beginning tells no change.
    this.#tellPicture();
  }

  /** As it is now: what changed while the page was hidden is looked at when it is seen again. */
  #tellPicture() {
    const [track] = this.#stream?.getVideoTracks() ?? [];
    // A phone takes the camera from a hidden page by itself and gives it back.
    if (track && !document.hidden) this.#told.onPicture(!track.muted);
  }
}

/** @returns {Promise<Device[]>} the cameras that this browser tells of; only one without a name until one was allowed */
export async function listCameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** @param {() => void} onChange when a camera is plugged in or out */
export function watchCameras(onChange) {
  navigator.mediaDevices?.addEventListener?.("devicechange", onChange);
}

/**
 * @param {Wish} wished
 * @returns {MediaStreamConstraints}
 */
function constraints({ device, facing, lines }) {
  // Wishes only, but for a camera that people chose: another one in its place would surprise them.
  const which = device ? { deviceId: { exact: device } } : { facingMode: facing };
  // A phone that is held upright turns the picture by itself: the sizes are those of the camera as it is built.
  const size = { width: { ideal: Math.round((lines * 16) / 9) }, height: { ideal: lines } };
  return { audio: false, video: { ...which, ...size, frameRate: { ideal: 30 } } };
}

/** @param {MediaStream} stream */
function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {unknown} error */
function cameraFailure(error) {
  const name = error instanceof DOMException || error instanceof Error ? error.name : "";
  const { detail } = Failure.from(error);
  return new Failure(CODES[name] ?? "camera-unknown", detail);
}
