// Reads fields out of an answer that nobody promised, so that a wrong answer is a clear error and never a crash later.
import { CleanRoomError } from "../errors";

/** An answer that is JSON, but not what the contract says. */
export class UnexpectedAnswerError extends CleanRoomError {}

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

function describe(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
