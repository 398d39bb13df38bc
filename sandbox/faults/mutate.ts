// Answers that are almost right: what a broken service, a proxy or a newer release would answer in the place of the
// real one. Which change is made, and where, depends on the draws alone.
import { type Answer, textOf } from "../http";
import { type Draw, pick } from "./random";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Mutation {
  readonly name: string;
  /** Undefined where the answer has nothing of the kind. `other` is the answer to an earlier request. */
  readonly make: (answer: Answer, draw: Draw, other: Answer | undefined) => Answer | undefined;
}

const JSON_TYPE = "application/json; charset=utf-8";
const HTML = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to go on.</body></html>";
const STRANGE: readonly Json[] = [
  null,
  true,
  -1,
  1e308,
  "",
  "\u0000\u202e",
  [],
  {},
  [[]],
  { value: null },
  "[object Object]",
];

export const MUTATIONS: readonly Mutation[] = [
  { name: "wrong type", make: changed((parent, key, draw) => set(parent, key, pick(draw, STRANGE))) },
  { name: "missing field", make: changed((parent, key) => remove(parent, key)) },
  { name: "extra field", make: changed((parent, _key, draw) => add(parent, pick(draw, STRANGE))) },
  { name: "truncated", make: withText((text, draw) => text.slice(0, Math.floor(text.length * draw()))) },
  { name: "deeply nested", make: withText((text) => `${"[".repeat(20_000)}${text}${"]".repeat(20_000)}`) },
  { name: "not JSON", make: withText((text) => `)]}',\n${text}`) },
  { name: "another status", make: (answer, draw) => ({ ...answer, status: pick(draw, STATUSES) }) },
  {
    name: "HTML",
    make: ({ status }) => ({ status: hasBody(status) ? status : 200, text: HTML, contentType: "text/html" }),
  },
  { name: "another content type", make: retyped },
  { name: "empty", make: ({ status, headers }) => ({ status, headers }) },
  { name: "another answer", make: (_answer, _draw, other) => other },
];

const STATUSES = [200, 202, 206, 301, 302, 304, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 422, 425, 429] //
  .concat([451, 500, 501, 502, 503, 504, 599]);

/** Another answer than the real one, with the name of what was done to it. */
export function mutate(answer: Answer, draw: Draw, other: Answer | undefined): { name: string; answer: Answer } {
  for (;;) {
    const { name, make } = pick(draw, MUTATIONS);
    const made = make(answer, draw, other);
    if (made !== undefined) return { name, answer: made };
  }
}

const hasBody = (status: number): boolean => status !== 204 && status !== 304;

function withText(change: (text: string, draw: Draw) => string): Mutation["make"] {
  return (answer, draw) => {
    const text = textOf(answer);
    if (text === undefined || text === "") return undefined;
    const { status, headers, contentType = JSON_TYPE } = answer;
    return { status, headers, contentType, text: change(text, draw) };
  };
}

function retyped(answer: Answer, draw: Draw): Answer | undefined {
  const text = textOf(answer);
  const contentType = pick(draw, ["text/plain", "application/octet-stream", "text/html", "application/xml"]);
  return text === undefined ? undefined : { ...answer, text, contentType };
}

type Parent = Json[] | { [key: string]: Json };

/** Changes one place somewhere in a JSON body, or in the JSON that a text of it holds. */
function changed(change: (parent: Parent, key: string | number, draw: Draw) => void): Mutation["make"] {
  return (answer, draw) => {
    const text = textOf(answer);
    const root = text === undefined ? undefined : parse(text);
    if (root === undefined) return undefined;
    const places = placesIn(root);
    if (places.length === 0) return undefined;
    const [parent, key] = pick(draw, places);
    change(parent, key, draw);
    const { status, headers, contentType = JSON_TYPE } = answer;
    return { status, headers, contentType, text: JSON.stringify(root) };
  };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function placesIn(value: Json): (readonly [Parent, string | number])[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => [
    [value, key] as const,
    ...placesIn((value as Record<string | number, Json>)[key] ?? null),
  ]);
}

function set(parent: Parent, key: string | number, value: Json): void {
  (parent as Record<string | number, Json>)[key] = value;
}

function remove(parent: Parent, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function add(parent: Parent, value: Json): void {
  if (Array.isArray(parent)) parent.push(value);
  else parent.unexpected = value;
}
