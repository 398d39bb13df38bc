// What can be set of a rule: typed, with a default and, where `strict` asks for more, a stricter one. A value of another
// shape is a problem that is named, never a value that is ignored.
import { isObject } from "./values";

/** The part of JSON schema that settings need; the engine checks configuration files against it, too. */
export interface Schema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

export interface Setting<T> {
  readonly schema: Schema;
  readonly description: string;
  readonly default: T;
  /** What the preset `strict` takes instead. */
  readonly strict: T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<S extends Settings> = { readonly [K in keyof S]: S[K]["default"] };

type Options<T> = { readonly default: T; readonly strict?: T };

const setting = <T>(schema: Schema, description: string, options: Options<T>): Setting<T> => ({
  schema,
  description,
  default: options.default,
  strict: options.strict ?? options.default,
});

export const integer = (description: string, minimum: number, options: Options<number>): Setting<number> =>
  setting({ type: "integer", minimum }, description, options);

export const flag = (description: string, options: Options<boolean>): Setting<boolean> =>
  setting({ type: "boolean" }, description, options);

export const text = (description: string, options: Options<string>): Setting<string> =>
  setting({ type: "string" }, description, options);

export const choice = <T extends string>(description: string, among: readonly T[], options: Options<T>): Setting<T> =>
  setting({ type: "string", enum: among }, description, options);

export const texts = (
  description: string,
  options: Options<readonly string[]> = { default: [] },
): Setting<readonly string[]> => setting({ type: "array", items: { type: "string" } }, description, options);

export const textByName = (
  description: string,
  options: Options<Readonly<Record<string, string>>> = { default: {} },
): Setting<Readonly<Record<string, string>>> =>
  setting({ type: "object", additionalProperties: { type: "string" } }, description, options);

/** What is wrong with a value, in words that follow its name; undefined when nothing is. */
export function problemOf(schema: Schema, value: unknown): string | undefined {
  switch (schema.type) {
    case "array": {
      const { items } = schema;
      if (!Array.isArray(value)) {
        return "must be a list";
      }
      return items && first(value.map((item, index) => within(`[${index}]`, problemOf(items, item))));
    }
    case "object": {
      const { additionalProperties } = schema;
      if (!isObject(value)) {
        return "must be an object";
      }
      return (
        additionalProperties &&
        first(Object.entries(value).map(([key, item]) => within(`.${key}`, problemOf(additionalProperties, item))))
      );
    }
    case "integer":
    case "number":
      if (typeof value !== "number" || (schema.type === "integer" && !Number.isInteger(value))) {
        return schema.type === "integer" ? "must be a whole number" : "must be a number";
      }
      return schema.minimum !== undefined && value < schema.minimum ? `must be ${schema.minimum} or more` : undefined;
    case "string":
      if (typeof value !== "string") {
        return "must be a text";
      }
      return schema.enum === undefined || schema.enum.includes(value)
        ? undefined
        : `is '${value}', and must be one of ${schema.enum.join(", ")}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false";
  }
}

const within = (where: string, problem: string | undefined): string | undefined => problem && `${where} ${problem}`;
const first = (problems: readonly (string | undefined)[]): string | undefined =>
  problems.find((problem) => problem !== undefined);
