// What a service, or whatever stands before it, could answer instead of the truth.
import { placesIn, withAt } from "../helpers/arbitraries";
import type { Meddling, Passing } from "./between";

/** One way in which an answer is wrong. `earlier`: answers that were seen before, latest last. */
export interface Mutation {
  readonly name: string;
  /** Whether the service is asked at all: an answer in its place may come though nothing was done. */
  readonly asks: boolean;
  /** Whether every later answer is wrong, too. */
  readonly lasts?: boolean;
  /** Whether it may be a lie that is well formed. */
  readonly mayLie?: boolean;
  readonly change: (truth: Passing, earlier: readonly Passing[]) => Passing | "cut";
}

const JSON_TYPE = "application/json; charset=utf-8";
const json = (status: number, body: unknown, headers = {}): Passing => ({
  status,
  contentType: JSON_TYPE,
  text: JSON.stringify(body),
  headers,
});
const refusal = (status: number): Passing =>
  json(status, { error: { code: "SomethingElse", message: `no (${status})` } });
const page = (status: number): Passing => ({
  status,
  contentType: "text/html",
  text: "<!doctype html><title>Sign in</title>",
});

const REFUSALS = [
  300, 301, 302, 304, 307, 400, 401, 402, 403, 404, 405, 406, 409, 410, 412, 413, 418, 422, 451, 501, 505,
];
const PASSING = [408, 425, 429, 500, 502, 503, 504];

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Each wrong answer with a name. */
export const MUTATIONS: readonly Mutation[] = [
  ...REFUSALS.flatMap((status) =>
    [true, false].map((asks) => ({
      name: `${status}${asks ? " after it was done" : ""}`,
      asks,
      change: () => refusal(status),
    })),
  ),
  ...PASSING.flatMap((status) => [
    { name: `${status} once`, asks: false, change: () => refusal(status) },
    { name: `${status} once, after it was done`, asks: true, change: () => refusal(status) },
    { name: `${status} for ever`, asks: false, lasts: true, change: () => refusal(status) },
  ]),
  { name: "429 with a pause of none", asks: false, change: () => json(429, {}, { "retry-after": "0" }) },
  {
    name: "503 with a pause of an hour",
    asks: false,
    lasts: true,
    change: () => json(503, {}, { "retry-after": "3600" }),
  },
  ...[200, 404, 500, 502].map((status) => ({ name: `a page with ${status}`, asks: false, change: () => page(status) })),
  { name: "a page with 200 after it was done", asks: true, change: () => page(200) },
  ...[200, 201, 202, 204].flatMap((status) =>
    [true, false].map((asks) => ({
      name: `nothing with ${status}${asks ? " after it was done" : ""}`,
      asks,
      change: () => ({ status, contentType: "", text: "" }),
    })),
  ),
  { name: "404 with nothing", asks: false, change: () => ({ status: 404, contentType: "", text: "" }) },
  { name: "no answer, nothing done", asks: false, change: () => "cut" },
  { name: "no answer, though it was done", asks: true, change: () => "cut" },
  {
    name: "half of the answer",
    asks: true,
    change: (truth) => ({ ...truth, text: truth.text.slice(0, truth.text.length / 2) }),
  },
  {
    name: "more than any answer",
    asks: true,
    change: (truth) => ({ ...truth, text: `${truth.text}${" ".repeat(33 * 1024 * 1024)}` }),
  },
  {
    name: "100,000 levels",
    asks: true,
    change: (truth) => ({ ...truth, contentType: JSON_TYPE, text: deep(100_000) }),
  },
  {
    name: "100,000 levels in a field",
    asks: true,
    change: (truth) => ({
      ...truth,
      text: truth.text.replace(/:\s*("[^"]*"|\d+|null|true|false)/, `:${deep(100_000)}`),
    }),
  },
  {
    name: "100,000 levels in a text",
    asks: true,
    mayLie: true,
    // Of a list of thousands not all: no text can be as long as that.
    change: (truth) => {
      let left = 100;
      return edited(truth, (body) => everyText(body, (text) => (left-- > 0 ? deep(100_000) : text)));
    },
  },
  { name: "a byte order mark before it", asks: true, change: (truth) => ({ ...truth, text: `\uFEFF${truth.text}` }) },
  { name: "plain text", asks: true, change: (truth) => ({ ...truth, contentType: "text/plain" }) },
  ...["null", "[]", "{}", '""', "7", "true", '{"error":null}', '{"value":null}', '{"__proto__":{"id":"x"}}'].map(
    (text) => ({
      name: `${text} instead`,
      asks: true,
      change: (truth: Passing) => (truth.status === 204 ? truth : { ...truth, contentType: JSON_TYPE, text }),
    }),
  ),
  {
    name: "fields that nobody knows",
    asks: true,
    change: (truth) =>
      edited(truth, (body) => (isObject(body) ? { ...body, unheardOf: { deeply: [1] }, constructor: "x" } : body)),
  },
  { name: "an earlier answer", asks: true, change: (truth, earlier) => earlier.at(-1) ?? truth },
  { name: "the first answer of all", asks: true, change: (truth, earlier) => earlier[0] ?? truth },
  {
    name: "another document's answer",
    asks: true,
    change: (truth) =>
      edited(truth, (body) => (isObject(body) && "id" in body ? { ...body, id: "another-document" } : body)),
  },
];

/** The mutation at one request of a lane, or from that one on. */
export function at(index: number, { asks, lasts = false, change }: Mutation): Meddling {
  const earlier: Passing[] = [];
  return async (seen, next) => {
    const isMeant = lasts ? seen.index >= index : seen.index === index;
    const truth = isMeant && !asks ? { status: 200, contentType: "", text: "" } : await next();
    const answer = isMeant ? change(truth, earlier) : truth;
    earlier.push(truth);
    return answer;
  };
}

/** Numbers below 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const OTHERS: readonly unknown[] = [
  undefined,
  null,
  "",
  " ",
  "x",
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  { id: "x" },
  "Draft",
  "Proposed",
  "Accepted",
  "Open",
  "Rejected",
  "Withdrawn",
  "accepted",
  "rejected",
  "enabled",
  "disabled",
  "../../x",
  "\u202E\u0000",
  "x".repeat(5_000),
  "e30=",
  "{}",
  "[]",
];

/** One to three changes of a good answer, somewhere in it; of a text that is JSON, somewhere in that, too. */
export function randomly(dice: () => number): Mutation {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(dice() * items.length)];
  const once = (body: unknown): unknown => {
    const places = placesIn(body);
    if (places.length === 0) return pick(OTHERS);
    const place = pick(places);
    const value = place.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], body);
    if (typeof value === "string" && /^[[{]/.test(value) && dice() < 0.7) {
      return withAt(body, place, JSON.stringify(once(JSON.parse(value))));
    }
    if (Array.isArray(value) && value.length > 0 && dice() < 0.5) {
      return withAt(body, place, dice() < 0.5 ? value.slice(1) : [...(value as unknown[]), value[0]]);
    }
    return withAt(body, place, pick(OTHERS));
  };
  const changes = 1 + Math.floor(dice() * 3);
  return {
    name: "a random change",
    asks: true,
    mayLie: true,
    change: (truth) =>
      edited(truth, (body) => {
        let changed = body;
        for (let count = 0; count < changes; count++) changed = once(changed);
        return changed;
      }),
  };
}

function edited(truth: Passing, edit: (body: unknown) => unknown): Passing {
  if (!truth.contentType.includes("json") || truth.text === "") return truth;
  return { ...truth, text: JSON.stringify(edit(JSON.parse(truth.text))) ?? "" };
}

function everyText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => everyText(item, change));
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          key === "id" || key === "state" ? item : everyText(item, change),
        ]),
      )
    : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
