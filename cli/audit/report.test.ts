// How an audit's outcome is shown, and that its kinds are explained.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS, sorted, type Finding } from "./finding";
import { asText } from "./report";
import { all, state } from "./testing";

test("is printed with what needs somebody first, and nothing that a terminal would obey", () => {
  const { resources: known } = state(all);
  const of = (kind: Finding["kind"], document: string): Finding => ({
    kind,
    stack: "dev",
    resource: known[0].urn,
    document,
    found: "two\nlines",
    mend: "pulumi up --stack dev",
  });
  const findings = sorted([of("waiting", "b"), of("forged", "a\u001b[31m\u202e")]);
  expect(asText({ version: 1, stacks: ["dev"], governance: [], findings })).toBe(`2 findings:

  KIND     DOCUMENT           STACK  RESOURCE
  forged   a\\u001b[31m\\u202e  dev    DatasetDocument-sales-1
      two
      lines
      → pulumi up --stack dev
  waiting  b                  dev    DatasetDocument-sales-1
      two
      lines
      → pulumi up --stack dev
`);
});

test("every kind is explained in docs/audit.md, and no other", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "audit.md"), "utf8");
  const table = page.slice(page.indexOf("## What it finds"), page.indexOf("## JSON"));
  expect([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, kind]) => kind)).toEqual([...KINDS]);
});
