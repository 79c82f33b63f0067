// Runs something that is asked for often at most every so often; the last wish is never lost.

/**
 * @param {number} pauseMs
 * @param {() => void} run
 * @returns {{ soon: () => void, now: () => void }} soon: at once if the last run is long ago, else when the pause is over
 */
export function atMostEvery(pauseMs, run) {
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const now = () => {
    clearTimeout(waiting);
    waiting = undefined;
    last = performance.now();
    run();
  };
  const soon = () => {
    const rest = last + pauseMs - performance.now();
    if (rest <= 0) now();
    else waiting ??= setTimeout(now, rest);
  };
  return { soon, now };
}
