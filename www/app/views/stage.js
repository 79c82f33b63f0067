// The stage: shows the still picture or the camera, and lends a copy of the picture for analysis.

/** @typedef {"empty" | "picture" | "camera"} View */

export class Stage {
  #elements;

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

  /** @param {boolean} mirrored */
  showCamera(mirrored) {
    const { video } = this.#elements;
    this.#shape(video.videoWidth, video.videoHeight);
    video.toggleAttribute("data-mirrored", mirrored);
    this.#view("camera");
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
