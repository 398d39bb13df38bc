// Differences between two property values, path by path, as the engine shows them in a preview.
import type { Properties } from "../records";
import { isObject } from "./values";

export type Change = "add" | "delete" | "update";

export interface Difference {
  /** As the engine writes it: `properties.sku.name`, `rules[0]`, `tags["a b"]`. */
  readonly path: string;
  readonly change: Change;
}

/** Keys that begin with two underscores are the provider's own notes, not the user's. */
export function differences(before: Properties, after: Properties): readonly Difference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !key.startsWith("__")).flatMap((key) => compare(before[key], after[key], part(key)));
}

/** Whether `path` is one of `properties` or a part of one. */
export function touches(path: string, properties: readonly string[]): boolean {
  return properties.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));
}

function compare(before: unknown, after: unknown, path: string): readonly Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, change: "add" }];
  if (after === undefined) return [{ path, change: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const longer = before.length > after.length ? before : after;
    return longer.flatMap((_, index) => compare(before[index], after[index], `${path}[${index}]`));
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(before[key], after[key], `${path}${inner(key)}`));
  }
  return before === after ? [] : [{ path, change: "update" }];
}

const isSimple = (key: string): boolean => /^[A-Za-z_][\w-]*$/.test(key);
const part = (key: string): string => (isSimple(key) ? key : `[${JSON.stringify(key)}]`);
const inner = (key: string): string => (isSimple(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
