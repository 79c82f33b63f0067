// Pictures and videos that people bring: chosen, dropped anywhere on the page, or pasted.

import { Failure } from "../failure.js";

/** Files of these names are videos even where the system does not know their type. */
const VIDEO_NAME = /\.(mp4|m4v|mov|webm|mkv|ogv)$/i;

/** @typedef {"picture" | "video"} Kind */

/**
 * @param {{ input: HTMLInputElement, zone: HTMLElement }} elements
 * @param {(file: File, kind: Kind) => void} onFile
 * @param {(failure: Failure) => void} onFailure when what was brought holds neither
 */
export function acceptFiles({ input, zone }, onFile, onFailure) {
  /** @param {Iterable<File>} files */
  const take = (files) => {
    const brought = [...files];
    for (const file of brought) {
      const kind = kindOf(file);
      if (kind) return onFile(file, kind);
    }
    onFailure(new Failure("file-unknown", brought[0]?.name ?? ""));
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

/**
 * @param {File} file
 * @returns {Kind | undefined}
 */
function kindOf({ type, name }) {
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("image/")) return "picture";
  if (VIDEO_NAME.test(name)) return "video";
  // A file without a known type is tried as a picture: the decoder decides.
  return type === "" ? "picture" : undefined;
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
