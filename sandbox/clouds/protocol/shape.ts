// What may be said in a resource's inputs: small explicit shapes, checked before anything is done. What a shape does
// not name is an error, because a property that is silently dropped would be a rehearsal of something else.
import { isObject, isUnknown } from "./values";

export type Shape = (
  | { readonly kind: "string"; readonly values?: readonly string[] }
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "any" }
  | { readonly kind: "typed" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly fields: Fields }
) & {
  readonly required?: true;
  /** Beyond its type: why a known value is refused, or undefined. */
  readonly rule?: (value: never) => string | undefined;
};

export type Fields = Readonly<Record<string, Shape>>;

export interface Failure {
  /** Where, as in `properties.sku.name` or `rules[0]`. */
  readonly property: string;
  readonly reason: string;
}

export const text = (...values: readonly string[]): Shape =>
  values.length === 0 ? { kind: "string" } : { kind: "string", values };
/** A text that `rule` may refuse with a reason. */
export const textThat = (rule: (value: string) => string | undefined): Shape => ({ kind: "string", rule });
export const integer = (min?: number, max?: number): Shape => ({ kind: "integer", min, max });
export const flag: Shape = { kind: "boolean" };
/** Of the type that the provider itself gives it, with everything in it; nothing more is asked. */
export const typed: Shape = { kind: "typed" };
export const anything: Shape = { kind: "any" };
export const list = (of: Shape): Shape => ({ kind: "list", of });
export const map = (of: Shape): Shape => ({ kind: "map", of });
export const object = (fields: Fields): Shape => ({ kind: "object", fields });
export const required = (shape: Shape): Shape => ({ ...shape, required: true });

/** @param where how the sandbox's own words name what is checked, and where it says what it models */
export function checkFields(fields: Fields, value: object, where: Where, prefix = ""): readonly Failure[] {
  const given: Readonly<Record<string, unknown>> = { ...value };
  const surplus = Object.keys(given).filter((key) => !Object.hasOwn(fields, key) && !key.startsWith("__"));
  return [
    ...surplus.map((key) => unmodelled(`${prefix}${key}`, where)),
    ...Object.entries(fields).flatMap(([key, shape]) => checkField(shape, given[key], where, `${prefix}${key}`)),
  ];
}

export interface Where {
  /** `azure-native:keyvault:Vault` */
  readonly type: string;
  /** The file that says what is modelled. */
  readonly file: string;
  /** How the provider words that an input is missing. @default the sandbox's own words */
  readonly missing?: (path: string) => string;
}

const unmodelled = (property: string, { type, file }: Where): Failure => ({
  property,
  reason: `the sandbox does not model the property ${property} of ${type}: ${file} lists those that it does`,
});

function checkField(shape: Shape, value: unknown, where: Where, path: string): readonly Failure[] {
  if (value === undefined || value === null) {
    if (!shape.required) return [];
    const reason = where.missing?.(path) ?? `missing required property '${path}' of ${where.type}`;
    return [{ property: path, reason }];
  }
  return isUnknown(value) ? [] : checkValue(shape, value, where, path);
}

function checkValue(shape: Shape, value: unknown, where: Where, path: string): readonly Failure[] {
  const wrong = (expected: string): readonly Failure[] => [
    { property: path, reason: `'${path}' of ${where.type} must be ${expected}, not ${show(value)}` },
  ];
  const ruled = (): readonly Failure[] => {
    const reason = (shape.rule as ((given: unknown) => string | undefined) | undefined)?.(value);
    return reason === undefined ? [] : [{ property: path, reason: `'${path}' of ${where.type}: ${reason}` }];
  };
  switch (shape.kind) {
    case "any":
      return [];
    case "typed":
      return ruled();
    case "string":
      if (typeof value !== "string") return wrong("a string");
      if (shape.values !== undefined && !shape.values.includes(value))
        return [notAmong(shape.values, value, where, path)];
      return ruled();
    case "integer": {
      const { min = -Infinity, max = Infinity } = shape;
      if (typeof value !== "number" || !Number.isInteger(value)) return wrong("an integer");
      return value < min || value > max ? wrong(`between ${min} and ${max}`) : ruled();
    }
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("true or false");
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return [...value.flatMap((each, index) => checkField(shape.of, each, where, `${path}[${index}]`)), ...ruled()];
    case "map":
      if (!isObject(value)) return wrong("a map");
      return Object.entries(value).flatMap(([key, each]) => checkField(shape.of, each, where, `${path}.${key}`));
    case "object":
      return isObject(value) ? checkFields(shape.fields, value, where, `${path}.`) : wrong("an object");
  }
}

const notAmong = (values: readonly string[], value: string, { type, file }: Where, path: string): Failure => ({
  property: path,
  reason: `the sandbox does not model ${JSON.stringify(value)} as '${path}' of ${type}: ${values.join(", ")} (${file})`,
});

/** Scalars only: an object may hold what must not be shown. */
const show = (value: unknown): string =>
  Array.isArray(value) ? "a list" : isObject(value) ? "an object" : `${typeof value} ${JSON.stringify(value)}`;
