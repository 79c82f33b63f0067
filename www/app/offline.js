// The page without a network: stores the site's files through its service worker after a visit, and tells when a newer version has
// been stored and waits.

import { programFor } from "./engine/adapter.js";

/** @typedef {"storing" | "stored" | "not-stored"} State */
/**
 * @typedef {object} Told
 * @property {(state: State) => void} onState whether the site opens without a network
 * @property {(takeOver: () => void) => void} onUpdate a newer version waits; takeOver puts it in the place of this one
 * @property {() => void} onTakenOver the newer version is there: this page has to be opened anew
 * @property {() => void} onOtherTab another tab has taken a newer version over: what this page has yet to load is not its own
 */

/** @returns {string | undefined} the site's version; a site that was not built for it has none, and stores nothing */
export function siteVersion() {
  return document.querySelector("meta[name=version]")?.getAttribute("content") ?? undefined;
}

/**
 * @param {Promise<void>} loaded when everything that this visit needs is there: storing it for later ones is not to delay that
 * @param {import("./engine/messages.js").Backend} backend of two programs, the one that it needs is stored
 * @param {Told} told
 */
export async function keepForOffline(loaded, backend, told) {
  if (!siteVersion() || !navigator.serviceWorker) return;
  try {
    watch((await ownRegistration()) ?? (await register(loaded, backend)), told);
  } catch {
    // A private window, a host that does not serve it, or a wish to save data. The page works all the same.
    told.onState("not-stored");
  }
}

/** The registration of an earlier visit. Should its version be broken, the one that mends it is still offered. */
async function ownRegistration() {
  const registration = await navigator.serviceWorker.getRegistration();
  // Another site may have one for the whole origin.
  return registration?.scope === new URL("./", document.baseURI).href ? registration : undefined;
}

/** @param {Promise<void>} loaded @param {import("./engine/messages.js").Backend} backend */
async function register(loaded, backend) {
  if (isSparing()) throw new Error("the browser is asked to save data");
  await loaded;
  return navigator.serviceWorker.register(new URL(`service-worker.js?program=${await programFor(backend)}`, document.baseURI));
}

/** Tens of megabytes are not for those who asked the browser to spare their connection. */
function isSparing() {
  return Boolean(/** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData);
}

/** @param {ServiceWorkerRegistration} registration @param {Told} told */
function watch(registration, told) {
  let isOurs = false;
  /** @param {ServiceWorker | null} worker the site's files are being stored by it, or are */
  const follow = (worker) => {
    if (!worker) return;
    const isUpdate = Boolean(registration.active);
    const look = () => {
      if (isUpdate && worker.state === "installed") {
        told.onUpdate(() => {
          isOurs = true;
          worker.postMessage("take-over");
        });
      }
      if (isUpdate && worker.state === "activated" && isOurs) told.onTakenOver();
      if (!isUpdate && worker.state === "activated") told.onState("stored");
      if (!isUpdate && worker.state === "redundant") told.onState("not-stored");
    };
    worker.addEventListener("statechange", look);
    look();
  };
  const { active, waiting, installing } = registration;
  told.onState(active ? "stored" : waiting || installing ? "storing" : "not-stored");
  follow(waiting);
  follow(installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!isOurs) told.onOtherTab();
  });
}
