// The stage: shows the still picture, the camera or a video, and lends copies of what it shows.

/** @typedef {"empty" | "picture" | "live"} View */

export class Stage {
  #elements;
  /** @type {ImageBitmap | undefined} the frame of camera or video whose answer is shown, in full size */
  #frame;

  /** @param {{ stage: HTMLElement, media: HTMLElement, picture: HTMLCanvasElement, video: HTMLVideoElement, note: HTMLElement }} elements */
  constructor(elements) {
    this.#elements = elements;
    // A phone that is turned changes the shape of the camera's picture.
    elements.video.addEventListener("resize", () => this.#shape(elements.video.videoWidth, elements.video.videoHeight));
  }

  /**
   * Draws the bitmap and closes it.
   * @param {ImageBitmap} bitmap
   * @param {string} name the picture's text alternative
   */
  showPicture(bitmap, name) {
    const { picture } = this.#elements;
    this.#shape(bitmap.width, bitmap.height);
    picture.width = bitmap.width;
    picture.height = bitmap.height;
    const context = picture.getContext("2d");
    if (context) {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, bitmap.width, bitmap.height);
      context.drawImage(bitmap, 0, 0);
    }
    bitmap.close();
    picture.setAttribute("aria-label", name);
    this.#view("picture");
  }

  /** @returns {Promise<ImageBitmap>} a copy of the picture that is shown */
  copyPicture() {
    return createImageBitmap(this.#elements.picture);
  }

  /**
   * Shows what runs in the video element.
   * @param {string} name its text alternative
   * @param {boolean} mirrored
   */
  showLive(name, mirrored) {
    const { video } = this.#elements;
    this.#shape(video.videoWidth, video.videoHeight);
    video.setAttribute("aria-label", name);
    this.mirror(mirrored);
    this.#view("live");
  }

  /** @param {boolean} mirrored */
  mirror(mirrored) {
    this.#elements.video.toggleAttribute("data-mirrored", mirrored);
  }

  /** @returns {Promise<ImageBitmap>} the frame that the video shows now, in full size */
  takeFrame() {
    return createImageBitmap(this.#elements.video);
  }

  /**
   * Keeps the frame whose answer is shown, and closes the one before.
   * @param {ImageBitmap | undefined} frame
   */
  keepFrame(frame) {
    if (frame !== this.#frame) this.#frame?.close();
    this.#frame = frame;
  }

  /** @returns {HTMLCanvasElement | ImageBitmap | undefined} what the shown answer is about */
  get answered() {
    return this.#elements.stage.dataset.view === "picture" ? this.#elements.picture : this.#frame;
  }

  showNothing() {
    this.#view("empty");
  }

  /** @param {string} words over the picture; none hides them */
  note(words) {
    this.#elements.note.textContent = words;
    this.#elements.note.hidden = words === "";
  }

  /** @param {View} view */
  #view(view) {
    this.keepFrame(undefined);
    this.#elements.stage.dataset.view = view;
  }

  /** @param {number} width @param {number} height */
  #shape(width, height) {
    if (!width || !height) return;
    const { style } = this.#elements.media;
    style.setProperty("--ratio", (width / height).toFixed(5));
    style.setProperty("--width", `${width}px`);
  }
}
