// A panic in the program leaves a bare "unreachable" trap; its message goes to the console only. This keeps the message.
// Runs in the worker.

/** @type {string | undefined} */
let message;

/** Watches the console for the message that a panic prints. */
export function watchForPanics() {
  const print = console.error.bind(console);
  console.error = (...details) => {
    const text = details.map(String).join(" ");
    // The stack that follows the message says nothing to people; the console still shows it.
    if (text.includes("panicked at")) message = text.split("\n\nStack:")[0].trim();
    print(...details);
  };
}

/**
 * @param {unknown} error
 * @returns {string | undefined} the panic's message, or undefined when the error is none
 */
export function panicMessage(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
  return message ?? error.message;
}
