// Property values as the engine sends them: unknown values are marks, secrets are envelopes. Models see plain values;
// what was secret on the way in is secret on the way out.
import type { Properties } from "../records";

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's marks of unknown values, one for each type of value. */
const unknowns: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isUnknown = (value: unknown): boolean => unknowns.has(value);

const isSecret = (value: unknown): value is { readonly value: unknown } =>
  isObject(value) && value[SIGNATURE] === SECRET;

const secret = (value: unknown): unknown => (isSecret(value) ? value : { [SIGNATURE]: SECRET, value });

/** Whether the value, or a part of it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}

/** Without secrets' envelopes, nulls and what JSON cannot say. */
export function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const known = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(known.map(([key, each]) => [key, plain(each)]));
}

export const plainObject = (value: Properties): Properties => plain(value) as Properties;

/** Dotted paths (`properties.value`) of what is secret; a list is secret as a whole. */
export function secretPaths(value: Properties, prefix = ""): readonly string[] {
  return Object.entries(value).flatMap(([key, each]) => {
    const path = `${prefix}${key}`;
    if (isSecret(each) || (Array.isArray(each) && containsSecret(each))) return [path];
    return isObject(each) ? secretPaths(each, `${path}.`) : [];
  });
}

const containsSecret = (value: unknown): boolean =>
  isSecret(value) ||
  (Array.isArray(value) ? value.some(containsSecret) : isObject(value) && Object.values(value).some(containsSecret));

/** Puts what stands at `paths` into secrets' envelopes. */
export function withSecrets(value: Properties, paths: readonly string[]): Properties {
  return paths.reduce((result, path) => change(result, path.split("."), secret), value);
}

/** Puts the unknown mark at each of `paths`, also where nothing stands. */
export function withUnknowns(value: Properties, paths: readonly string[]): Properties {
  return paths.reduce((result, path) => set(result, path.split("."), UNKNOWN), value);
}

export function getPath(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (result, key) => (isObject(result) && Object.hasOwn(result, key) ? result[key] : undefined),
      value,
    );
}

/** Copies what stands at `paths` of `from`. */
export function copyPaths(value: Properties, from: unknown, paths: readonly string[]): Properties {
  return paths.reduce((result, path) => {
    const found = getPath(from, path);
    return found === undefined ? result : set(result, path.split("."), found);
  }, value);
}

function set(value: Properties, [key = "", ...rest]: readonly string[], leaf: unknown): Properties {
  if (rest.length === 0) return { ...value, [key]: leaf };
  const inner = value[key];
  // What is unknown as a whole stays so.
  if (isUnknown(inner)) return value;
  return { ...value, [key]: set(isObject(inner) ? inner : {}, rest, leaf) };
}

function change(value: Properties, [key = "", ...rest]: readonly string[], by: (leaf: unknown) => unknown): Properties {
  const inner = value[key];
  if (inner === undefined || isSecret(inner)) return value;
  if (rest.length === 0) return { ...value, [key]: by(inner) };
  return isObject(inner) ? { ...value, [key]: change(inner, rest, by) } : value;
}

/** Deep merge: `over` wins, objects are merged key by key. */
export function merge(value: Properties, over: Properties): Properties {
  const result: Record<string, unknown> = { ...value };
  for (const [key, each] of Object.entries(over)) {
    const inner = result[key];
    if (each !== undefined) result[key] = isObject(inner) && isObject(each) ? merge(inner, each) : each;
  }
  return result;
}
