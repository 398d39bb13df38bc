// An error of setting up that a reader can act on: shown without a stack trace, and the command ends with its exit code.
export class SetupError extends Error {
  /** @param {string} message what was tried, what went wrong, what to do */
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = "SetupError";
    this.exitCode = exitCode;
  }
}

/** What an npm, Go or download log says about its failure, in a reader's words; undefined when it is none of the known ones. */
export function knownCause(log) {
  if (/ENOSPC|no space left on device/i.test(log)) {
    return "the disk is full (free about 3 GB, then run it again)";
  }
  const network =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b|no such host|connection refused|connection reset|i\/o timeout|network is unreachable|TLS handshake timeout|fetch failed|could not resolve host|server misbehaving/i.exec(
      log,
    );
  if (network) {
    return `the network did not answer: ${network[0]}`;
  }
  if (/EACCES|EPERM|EROFS|permission denied|read-only file system/i.test(log)) {
    return "a file may not be written (see the log for which)";
  }
  return undefined;
}

/** The last lines of a log that say something. */
export function lastLines(log, count = 3) {
  return log
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(-count)
    .join("\n  ");
}
