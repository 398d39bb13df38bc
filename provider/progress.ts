// Waiting for other collaborators is a result: it is stored with its reason, and since when; the next run goes on.
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./log";
import { currentOperation } from "./operation";

/** Status of a resource whose completion depends on other collaborators. */
export interface Progress {
  /** `ready`: nothing left to do for us. `waiting`: the next `up` goes on. `rejected`: an approver said no. */
  readonly status: "ready" | "waiting" | "rejected";
  /** What is awaited, in a sentence; empty when ready. */
  readonly reason: string;
  /** When that began to be awaited (ISO 8601, UTC); empty unless waiting. */
  readonly since: string;
}

export type Status = Omit<Progress, "since">;

/** The same, with the time since which it waits: that of the state before, when it waited for the same already. */
export function since<T extends Status>(now: T, before: Partial<Progress> | undefined): T & Progress {
  if (now.status !== "waiting") {
    return { ...now, since: "" };
  }
  const goesOn = before?.status === "waiting" && before.reason === now.reason && before.since;
  return { ...now, since: goesOn || new Date().toISOString() };
}

/** Milliseconds between two looks, at first and at most. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;
/** Milliseconds between two lines of progress. */
const TELL_AFTER = 10_000;

/**
 * Goes on, for `seconds` at most, as long as others are awaited. `advance` does what has become possible, and is told what
 * was seen before; it says by `hopeless` that no waiting helps, because it is ourselves who have to act.
 */
export async function persist<T extends Status>(
  what: string,
  seconds: number | undefined,
  before: Partial<T & Progress> | undefined,
  advance: (before: Partial<T & Progress> | undefined) => Promise<T & { readonly hopeless?: boolean }>,
): Promise<T & Progress> {
  const end = Date.now() + (seconds ?? 0) * 1_000;
  currentOperation()?.extend(seconds ?? 0);
  let latest = before;
  let pause = FIRST_PAUSE;
  let told = 0;
  for (;;) {
    const { hopeless, ...seen } = await advance(latest);
    const now: T & Progress = since(seen as unknown as T, latest);
    const left = end - Date.now();
    if (now.status !== "waiting" || hopeless === true || left <= 0) {
      return now;
    }
    if (Date.now() - told >= TELL_AFTER) {
      told = Date.now();
      say(`${what} waits: ${now.reason}; ${Math.ceil(left / 1_000)} s left`);
    }
    latest = now;
    await sleep(Math.min(pause, left));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}
