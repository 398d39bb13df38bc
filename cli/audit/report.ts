// An audit's outcome, for a person and for a program.
import { printable, tableLines } from "../shared/table";
import { nameOf } from "../shared/stack";
import type { Finding } from "./finding";

/** The outcome as `--json` prints it. Fields are added, never renamed or removed, while `version` is 1. */
export interface Report {
  readonly version: 1;
  readonly stacks: readonly string[];
  /** Each governance that was asked, as whom, and for which stacks. */
  readonly governance: readonly {
    readonly url: string;
    readonly contractId: string;
    /** Object id of the caller. */
    readonly caller: string;
    readonly stacks: readonly string[];
  }[];
  readonly findings: readonly Finding[];
}

export function asJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

export function asText({ stacks, governance, findings }: Report): string {
  const asked = governance.map(({ url, contractId, caller, stacks: of }) =>
    printable(`Compared ${of.join(", ")} with contract ${contractId} of ${url}, as ${caller}.`),
  );
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const lines =
    findings.length === 0
      ? [`Nothing found: ${stacks.join(", ")} and governance agree.`]
      : [`${count}:`, "", ...rows(findings)];
  return `${[...asked, ...lines].join("\n")}\n`;
}

function rows(findings: readonly Finding[]): readonly string[] {
  const [head = "", ...lines] = tableLines([
    ["KIND", "DOCUMENT", "STACK", "RESOURCE"],
    ...findings.map(({ kind, document, stack, resource }) => [
      kind,
      document ?? "-",
      stack ?? "-",
      resource === null ? "-" : nameOf(resource),
    ]),
  ]);
  const explained = findings.flatMap(({ found, mend }, index) => [
    lines[index] ?? "",
    ...found.split("\n").map((line) => `      ${printable(line)}`),
    `      → ${printable(mend)}`,
  ]);
  return [head, ...explained];
}
