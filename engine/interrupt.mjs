// Runs clean-up when the command is interrupted while it sets up; nothing that was started goes on after it.

/** Signal names and the exit codes by which shells know them. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const cleanups = new Set();
const listeners = new Map();

/**
 * Runs `cleanup` (synchronous) if a signal ends the process before the returned function is called.
 * @param {() => void} cleanup
 * @returns {() => void} takes it back
 */
export function onInterrupt(cleanup) {
  if (listeners.size === 0) {
    for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
      listeners.set(signal, () => interrupted(signal, exitCode));
      process.on(signal, listeners.get(signal));
    }
  }
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/** Setting up is over: from now on signals are the command's. */
export function stopListening() {
  for (const [signal, listener] of listeners) {
    process.off(signal, listener);
  }
  listeners.clear();
}

function interrupted(signal, exitCode) {
  // The last thing begun is undone first.
  for (const cleanup of [...cleanups].reverse()) {
    cleanup();
  }
  process.stderr.write(`\nInterrupted (${signal}); the next run goes on from here.\n`);
  process.exit(exitCode);
}
