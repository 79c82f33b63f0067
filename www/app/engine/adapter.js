// Which of the two programs this browser needs: the one with WebGPU is many times as large as the one for the CPU alone. The program
// itself looks at the adapter again before it computes (src/web/back_end.rs).

/** @typedef {"dacl" | "dacl-cpu"} Program the beginning of its files' names */

/**
 * @param {import("./messages.js").Backend} backend
 * @returns {Promise<Program>}
 */
export async function programFor(backend) {
  if (backend === "webgpu") return "dacl";
  return backend === "auto" && (await hasHardware()) ? "dacl" : "dacl-cpu";
}

/** A software adapter is slower than the CPU itself. */
async function hasHardware() {
  try {
    const { gpu } = /** @type {any} */ (navigator);
    const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return false;
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
    const names = [vendor, architecture, device, description].join(" ").toLowerCase();
    return !isFallbackAdapter && !adapter.isFallbackAdapter && !names.includes("swiftshader");
  } catch {
    return false;
  }
}
