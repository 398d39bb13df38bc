// When and how long to wait before a request is repeated. Pure: the clock and the dice come in as arguments.

/** Answers after which an idempotent request may be repeated. */
const REPEATABLE = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Answers that say by themselves that nothing was done, so that any request may be repeated. */
const SURELY_NOT_DONE = new Set([425, 429]);

/** Whether a request that was answered with `status` may be sent again. */
export function mayRepeat(status: number, idempotent: boolean): boolean {
  return SURELY_NOT_DONE.has(status) || (idempotent && REPEATABLE.has(status));
}

/** Whether an answer leaves open that the request was carried out: it may have failed on its way back. */
export function isInDoubt(status: number): boolean {
  return status === 408 || status >= 500;
}

/** Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) {
    return undefined;
  }
  if (/^\d+$/.test(header.trim())) {
    return Number(header.trim()) * 1_000;
  }
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential backoff with full jitter, in milliseconds; `attempt` counts from 0, `random` is in [0, 1). */
export function backoff(attempt: number, random: number): number {
  return Math.floor(random * Math.min(200 * 2 ** attempt, 10_000));
}
