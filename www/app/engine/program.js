// Fetches and starts the network's program (WebAssembly), with progress. Runs in the worker.

import { Failure } from "../failure.js";
import { programFor } from "./adapter.js";

/** @typedef {import("./messages.js").Progress} Progress */
/** @typedef {{ Engine: any, memory: WebAssembly.Memory | undefined, name: import("./adapter.js").Program }} Started the module's engine, and the memory that it works in */

/**
 * Where the wanted program cannot be had, the other one will do: without a network only one of them is there, and a site may have been
 * built with one alone.
 * @param {import("./messages.js").Backend} backend
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Started>}
 */
export async function startProgram(backend, onProgress) {
  const wanted = await programFor(backend);
  try {
    return await start(wanted, onProgress);
  } catch (error) {
    const other = backend === "webgpu" ? undefined : wanted === "dacl" ? "dacl-cpu" : "dacl";
    if (!other || Failure.from(error).code !== "program-missing") throw error;
    // The failure that is told is that of the program which was wanted.
    return start(other, onProgress).catch(() => Promise.reject(error));
  }
}

/**
 * @param {import("./adapter.js").Program} name
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Started>}
 */
async function start(name, onProgress) {
  const script = new URL(`../../${name}.js`, import.meta.url);
  let module;
  try {
    module = await import(script.href);
  } catch (error) {
    throw new Failure("program-missing", `${script.href}: ${Failure.from(error).detail}`);
  }
  const response = await fetchProgram(new URL(`../../${name}_bg.wasm`, import.meta.url));
  try {
    const exports = await module.default({ module_or_path: counted(response, onProgress) });
    return { Engine: module.Engine, memory: exports?.memory, name };
  } catch (error) {
    // A browser that does not know an instruction refuses to compile; a broken download does as well.
    const code = error instanceof WebAssembly.CompileError ? "program-unsupported" : "program-missing";
    throw Failure.from(error, code);
  }
}

/** @param {URL} binary */
async function fetchProgram(binary) {
  let response;
  try {
    response = await fetch(binary);
  } catch (error) {
    throw new Failure("program-missing", `${binary.href}: ${Failure.from(error).detail}`);
  }
  if (!response.ok) throw new Failure("program-missing", `${binary.href}: status ${response.status}`);
  return response;
}

/**
 * The same response, which tells how much of it has arrived.
 * @param {Response} response
 * @param {(progress: Progress) => void} onProgress
 * @returns {Response}
 */
function counted(response, onProgress) {
  if (!response.body) return response;
  // With a content encoding the header counts packed bytes and the stream unpacked ones: no total then.
  const packed = response.headers.has("content-encoding");
  const total = packed ? 0 : Number(response.headers.get("content-length") ?? 0);
  let loaded = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onProgress({ stage: "program", loaded, total });
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: { "content-type": "application/wasm" } });
}
