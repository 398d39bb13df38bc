// What a fault is: which requests or which writes to the ledger it hits, and what then happens. A rule from outside is
// checked here, and what is wrong with it is said with the remedy.

/** What happens at a request that matches. */
export const REQUEST_KINDS = {
  refuse: "the connection is reset, nothing of the request is read",
  "cut-in-request": "the connection is closed while the request's body arrives",
  "die-before-commit": "the sandbox ends with SIGKILL before the request is carried out",
  "die-after-commit": "the sandbox ends with SIGKILL once the request is carried out, before it is answered",
  "no-answer": "nothing is done or answered until the client goes away",
  "lose-answer": "the request is carried out, and the connection closed without an answer",
  "cut-after-status": "the request is carried out, and the connection closed after the status line",
  "cut-in-body": "the request is carried out, and the connection closed in the middle of the answer",
  "429": "429 with Retry-After, nothing is done",
  "503": "503 with Retry-After, nothing is done",
  delay: "the request is carried out that much later, whether or not the client is still there",
  answer: "the given answer in place of the real one; nothing is done, unless afterCommit",
  mutate: "the request is carried out, and its answer changed as the seed says",
} as const;

/** What happens at a write to governance's ledger that matches. */
export const WRITE_KINDS = {
  "die-before-write": "the sandbox ends with SIGKILL before the entry is written",
  "die-after-write": "the sandbox ends with SIGKILL once the entry is on the disk",
  "fail-before-write": "the request fails with 500 before the entry is written",
  "fail-after-write": "the request fails with 500 once the entry is on the disk",
} as const;

export type RequestKind = keyof typeof REQUEST_KINDS;
export type WriteKind = keyof typeof WRITE_KINDS;

interface Counted {
  /** The first match that is hit, counted from 1. @default 1 */
  readonly nth?: number;
  /** How many matches are hit from there on. @default 1 with `nth`, else all */
  readonly times?: number;
  /** How likely each of them is hit, 0 to 1, drawn from the seed. @default 1 */
  readonly chance?: number;
  /** What is random of this fault is made from. @default the switch's own */
  readonly seed?: number;
}

/** The answer that is given in place of the real one. */
export interface GivenAnswer {
  readonly status: number;
  /** @default empty */
  readonly text?: string;
  /** @default `application/json` */
  readonly contentType?: string;
  /** The request is carried out before, as behind a gateway that gave up. @default false */
  readonly afterCommit?: boolean;
}

export interface RequestFault extends Counted {
  readonly kind: RequestKind;
  /** `frontend`, `governance`, `vault contosso-kv`: as in the request log. @default any */
  readonly service?: string;
  /** @default any */
  readonly method?: string;
  /** A part of path and query, or all of it with `*` for any characters. @default any */
  readonly path?: string;
  /** For 429 and 503. @default 1 */
  readonly retryAfterSeconds?: number;
  /** Retry-After is an HTTP date, for 429 and 503. @default false */
  readonly asDate?: boolean;
  /** For delay. */
  readonly milliseconds?: number;
  /** For answer. */
  readonly answer?: GivenAnswer;
}

export interface WriteFault extends Counted {
  readonly kind: WriteKind;
  /** Kind of the ledger's entry: `document`, `proposal`, `ballot`. @default any */
  readonly change?: string;
}

export type FaultRule = RequestFault | WriteFault;

export const isWriteFault = (rule: FaultRule): rule is WriteFault => Object.hasOwn(WRITE_KINDS, rule.kind);

export const ends = ({ kind }: FaultRule): boolean => kind.startsWith("die-");

/** A rule that cannot be: the message says what is wrong with it, and what would be right. */
export class FaultRuleError extends Error {}

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "a text is expected");
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false is expected");
const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`} is expected`;
const share: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1 ? undefined : "a number from 0 to 1 is expected";

const COUNTED: Readonly<Record<string, Check>> = { nth: whole(1), times: whole(1), chance: share, seed: whole(0) };
const REQUEST: Readonly<Record<string, Check>> = { ...COUNTED, service: text, method: text, path: text };
const RETRY: Readonly<Record<string, Check>> = { retryAfterSeconds: whole(0), asDate: flag };
const ONLY: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  "429": RETRY,
  "503": RETRY,
  // Longer waits than a timer takes would be none at all.
  delay: { milliseconds: whole(1, 2 ** 31 - 1) },
  answer: { answer: givenAnswer },
};
const NEEDED: Readonly<Record<string, string>> = { delay: "milliseconds", answer: "answer" };

/** @throws FaultRuleError */
export function parseRule(given: unknown): FaultRule {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new FaultRuleError('A fault is an object, {"kind": "refuse"} at the least.');
  }
  const { kind, ...fields } = given as Record<string, unknown>;
  const isWrite = typeof kind === "string" && Object.hasOwn(WRITE_KINDS, kind);
  if (typeof kind !== "string" || !(isWrite || Object.hasOwn(REQUEST_KINDS, kind))) {
    const kinds = [...Object.keys(REQUEST_KINDS), ...Object.keys(WRITE_KINDS)].sort().join(", ");
    throw new FaultRuleError(`There is no fault of kind ${JSON.stringify(kind)}: use one of ${kinds}.`);
  }
  const known: Readonly<Record<string, Check>> = isWrite ? { ...COUNTED, change: text } : { ...REQUEST, ...ONLY[kind] };
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(known, name) ? known[name] : undefined;
    if (check === undefined) {
      throw new FaultRuleError(`A fault of kind ${kind} has no ${name}: it takes ${Object.keys(known).join(", ")}.`);
    }
    const problem = check(value);
    if (problem !== undefined) throw new FaultRuleError(`${name} is ${JSON.stringify(value)}: ${problem}.`);
  }
  const needed = NEEDED[kind];
  if (needed !== undefined && fields[needed] === undefined) {
    throw new FaultRuleError(`A fault of kind ${kind} needs ${needed}.`);
  }
  return given as FaultRule;
}

function givenAnswer(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return 'an object such as {"status": 200, "text": "{}"} is expected';
  const { status, text: body, contentType, afterCommit = false, ...rest } = value as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `it has no ${unknown}; it takes status, text, contentType, afterCommit`;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
    return "its status must be a whole number from 200 to 599";
  }
  if (typeof afterCommit !== "boolean") return "its afterCommit must be true or false";
  const texts = [body, contentType].every((each) => each === undefined || typeof each === "string");
  return texts ? undefined : "its text and contentType must be texts";
}
