// docs/policies.md, made from the rules' own metadata.
import { CHECKS } from "../../sql";
import { GROUPS, type Rule } from "../framework";
import { rules } from "../rules";
import { INTRODUCTION } from "./introduction";
import { code, table } from "../../cli/shared/markdown";

const GROUP_TITLES: Readonly<Record<Rule["group"], string>> = {
  pack: "The pack itself",
  keys: "Keys",
  identities: "Identities",
  stores: "Stores",
  secrets: "Secrets",
  documents: "Documents",
  queries: "Queries and approvals",
};
const SOURCES = ["CIS Azure", "CIS AWS", "MCSB", "Clean room"] as const;

export function policiesPage(): string {
  const sections = GROUPS.flatMap((group) => [
    `## ${GROUP_TITLES[group]}`,
    ...rules.filter((rule) => rule.group === group).map(section),
  ]);
  return `${[INTRODUCTION, overview(), ...sections, sqlChecks(), benchmarks()].join("\n\n")}\n`;
}

function overview(): string {
  const rows = rules.map(({ code: name, title }) => [`[${name}](#${name})`, title]);
  return `## The rules\n\n${rules.length} rules, each mandatory unless it is configured otherwise.\n\n${table(["rule", "what must hold"], rows)}`;
}

function section({ code: name, title, risk, remedy, references, settings, remediate, judge }: Rule): string {
  const cited = references.map(({ source, item }) => `${source} ${item}`).join("; ");
  const when =
    judge === undefined
      ? "the whole stack, at the end of preview and up"
      : "each resource, before it is made or changed";
  const facts = [
    `- **Without it:** ${risk}`,
    `- **What to do:** ${remedy}`,
    `- **Judged:** ${when}`,
    ...(remediate === undefined ? [] : ["- **Corrected** by the level `remediate`"]),
    `- **Written in:** ${cited}`,
  ];
  const rows = Object.entries(settings).map(([setting, { description, default: usual, strict }]) => [
    code(setting),
    description,
    shown(usual),
    JSON.stringify(strict) === JSON.stringify(usual) ? "the same" : shown(strict),
  ]);
  const set = rows.length === 0 ? [] : [table(["setting", "what it is", "default", "strict"], rows)];
  return [`### ${name}`, title, facts.join("\n"), ...set].join("\n\n");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "none" : value.map((each) => code(String(each))).join(", ");
  }
  const isEmpty = value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return isEmpty ? "none" : code(typeof value === "string" ? value : JSON.stringify(value));
}

function sqlChecks(): string {
  const rows = CHECKS.map(({ code: name, title, remedy }) => [code(name), title, remedy]);
  return `## Checks of the SQL

What [query-sql-passes-checks](#query-sql-passes-checks) checks in every segment. A check that could not be made is not passed: it says why.

${table(["check", "what must hold", "what to do"], rows)}`;
}

function benchmarks(): string {
  const items = ({ references }: Rule, source: (typeof SOURCES)[number]): string =>
    references
      .filter((reference) => reference.source === source)
      .map(({ item }) => item)
      .join(", ");
  const rows = rules.map((rule) => [`[${rule.code}](#${rule.code})`, ...SOURCES.map((source) => items(rule, source))]);
  return `## Where it is written

CIS Microsoft Azure Foundations Benchmark 2.1.0, CIS Amazon Web Services Foundations Benchmark 3.0.0, Microsoft cloud security baseline v1 (MCSB), and what the clean room's own services check, expect, or leave unchecked (Azure/azure-cleanroom 8.0.0).

${table(["rule", ...SOURCES], rows)}`;
}
