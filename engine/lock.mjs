// One at a time across processes, by a file: whoever finds it waits, and takes over when its holder is gone.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onInterrupt } from "./interrupt.mjs";

const HEARTBEAT_MS = 2000;
/** A holder on another machine, or in another container, is known only by its heartbeat. */
const SILENT_MS = 30_000;
const POLL_MS = 300;

/**
 * Runs `work` while holding the lock.
 * @template T
 * @param {string} file the lock; its folder is made
 * @param {(holder: {pid: number}, waitedMs: number) => void} onWait called at every look while somebody else holds it
 * @param {(lock: {include: (pid: number) => void}) => Promise<T>} work `include` names a process that must be gone, too, before others take over
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  const me = { pids: [process.pid], host: hostname(), since: new Date().toISOString() };
  const started = Date.now();
  while (!tryTake(file, me)) {
    const holder = readHolder(file);
    if (holder && isGone(holder, file)) {
      removeStale(file, holder);
    } else {
      if (holder) {
        onWait({ pid: holder.pids[0] }, Date.now() - started);
      }
      await sleep(POLL_MS);
    }
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  const release = () => rmSync(file, { force: true });
  const takeBack = onInterrupt(release);
  try {
    return await work({
      include(pid) {
        me.pids.push(pid);
        writeFileSync(file, JSON.stringify(me));
      },
    });
  } finally {
    takeBack();
    clearInterval(heartbeat);
    release();
  }
}

/** The content is there from the first moment: written beside, then linked, which fails when the name is taken. */
function tryTake(file, me) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(me));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** Who holds it; undefined when it was released just now or its content is being renewed. */
function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function isGone(holder, file) {
  if (holder.host === hostname()) {
    return holder.pids.every((pid) => !isRunning(pid));
  }
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > SILENT_MS;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Two that find the same stale lock must not remove each other's new one: the check and the removal are one at a time. */
function removeStale(file, holder) {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    const stat = statSync(guard, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > SILENT_MS) {
      rmSync(guard, { recursive: true, force: true });
    }
    return;
  }
  try {
    if (JSON.stringify(readHolder(file)) === JSON.stringify(holder)) {
      rmSync(file, { force: true });
    }
  } finally {
    rmdirSync(guard);
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
}
