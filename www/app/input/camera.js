// The camera: opening it, its failures by name, closing it so that its light goes out.

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

/** @type {MediaStreamConstraints} */
const WISHES = {
  audio: false,
  video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
};

export class Camera {
  #video;
  #onLost;
  /** @type {MediaStream | undefined} */
  #stream;
  /** Counts openings and closings, so that a permission that is given too late opens nothing. */
  #wish = 0;

  /**
   * @param {HTMLVideoElement} video shows the camera's picture
   * @param {(failure: Failure) => void} onLost when the camera is unplugged or taken away
   */
  constructor(video, onLost) {
    this.#video = video;
    this.#onLost = onLost;
  }

  /**
   * Asks for the camera and shows it.
   * @returns {Promise<{ mirrored: boolean } | undefined>} undefined when it was closed before it was open
   * @throws {Failure} camera-*
   */
  async open() {
    this.close();
    const wish = this.#wish;
    // Without a secure origin there is no mediaDevices at all.
    if (!navigator.mediaDevices?.getUserMedia) throw new Failure("camera-insecure");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(WISHES);
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
    track.addEventListener("ended", () => {
      if (this.#stream !== stream) return;
      this.close();
      this.#onLost(new Failure("camera-lost"));
    });
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (error) {
      if (wish !== this.#wish) return undefined;
      this.close();
      throw cameraFailure(error);
    }
    // People know themselves from the mirror; a camera that faces away from them shows the world as it is.
    return wish === this.#wish ? { mirrored: track.getSettings().facingMode !== "environment" } : undefined;
  }

  /** Stops the tracks: the light goes out. */
  close() {
    this.#wish += 1;
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = undefined;
    this.#video.srcObject = null;
  }
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
