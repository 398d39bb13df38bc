// Failures of setting up, in a reader's words: shown without a stack trace, with what to do; the command ends with a non-zero code.
import { compareVersions } from "./versions.mjs";

/** The message says what was tried, what went wrong, and what to do. */
export class SetupError extends Error {
  name = "SetupError";
}

/** @throws {SetupError} where the project cannot run at all */
export function checkMachine(platform, nodeVersion) {
  if (platform === "win32") {
    throw new SetupError("This project runs on Linux and macOS; on Windows use the Linux subsystem (wsl --install).");
  }
  if (compareVersions(nodeVersion, OLDEST_NODE) < 0) {
    throw new SetupError(
      `Node.js ${OLDEST_NODE} or newer is needed to begin with; this is ${nodeVersion}. See nodejs.org.`,
    );
  }
}

const OLDEST_NODE = "20.0.0";

/** What an npm, Go or download log says about its failure, in a reader's words; undefined when it is none of the known ones. */
export function knownCause(log) {
  if (/ENOSPC|no space left on device/i.test(log)) {
    return "the disk is full (free about 4 GB, then run it again)";
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
