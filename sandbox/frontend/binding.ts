// Binds a JSON body to a model and refuses what ASP.NET would refuse, in its words and at its paths: first what JSON
// cannot be read as, then what the model's own rules forbid.
import { ProblemError } from "../http";

export type Model =
  | { readonly kind: "string"; readonly notBlank?: boolean }
  | { readonly kind: "integer" }
  | { readonly kind: "enum"; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: "list"; readonly of: Model }
  | ObjectModel;

export interface ObjectModel {
  readonly kind: "object";
  /** The service's own name of the type; it is shown in messages. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Rules over the whole object, applied when its fields are in order: member (or "") and message. */
  readonly rules?: (value: Bound) => readonly (readonly [string, string])[];
}

export interface Field {
  readonly model: Model;
  /** Must be there, though it may be null. */
  readonly required?: boolean;
  /** May be null or left out. */
  readonly nullable?: boolean;
  /** What stands for it when it is left out. */
  readonly fallback?: unknown;
}

export type Bound = Readonly<Record<string, unknown>>;
type Errors = Record<string, string[]>;

/**
 * @param parameter name of the action's parameter, which is reported as missing when the body cannot be read
 * @throws ProblemError 400
 */
export function bind(model: ObjectModel, parameter: string, json: unknown): Bound {
  let value: unknown;
  try {
    value = read(model, json, "$");
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const missing = [`The ${parameter} field is required.`];
    throw ProblemError.validation({ [parameter]: missing, [error.path]: [error.message] });
  }
  if (value === null) throw ProblemError.validation({ "": ["A non-empty request body is required."] });
  const errors: Errors = {};
  validate(model, value, "", errors);
  if (Object.keys(errors).length > 0) throw ProblemError.validation(errors);
  return value as Bound;
}

class Unreadable extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

function read(model: Model, json: unknown, path: string): unknown {
  if (json === null && model.kind !== "integer" && model.kind !== "enum") return null;
  switch (model.kind) {
    case "string":
      if (typeof json === "string") return json;
      throw unconvertible("System.String", path);
    case "integer":
      if (typeof json === "number" && Number.isInteger(json) && Math.abs(json) < 2 ** 31) return json;
      throw unconvertible("System.Int32", path);
    case "enum":
      return readEnum(model.name, model.members, json, path);
    case "list":
      if (!Array.isArray(json)) throw unconvertible("System.Collections.Generic.List`1", path);
      return json.map((each, index) => read(model.of, each, `${path}[${index}]`));
    case "object":
      return readObject(model, json, path);
  }
}

/** A member by its name in any case, or by its number: the service's converter takes both. */
function readEnum(name: string, members: readonly string[], json: unknown, path: string): string {
  const found =
    typeof json === "number"
      ? members[json]
      : members.find((each) => each.toLowerCase() === String(json).toLowerCase());
  if (found === undefined || json === null) throw unconvertible(name, path);
  return found;
}

function readObject(model: ObjectModel, json: unknown, path: string): Record<string, unknown> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw unconvertible(model.name, path);
  const given = new Map(Object.entries(json).map(([key, value]) => [key.toLowerCase(), value as unknown]));
  const missing = Object.entries(model.fields).filter(
    ([key, field]) => field.required && !given.has(key.toLowerCase()),
  );
  if (missing.length > 0) {
    const names = missing.map(([key]) => `'${key}'`).join("; ");
    const message = `JSON deserialization for type '${model.name}' was missing required properties including: ${names}.`;
    throw new Unreadable(path, message);
  }
  const value: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(model.fields)) {
    const raw = given.get(key.toLowerCase());
    value[key] = raw === undefined ? (field.fallback ?? null) : read(field.model, raw, `${path}.${key}`);
  }
  return value;
}

function validate(model: Model, value: unknown, path: string, errors: Errors): void {
  if (value === null) return;
  if (model.kind === "list") {
    for (const [index, each] of (value as unknown[]).entries()) validate(model.of, each, `${path}[${index}]`, errors);
  }
  if (model.kind !== "object") return;
  const before = Object.keys(errors).length;
  const object = value as Bound;
  for (const [key, field] of Object.entries(model.fields)) {
    const at = path === "" ? key : `${path}.${key}`;
    const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    const given = object[key];
    const text = field.model.kind === "string" && field.model.notBlank === true;
    if (given === null && field.nullable !== true && !text) add(errors, at, `The ${name} field is required.`);
    if (text && (typeof given !== "string" || given.trim() === "")) {
      if (given === null) add(errors, at, `The ${name} field is required.`);
      add(errors, at, `${name} must not be null, empty, or whitespace.`);
    }
    validate(field.model, given, at, errors);
  }
  if (Object.keys(errors).length > before) return;
  for (const [member, message] of model.rules?.(object) ?? []) {
    add(errors, [path, member].filter((each) => each !== "").join("."), message);
  }
}

function add(errors: Errors, key: string, message: string): void {
  (errors[key] ??= []).push(message);
}

function unconvertible(type: string, path: string): Unreadable {
  const message = `The JSON value could not be converted to ${type}. Path: ${path} | LineNumber: 0 | BytePositionInLine: 0.`;
  return new Unreadable(path, message);
}
