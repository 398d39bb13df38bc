// What the rules are made of. What is not known yet passes every rule; what is missing or of another kind is a problem
// with a sentence, never a crash: schemas and texts come from files that nobody checked.
import { isKnown } from "../unknown";
import { visible } from "../visible";

/** Sentences; none when all is well. */
export type Problems = string[];

/** A document id stands in URLs and in `id:view,id:view`, so it holds neither separators nor blanks. */
const DOCUMENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const LONGEST_ID = 128;
/** Execution sequences and thresholds are 32-bit integers in the service. */
const LARGEST = 2_147_483_647;
const LONGEST_SHOWN = 80;

export function documentIdProblems(place: string, id: unknown): Problems {
  if (!isKnown(id)) {
    return [];
  }
  if (typeof id !== "string" || id.trim() === "") {
    return [`${place} is blank: give it a name.`];
  }
  if (id.length > LONGEST_ID) {
    return [`${place} '${shown(id)}' has ${id.length} characters: use at most ${LONGEST_ID}.`];
  }
  if (!DOCUMENT_ID.test(id)) {
    return [
      `${place} is '${shown(id)}': a document id holds letters, digits, '.', '_' and '-', and begins with a letter or digit.`,
    ];
  }
  return [];
}

/** Whole seconds, a day at most: no pipeline waits longer than that. */
export function waitProblems(seconds: unknown): Problems {
  const fits = typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400;
  return seconds === undefined || !isKnown(seconds) || fits
    ? []
    : [`waitSeconds is '${shown(seconds)}': give whole seconds from 0 to 86400.`];
}

/** What every member of an unchecked value is until a rule has looked at it. */
export type Unchecked<T> = { readonly [K in keyof T]?: unknown };

/** The object at a place, to look further into; undefined where there is nothing to look at. */
export function objectAt<T>(
  problems: Problems,
  place: string,
  value: T | undefined,
  remedy: string,
): Unchecked<T> | undefined {
  if (!isKnownItself(value)) {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${place} ${isNothing(value) ? "is missing" : `is '${shown(value)}'`}: ${remedy}`);
    return undefined;
  }
  return value;
}

/** The list at a place, or undefined when it is not known yet. What is no list is an empty one. */
export function listAt(value: unknown): readonly unknown[] | undefined {
  if (!isKnownItself(value)) {
    return undefined;
  }
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A problem unless the value is one of those allowed. */
export function choiceProblems(
  place: string,
  value: unknown,
  allowed: readonly string[],
  remedy = `use ${allowed.length > 2 ? "one of " : ""}${allowed.join(allowed.length > 2 ? ", " : " or ")}.`,
): Problems {
  if (!isKnown(value) || (typeof value === "string" && allowed.includes(value))) {
    return [];
  }
  return [`${place} ${isNothing(value) ? "is missing" : `is '${shown(value)}'`}: ${remedy}`];
}

/** A problem when there is no text. */
export function blankProblems(place: string, value: unknown, remedy: string): Problems {
  return isBlank(value) ? [`${place} is blank: ${remedy}`] : [];
}

export function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LARGEST;
}

export function isBlank(value: unknown): boolean {
  return isKnown(value) && (typeof value !== "string" || value.trim() === "");
}

/** Whether the value itself is known, whatever is in it. */
export function isKnownItself(value: unknown): boolean {
  return typeof value === "object" || isKnown(value);
}

export function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A value as a message shows it: whole when it is short, and nothing in it invisible. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= LONGEST_SHOWN ? visible(text) : `${visible(text.slice(0, LONGEST_SHOWN))}…`;
}
