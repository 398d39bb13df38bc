// Tells on standard error how long work goes on: one line that renews itself on a terminal, a line every few seconds elsewhere.

const TERMINAL_INTERVAL_MS = 1000;
const LOG_INTERVAL_MS = 2500;

/** Writes one line to standard error. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Shows progress while `work` runs.
 * @template T
 * @param {() => string} describe what is being done, and how far it is
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(describe, work, stream = process.stderr) {
  const started = Date.now();
  const terminal = Boolean(stream.isTTY);
  const show = () => {
    const text = `${describe()}, ${duration(Date.now() - started)}`;
    stream.write(terminal ? `\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
  };
  show();
  const timer = setInterval(show, terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (terminal) {
      stream.write("\r\x1b[K");
    }
  }
}

/** 7 s, 1 min 07 s */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  const rest = seconds % 60;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(rest).padStart(2, "0")} s`;
}
