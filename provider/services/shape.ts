// Reads fields out of an answer that nobody promised, so that a wrong answer is a clear error and never a crash later.
import type { DocumentState } from "../../contract";
import { CleanRoomError } from "../errors";
import { knowSecret, quotable } from "../redaction";

/** An answer that is JSON, but not what the contract says. */
export class UnexpectedAnswerError extends CleanRoomError {}

/** So much of an answer is quoted. */
const LONGEST = 200;

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswerError(`${what}: an object was expected, but the service answered ${describe(value)}.`);
  }
  return value as Fields;
}

export function textOf(fields: Fields, key: string, what: string): string {
  const value = fields[key];
  if (typeof value !== "string") {
    throw new UnexpectedAnswerError(`${what}: '${key}' should be a text, but the service answered ${describe(value)}.`);
  }
  return value;
}

export function optionalText(fields: Fields, key: string, what: string): string | undefined {
  const value = fields[key];
  return value === undefined || value === null || value === "" ? undefined : textOf(fields, key, what);
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new UnexpectedAnswerError(`${what}: a list was expected, but the service answered ${describe(value)}.`);
  }
  return value;
}

/** An item of a list of texts. */
export function itemText(value: unknown, what: string): string {
  if (typeof value !== "string") {
    throw new UnexpectedAnswerError(
      `${what}: a list of texts was expected, but the service answered ${describe(value)} in it.`,
    );
  }
  return value;
}

/** An object whose values are texts, such as labels and tags. */
export function textsOf(value: unknown, what: string): Readonly<Record<string, string>> {
  const fields = fieldsOf(value, what);
  return Object.fromEntries(Object.keys(fields).map((key) => [key, textOf(fields, key, what)]));
}

export function stateOf(fields: Fields, what: string): DocumentState {
  const state = textOf(fields, "state", what);
  if (state !== "Draft" && state !== "Proposed" && state !== "Accepted") {
    throw new UnexpectedAnswerError(`${what}: its state is ${describe(state)}, which is not one this release knows.`);
  }
  return state;
}

/** Id of a secret that was set: `<who set it>_<name>`. */
export function secretIdOf(body: unknown, name: string, what: string): string {
  const id = textOf(fieldsOf(body, what), "secretId", what);
  if (!id.endsWith(`_${name}`)) {
    throw new UnexpectedAnswerError(`${what}: the service answered the id of another secret, ${describe(id)}.`);
  }
  return id;
}

/** The fields of an answer that holds a secret: nothing of it is ever quoted. */
export function secretFieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswerError(`${what}: an object was expected, but the service answered something else.`);
  }
  return value as Fields;
}

/** A secret in an answer: hidden from now on in everything that is said. */
export function secretTextOf(fields: Fields, key: string, what: string): string {
  const value = fields[key];
  if (typeof value !== "string") {
    throw new UnexpectedAnswerError(`${what}: '${key}' should be a text, but the service answered something else.`);
  }
  knowSecret(value);
  return value;
}

function describe(value: unknown): string {
  return value === undefined ? "nothing" : quotable(JSON.stringify(value), LONGEST);
}
