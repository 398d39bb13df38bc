// The doctor's outcome, for a person and for a program.
import { printable, tableLines } from "../shared/table";
import type { Check, Result } from "./check";

/** The outcome as `--json` prints it. Fields are added, never renamed or removed, while `version` is 1. */
export interface Report {
  readonly version: 1;
  readonly stack: string;
  /** What the checks of the clouds are about: the stack's own resources, or all that the components can create. */
  readonly resourcesFrom: "preview" | "components";
  readonly checks: readonly Check[];
}

const WORDS: Readonly<Record<Result, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  unchecked: "not checked",
};

export function asJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

export function asText({ stack, checks }: Report): string {
  const [head = "", ...lines] = tableLines([
    ["AREA", "CHECK", "RESULT"],
    ...checks.map(({ area, what, result }) => [area, what, WORDS[result]]),
  ]);
  const explained = checks.flatMap(({ result, found, remedy }, index) => [
    lines[index] ?? "",
    ...(result === "unchecked" ? `could not be checked, because: ${found}` : found)
      .split("\n")
      .map((line) => `      ${printable(line)}`),
    ...(remedy === null ? [] : remedy.split("\n").map((line) => `      → ${printable(line)}`)),
  ]);
  return `${[head, ...explained, "", summary(stack, checks)].join("\n")}\n`;
}

/** Whether `pulumi up` can be expected to work. */
export const isFine = (checks: readonly Check[]): boolean => checks.every(({ result }) => result !== "problem");

function summary(stack: string, checks: readonly Check[]): string {
  const count = (result: Result): number => checks.filter((each) => each.result === result).length;
  const counts = `${count("problem")} problems, ${count("warning")} warnings, ${count("unchecked")} not checked, ${count("ok")} ok`;
  return isFine(checks)
    ? `${printable(stack)}: nothing stands in the way of pulumi up (${counts}).`
    : `${printable(stack)}: mend the problems before pulumi up (${counts}).`;
}
