// A video file in the video element, from its object URL: it is played from disk and never read as a whole.

import { Failure } from "../failure.js";

export class VideoFile {
  #video;
  #onBroken;
  #url = "";
  #opening = new AbortController();

  /**
   * @param {HTMLVideoElement} video
   * @param {(failure: Failure) => void} onBroken when the file turns out damaged while it plays
   */
  constructor(video, onBroken) {
    this.#video = video;
    this.#onBroken = onBroken;
  }

  /**
   * Shows the file's first frame.
   * @param {File} file
   * @returns {Promise<boolean>} false when it was closed before it was open
   * @throws {Failure} video-unreadable
   */
  async open(file) {
    this.close();
    const url = URL.createObjectURL(file);
    this.#url = url;
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    // Phones that save data load no frame before a video plays, and its first frame would be waited for in vain. The file is here
    // already, so nothing is saved by that.
    this.#video.preload = "auto";
    this.#video.src = url;
    try {
      await eventOf(this.#video, "loadeddata", signal);
      // A file with sound only, or in a kind of picture that this browser does not know, has no size.
      if (!this.#video.videoWidth) throw new Error("no picture in it");
      await learnDuration(this.#video, signal);
    } catch (error) {
      if (signal.aborted) return false;
      this.close();
      throw new Failure("video-unreadable", [file.name, Failure.from(error).detail].filter(Boolean).join(": "));
    }
    if (signal.aborted) return false;
    this.#video.onerror = () => {
      const { message = "" } = this.#video.error ?? {};
      this.close();
      this.#onBroken(new Failure("video-unreadable", [file.name, message].filter(Boolean).join(": ")));
    };
    return true;
  }

  /** Lets go of the file. */
  close() {
    if (!this.#url) return;
    this.#opening.abort();
    this.#video.onerror = null;
    this.#video.pause();
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#url);
    this.#url = "";
  }
}

/**
 * Recordings that browsers make do not say how long they are until their end was looked for.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 */
async function learnDuration(video, signal) {
  if (Number.isFinite(video.duration)) return;
  for (const place of [Number.MAX_SAFE_INTEGER, 0]) {
    const found = eventOf(video, "seeked", signal);
    video.currentTime = place;
    await found;
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {string} name
 * @param {AbortSignal} signal ends the waiting
 * @returns {Promise<void>} rejects when the file cannot be read
 */
function eventOf(video, name, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (/** @type {() => void} */ settle) => () => {
      over.abort();
      settle();
    };
    const fail = end(() => reject(new Error(video.error?.message || undefined)));
    video.addEventListener(name, end(resolve), { signal: over.signal });
    video.addEventListener("error", fail, { signal: over.signal });
    signal.addEventListener("abort", fail, { signal: over.signal });
  });
}
