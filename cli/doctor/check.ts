// What the doctor lists: one line a check, with what was found and what mends it.
import { CleanRoomError, messageOf } from "../../provider/errors";
import { PulumiCliError } from "../shared/pulumi";

/** Where a check belongs, in the order in which they are listed. The names are for programs, too: they stay. */
export const AREAS = ["engine", "stack", "clean room", "Azure", "AWS"] as const;
export type Area = (typeof AREAS)[number];

/** `unchecked`: it could not be checked, and `found` says why. */
export type Result = "ok" | "warning" | "problem" | "unchecked";

export interface Check {
  readonly area: Area;
  /** What is checked: `resource providers`. For programs, too: it stays. */
  readonly what: string;
  readonly result: Result;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What mends it: a command, an argument or a setting; null where nothing needs mending. */
  readonly remedy: string | null;
}

/** A check of one area, by whoever knows that area alone. */
export type Found = Omit<Check, "area">;

export const ok = (what: string, found: string): Found => ({ what, result: "ok", found, remedy: null });

/** It works, or will for a while. */
export const warning = (what: string, found: string, remedy: string): Found => ({
  what,
  result: "warning",
  found,
  remedy,
});

/** `pulumi up` would fail, or what it makes would not work. */
export const problem = (what: string, found: string, remedy: string): Found => ({
  what,
  result: "problem",
  found,
  remedy,
});

export const unchecked = (what: string, why: string, remedy: string): Found => ({
  what,
  result: "unchecked",
  found: why,
  remedy,
});

export const inArea = (area: Area, found: readonly Found[]): readonly Check[] =>
  found.map((each) => ({ area, ...each }));

/** What `look` finds. What a service or a command refuses can't be checked: its own words say why. */
export async function looked(
  what: string,
  remedy: string,
  look: () => Promise<Found | readonly Found[]>,
): Promise<readonly Found[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    if (error instanceof CleanRoomError || error instanceof PulumiCliError) {
      return [unchecked(what, messageOf(error), remedy)];
    }
    throw error;
  }
}

/** `a, b and 3 more`: as many as can be read at a glance. */
export function some(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
