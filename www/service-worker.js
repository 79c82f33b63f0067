// Keeps the site in the browser after the first visit, so that it opens without a network. The build writes into it which files
// there are and what they contain (xtask/src/offline.rs); without that it is not shipped.
//
// A visit always gets the files of one version. A new version is stored beside the one in use and waits until it is taken over, or
// until no tab shows the old one any more.

/** @type {{ version: string, files: Record<string, string> }} the names of the files, from the site's folder, with their SHA-256 */
const SITE = { version: "", files: {} };

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const folder = scope.registration.scope;
/** Caches belong to the origin, on which there may be other sites. */
const PREFIX = `dacl ${folder} `;
const CACHE = PREFIX + SITE.version;
/** The program that this browser does without, of the two that there are: what the page registered this for it says. */
const OTHER_PROGRAM = new URL(scope.location.href).searchParams.get("program") === "dacl-cpu" ? "dacl" : "dacl-cpu";
/** A stored answer's header with the SHA-256 of its content. */
const HASH = "x-sha256";

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(forgetOtherVersions()));
scope.addEventListener("message", ({ data }) => {
  if (data === "take-over") scope.skipWaiting();
});
scope.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  // The rest, such as weights of someone's own, goes its usual way.
  if (name !== undefined) event.respondWith(answer(event.request, name));
});

async function install() {
  if (mayBeStored(await fetch(folder, { cache: "no-cache" }))) return store();
  // As `trunk serve` does: what is being worked on is not to be had from a store, nor is what was served here before.
  await Promise.all((await namesOfCaches()).map((name) => caches.delete(name)));
  // Not awaited: it is done only after this installation, which fails.
  scope.registration.unregister();
  throw new Error(`${folder}: its host wants nothing stored`);
}

/** @param {Response} response */
function mayBeStored({ headers }) {
  return !headers.get("cache-control")?.includes("no-store");
}

/**
 * Stores the files that this browser needs. What an earlier version, or an attempt that was cut off, has stored is not fetched again.
 */
async function store() {
  const cache = await caches.open(CACHE);
  const others = await Promise.all((await namesOfCaches()).map((name) => caches.open(name)));
  for (const [name, hash] of Object.entries(SITE.files)) {
    if (name === `${OTHER_PROGRAM}.js` || name === `${OTHER_PROGRAM}_bg.wasm`) continue;
    const address = addressOf(name);
    const stored = await storedAnswer(others, address, hash);
    await cache.put(address, stored ?? (await fetched(address, hash)));
  }
}

/**
 * @param {Cache[]} stores
 * @param {string} address
 * @param {string} hash
 */
async function storedAnswer(stores, address, hash) {
  for (const one of stores) {
    const found = await one.match(address);
    if (found?.headers.get(HASH) === hash) return found;
  }
  return undefined;
}

/**
 * @param {string} address
 * @param {string} hash
 * @returns {Promise<Response>} fails when it is not the file that belongs to this version: a site that is being replaced has both
 */
async function fetched(address, hash) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  const content = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== hash) throw new Error(`${address} does not belong to version ${SITE.version}`);
  // A new answer, because one that was redirected may not open a page. The policy stays with it; how it was packed does not.
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  headers.set(HASH, hash);
  return new Response(content, { headers });
}

async function forgetOtherVersions() {
  const old = (await namesOfCaches()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function namesOfCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/**
 * @param {Request} request
 * @returns {string | undefined} the name of the site's file that it asks for
 */
function nameOf({ method, url }) {
  const { origin, pathname } = new URL(url);
  const path = origin + pathname;
  if (method !== "GET" || !path.startsWith(folder)) return undefined;
  const name = path.slice(folder.length) || "index.html";
  return Object.hasOwn(SITE.files, name) ? name : undefined;
}

/** @param {string} name */
function addressOf(name) {
  // Every host serves the page at its folder; some send those away who ask for the file.
  return name === "index.html" ? folder : folder + name;
}

/**
 * @param {Request} request
 * @param {string} name
 */
async function answer(request, name) {
  const cache = await caches.open(CACHE);
  return (await cache.match(addressOf(name))) ?? storedNow(cache, name).catch(() => fetch(request));
}

/**
 * What is missing: the browser may have thrown away what was stored, or has got a GPU and needs the other program.
 * @param {Cache} cache
 * @param {string} name
 */
async function storedNow(cache, name) {
  const response = await fetched(addressOf(name), SITE.files[name]);
  if (mayBeStored(response)) await cache.put(addressOf(name), response.clone());
  return response;
}
