// Everything ends: each call within its own time, and all calls of one operation within the operation's.
import { AsyncLocalStorage } from "node:async_hooks";

/** A moment at which somebody stops waiting, and how long that was, in words. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly end: number;
  /** `the deadline (60 s)` */
  readonly words: string;
}

const operation = new AsyncLocalStorage<Deadline>();

/** Runs an operation of several calls, none of which outlasts the operation's time (milliseconds); `what` names it. */
export function within<T>(milliseconds: number, what: string, run: () => Promise<T>): Promise<T> {
  return operation.run(sooner(deadlineOf(milliseconds, `the deadline of ${what}`), operation.getStore()), run);
}

/** The deadline of a call that begins now. */
export function callDeadline(milliseconds: number): Deadline {
  return sooner(deadlineOf(milliseconds, "the deadline"), operation.getStore());
}

/** The outcome of `work`, or undefined once the deadline is over; what `work` does then is nobody's concern any more. */
export async function inTime<T>(work: Promise<T>, { end }: Deadline): Promise<{ readonly value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, end - Date.now()));
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

function deadlineOf(milliseconds: number, name: string): Deadline {
  return { end: Date.now() + milliseconds, words: `${name} (${milliseconds / 1_000} s)` };
}

function sooner(one: Deadline, other: Deadline | undefined): Deadline {
  return other !== undefined && other.end < one.end ? other : one;
}
