// What the providers' own packages say of a type's inputs and outputs, as `npm run definitions` writes it down: one file a
// type, read when it is first asked for.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** `string`, `number`, `boolean`, `any`, the name of one of the definition's own types, or made of such. */
export type Type =
  | string
  | { readonly list: Type }
  | { readonly map: Type }
  | { readonly oneOf: readonly Type[] }
  | { readonly values: readonly string[] };

/** By name; one with a question mark at its end may be left out. */
export type Members = Readonly<Record<string, Type>>;

export interface Definition {
  /** Pulumi's token of a resource or a function. */
  readonly token: string;
  /** `@pulumi/azure-native` */
  readonly package: string;
  readonly version: string;
  readonly inputs: Members;
  /** Objects that the inputs are made of, by namespace and name. */
  readonly types: Readonly<Record<string, Members>>;
  /** Names of a resource's outputs. */
  readonly outputs: readonly string[];
  /** Inputs whose documentation says that a change makes another resource. */
  readonly replaces: readonly string[];
}

/** An enumeration that no input's type names. */
export interface Enumeration {
  /** `aws:index:Region` */
  readonly token: string;
  readonly package: string;
  readonly version: string;
  readonly values: readonly string[];
}

const read = new Map<string, Definition | Enumeration>();

/** @throws when there is none: a model was written without it */
export const definitionOf = (token: string): Definition => found(token) as Definition;

/** @throws as `definitionOf` */
export const enumerationOf = (token: string): Enumeration => found(token) as Enumeration;

function found(token: string): Definition | Enumeration {
  const known = read.get(token) ?? load(token);
  read.set(token, known);
  return known;
}

/** Where the definition of `token` stands, below this folder. */
export function fileOf(token: string): string {
  const [provider = "", module = "", name = ""] = token.split(":");
  return join(provider, `${module.split("/")[0] ?? ""}.${name}.json`);
}

function load(token: string): Definition | Enumeration {
  try {
    return JSON.parse(readFileSync(join(__dirname, fileOf(token)), "utf8")) as Definition | Enumeration;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`no definition of ${token} in the sandbox: npm run definitions writes it from its package`, {
      cause: error,
    });
  }
}
