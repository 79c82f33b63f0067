// What is told of each failure besides its words: how grave it is, whether the failure's own words follow, what can be done.

/** @typedef {"use-cpu" | "use-webgpu" | "reload" | "retry-attention" | "retry-camera" | "take-over"} ActionName */
/**
 * @typedef {object} NoticeKind
 * @property {"error" | "warning" | "info"} kind
 * @property {boolean} [detail] whether the failure's own words follow
 * @property {boolean} [report] whether all that is known follows, to be copied
 * @property {ActionName[]} [actions]
 */

/** @type {Readonly<Record<keyof typeof import("./texts/en.js").texts.notices, NoticeKind>>} */
export const NOTICES = {
  "webgpu-unavailable": { kind: "error", detail: true, actions: ["use-cpu"] },
  "weights-missing": { kind: "error", detail: true, actions: ["reload"] },
  "weights-altered": { kind: "error", detail: true, actions: ["reload"] },
  "weights-invalid": { kind: "error", detail: true, actions: ["reload"] },
  "argument-invalid": { kind: "error", detail: true },
  "device-lost": { kind: "error", detail: true, actions: ["reload", "use-cpu"] },
  "device-lost-again": { kind: "info" },
  "device-lost-cpu": { kind: "warning", actions: ["reload"] },
  panic: { kind: "error", report: true, actions: ["reload", "use-cpu", "use-webgpu"] },
  "program-missing": { kind: "error", detail: true, actions: ["reload"] },
  "program-unsupported": { kind: "error", detail: true },
  "browser-canvas": { kind: "error" },
  "picture-unreadable": { kind: "error", detail: true },
  "picture-too-large": { kind: "error", detail: true },
  "video-unreadable": { kind: "error", detail: true },
  "file-unknown": { kind: "error", detail: true },
  "picture-invalid": { kind: "error", detail: true },
  "samples-missing": { kind: "warning", detail: true },
  "parameter-sample": { kind: "warning", detail: true },
  "parameter-backend": { kind: "warning", detail: true },
  "parameter-setting": { kind: "warning", detail: true },
  "parameter-weights": { kind: "warning", detail: true },
  "attention-failed": { kind: "warning", detail: true, actions: ["retry-attention"] },
  "taught-unreadable": { kind: "error", detail: true },
  "taught-other-network": { kind: "warning" },
  "taught-not-kept": { kind: "warning", detail: true },
  "camera-denied": { kind: "error", detail: true, actions: ["retry-camera"] },
  "camera-missing": { kind: "error", actions: ["retry-camera"] },
  "camera-busy": { kind: "error", detail: true, actions: ["retry-camera"] },
  "camera-unsuitable": { kind: "error", detail: true, actions: ["retry-camera"] },
  "camera-insecure": { kind: "error" },
  "camera-unsupported": { kind: "error" },
  "camera-aborted": { kind: "error", detail: true, actions: ["retry-camera"] },
  "camera-lost": { kind: "warning", actions: ["retry-camera"] },
  "camera-silent": { kind: "warning" },
  "camera-unknown": { kind: "error", detail: true, actions: ["retry-camera"] },
  "update-ready": { kind: "info", actions: ["take-over"] },
  "update-elsewhere": { kind: "info", actions: ["reload"] },
  unexpected: { kind: "error", detail: true, actions: ["reload"] },
};

/**
 * @param {string} code
 * @returns {keyof typeof NOTICES} the code of the notice that is shown
 */
export const noticeCode = (code) => (Object.hasOwn(NOTICES, code) ? /** @type {keyof typeof NOTICES} */ (code) : "unexpected");
