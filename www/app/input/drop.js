// Pictures that people bring: chosen, dropped anywhere on the page, or pasted.

import { Failure } from "../failure.js";

/**
 * @param {{ input: HTMLInputElement, zone: HTMLElement }} elements
 * @param {(file: File) => void} onFile
 * @param {(failure: Failure) => void} onFailure when what was brought holds no picture
 */
export function acceptPictures({ input, zone }, onFile, onFailure) {
  /** @param {Iterable<File>} files */
  const take = (files) => {
    const brought = [...files];
    // A file without a known type is tried as well: the decoder decides.
    const picture = brought.find(({ type }) => type === "" || type.startsWith("image/"));
    if (picture) onFile(picture);
    else onFailure(new Failure("picture-unreadable", brought[0]?.name ?? ""));
  };

  input.addEventListener("change", () => {
    if (input.files?.length) take(input.files);
    // The same file can be chosen again.
    input.value = "";
  });

  // Nested elements report enter and leave as well: only the outermost counts.
  let depth = 0;
  /** @param {number} change */
  const hover = (change) => {
    depth = Math.max(0, depth + change);
    zone.toggleAttribute("data-drop", depth > 0);
  };
  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) hover(1);
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) hover(-1);
  });
  document.addEventListener("dragover", (event) => {
    // Without this the browser would leave the page and open the file.
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    hover(-depth);
    take(event.dataTransfer?.files ?? []);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) take(event.clipboardData.files);
  });
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
