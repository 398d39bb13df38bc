// Everything ends: each call within its own time, and all calls of one operation within the operation's.
import { currentOperation } from "../operation";

/** A moment at which somebody stops waiting, and how long that was, in words. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly end: number;
  /** `the deadline (60 s)` */
  readonly words: string;
}

/** The deadline of a call that begins now. */
export function callDeadline(milliseconds: number): Deadline {
  const own = { end: Date.now() + milliseconds, words: `the deadline (${milliseconds / 1_000} s)` };
  const operation = currentOperation();
  return operation !== undefined && operation.end < own.end ? operation : own;
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
