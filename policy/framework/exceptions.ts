// Exceptions: one rule, one resource, a reason, a last day. A malformed one is a problem that blocks; an expired one
// counts no more.
import type { Resource } from "./resource";
import { isObject } from "./values";

export interface Exception {
  /** Code of the rule. */
  readonly rule: string;
  /** Name or URN of the resource; of what concerns the whole stack, the stack's name. */
  readonly resource: string;
  readonly reason: string;
  /** Last day it counts, `YYYY-MM-DD` in UTC. */
  readonly expires: string;
}

const FIELDS = ["rule", "resource", "reason", "expires"] as const;
const DAY = 24 * 60 * 60 * 1000;

/** What the stack's configuration says, and what is wrong with it. */
export function readExceptions(
  text: string | undefined,
  {
    codes,
    now,
    maximumDays,
  }: { readonly codes: ReadonlySet<string>; readonly now: Date; readonly maximumDays: number },
): { readonly exceptions: readonly Exception[]; readonly problems: readonly string[] } {
  if (text === undefined) {
    return { exceptions: [], problems: [] };
  }
  const given = parse(text);
  if (!Array.isArray(given)) {
    return { exceptions: [], problems: ["exceptions must be a list of {rule, resource, reason, expires}"] };
  }
  const exceptions: Exception[] = [];
  const problems: string[] = [];
  for (const [index, each] of given.entries()) {
    const problem = problemOf(each, codes, now, maximumDays);
    if (problem === undefined) {
      exceptions.push(each as Exception);
    } else {
      problems.push(`exceptions[${index}] ${problem}`);
    }
  }
  return { exceptions, problems };
}

export function isInForce({ expires }: Exception, now: Date): boolean {
  return now.getTime() < Date.parse(`${expires}T00:00:00Z`) + DAY;
}

export function appliesTo(exception: Exception, code: string, of: Resource | undefined, stack: string): boolean {
  const names = of === undefined ? [stack] : [of.name, of.urn];
  return exception.rule === code && names.includes(exception.resource);
}

function problemOf(given: unknown, codes: ReadonlySet<string>, now: Date, maximumDays: number): string | undefined {
  if (!isObject(given)) {
    return "must be {rule, resource, reason, expires}";
  }
  for (const field of FIELDS) {
    const value = given[field];
    if (typeof value !== "string" || value.trim() === "") {
      return `has no ${field}: an exception names rule, resource, reason and expires`;
    }
  }
  const surplus = Object.keys(given).find((key) => !(FIELDS as readonly string[]).includes(key));
  if (surplus !== undefined) {
    return `has a field '${surplus}' that exceptions do not have`;
  }
  const { rule, expires } = given as unknown as Exception;
  if (!codes.has(rule)) {
    return `is for '${rule}', which is no rule that allows exceptions`;
  }
  const day = Date.parse(`${expires}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(day)) {
    return `expires on '${expires}': write a day such as 2027-01-31`;
  }
  if (day > now.getTime() + maximumDays * DAY) {
    return `expires on ${expires}, more than ${maximumDays} days from now: agree on a nearer day`;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
