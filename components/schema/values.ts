// The type of a field, from the texts or values that a sample has of it: the narrowest that all of them have. What looks
// like a number and is a name, such as `007` or `+49301`, stays a text.
import type { FieldType } from "../../contract";

const LARGEST_INTEGER = 2_147_483_647n;
const LARGEST_LONG = 9_223_372_036_854_775_807n;
const WHOLE = /^-?(0|[1-9]\d*)$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** The type of one text; empty ones have none and are left out before. */
export function typeOfText(text: string): FieldType {
  if (/^(true|false)$/i.test(text)) return "boolean";
  if (WHOLE.test(text)) return wholeType(BigInt(text));
  if (NUMBER.test(text)) return "number";
  return typeOfTime(text);
}

/** The type of a text that stands for itself: of JSON's strings, which no reader takes for numbers. */
export function typeOfTime(text: string): FieldType {
  if (DATE.test(text)) return isDay(text) ? "date" : "string";
  const [, day] = TIMESTAMP.exec(text) ?? [];
  return day !== undefined && isDay(day) ? "timestamp" : "string";
}

function wholeType(value: bigint): FieldType {
  const size = value < 0n ? -value : value;
  return size <= LARGEST_INTEGER ? "integer" : size <= LARGEST_LONG ? "long" : "string";
}

/** `2026-02-30` is none. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Each type, and those that hold all its values and more. */
const WIDER: Readonly<Record<FieldType, readonly FieldType[]>> = {
  integer: ["long", "number"],
  long: ["number"],
  number: [],
  date: ["timestamp"],
  timestamp: [],
  boolean: [],
  string: [],
};

/** The narrowest type that holds the values of both. */
export function common(a: FieldType | undefined, b: FieldType): FieldType {
  if (a === undefined || a === b) return b;
  if (WIDER[a].includes(b)) return b;
  return WIDER[b].includes(a) ? a : "string";
}
