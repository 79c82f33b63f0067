// Fetches and starts the network's program (WebAssembly), with progress. Runs in the worker.

import { Failure } from "../failure.js";

/** @typedef {import("./messages.js").Progress} Progress */

const SCRIPT = new URL("../../dacl.js", import.meta.url);
const BINARY = new URL("../../dacl_bg.wasm", import.meta.url);

/**
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<{ Engine: any, memory: WebAssembly.Memory | undefined }>} the module's engine, and the memory that it works in
 */
export async function startProgram(onProgress) {
  let module;
  try {
    module = await import(SCRIPT.href);
  } catch (error) {
    throw new Failure("program-missing", `${SCRIPT.href}: ${Failure.from(error).detail}`);
  }
  const response = await fetchProgram();
  try {
    const exports = await module.default({ module_or_path: counted(response, onProgress) });
    return { Engine: module.Engine, memory: exports?.memory };
  } catch (error) {
    // A browser that does not know an instruction refuses to compile; a broken download does as well.
    const code = error instanceof WebAssembly.CompileError ? "program-unsupported" : "program-missing";
    throw Failure.from(error, code);
  }
}

async function fetchProgram() {
  let response;
  try {
    response = await fetch(BINARY);
  } catch (error) {
    throw new Failure("program-missing", `${BINARY.href}: ${Failure.from(error).detail}`);
  }
  if (!response.ok) throw new Failure("program-missing", `${BINARY.href}: status ${response.status}`);
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
