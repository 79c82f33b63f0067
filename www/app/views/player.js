// Play, pause and scrub: the video file's controls. The browser's own would lie over the boxes.

import { texts } from "../texts.js";

/**
 * @typedef {object} Elements
 * @property {HTMLElement} container
 * @property {HTMLButtonElement} toggle
 * @property {HTMLInputElement} seek
 * @property {HTMLElement} time
 * @property {HTMLVideoElement} video
 */

export class Player {
  #elements;
  /** Whether it played when the page was hidden. */
  #resumes = false;
  /** @type {number | undefined} where people want to go, while the video still goes to an earlier wish */
  #wishedSeconds;

  /**
   * @param {Elements} elements
   * @param {() => void} onJump when the video goes on from another place
   */
  constructor(elements, onJump) {
    this.#elements = elements;
    const { toggle, seek, video } = elements;
    toggle.addEventListener("click", () => (video.paused ? this.play() : video.pause()));
    seek.addEventListener("input", () => this.#goTo(seek.valueAsNumber));
    for (const event of ["play", "pause", "ended", "timeupdate", "durationchange"]) {
      video.addEventListener(event, () => this.#write());
    }
    // At both ends: what is seen in between may still be the old place.
    for (const event of ["seeking", "seeked"]) {
      video.addEventListener(event, () => {
        if (this.#isShown) onJump();
      });
    }
    video.addEventListener("seeked", () => {
      const wished = this.#wishedSeconds;
      this.#wishedSeconds = undefined;
      if (wished !== undefined) video.currentTime = wished;
      this.#write();
    });
    document.addEventListener("visibilitychange", () => this.#followVisibility());
  }

  show() {
    this.#elements.container.hidden = false;
    this.#write();
  }

  hide() {
    this.#elements.container.hidden = true;
    this.#wishedSeconds = undefined;
    this.#resumes = false;
  }

  play() {
    // A browser that refuses to play by itself leaves the button to people.
    this.#elements.video.play().catch(() => this.#write());
  }

  get #isShown() {
    return !this.#elements.container.hidden;
  }

  /** While a jump is under way only the newest wish is kept: dragging would queue up hundreds. @param {number} seconds */
  #goTo(seconds) {
    const { video } = this.#elements;
    if (video.seeking) this.#wishedSeconds = seconds;
    else video.currentTime = seconds;
  }

  #followVisibility() {
    const { video } = this.#elements;
    if (!this.#isShown) return;
    if (document.hidden) {
      this.#resumes = !video.paused;
      video.pause();
    } else if (this.#resumes) {
      this.#resumes = false;
      this.play();
    }
  }

  #write() {
    const { toggle, seek, time, video } = this.#elements;
    if (!this.#isShown) return;
    const length = Number.isFinite(video.duration) ? video.duration : 0;
    const at = this.#wishedSeconds ?? video.currentTime;
    toggle.textContent = video.paused ? texts.video.play : texts.video.pause;
    seek.max = String(length);
    seek.value = String(at);
    seek.setAttribute("aria-valuetext", texts.video.spoken(Math.round(at), Math.round(length)));
    time.textContent = `${clock(at)} / ${clock(length)}`;
  }
}

/** @param {number} seconds @returns {string} as players show it in every language: 1:05 */
function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
