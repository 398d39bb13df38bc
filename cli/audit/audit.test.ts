// What an audit finds where state and governance differ, and that it finds nothing where they agree.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { textDigest, type QueryContent } from "../../provider/model/query";
import type { DatasetEntry } from "../../provider/sources/datasets";
import type { QueryEntry } from "../../provider/sources/queries";
import { stateOf, type StackState } from "../shared/stack";
import { compare, shareOf, stateFindings } from "./compare";
import { KINDS, sorted, type Finding } from "./finding";
import type { Governed } from "./governed";
import { asText } from "./report";

const ME = "me";
const query: QueryContent = {
  segments: [{ sequence: 1, sql: "SELECT 1" }],
  inputs: [{ documentId: "sales-1", view: "sales" }],
  output: { documentId: "results-1", view: "results" },
};
const accepted: QueryEntry = {
  documentId: "q",
  state: "Accepted",
  ownerId: ME,
  proposalId: "p1",
  approvers: [ME, "other"],
  accepted: [ME, "other"],
  awaited: [],
  forged: false,
  inUse: true,
  digest: "sha256:q",
  query,
  text: [],
};
const dataset: DatasetEntry = {
  documentId: "sales-1",
  state: "Accepted",
  ownerId: ME,
  proposalId: "p0",
  approvers: [ME],
  accepted: [ME],
  awaited: [],
  forged: false,
  inUse: true,
  digest: "sha256:d",
};

const KIND = "pulumi-nodejs:dynamic/cleanroom:";
function exported(kind: string, id: string, outputs: object, more: object = {}): object {
  const type = `${KIND}${kind}`;
  return {
    urn: `urn:pulumi:dev::cleanroom::${type}::${kind}-${id}`,
    custom: true,
    type,
    id,
    inputs: {},
    outputs,
    ...more,
  };
}

const resources = {
  dataset: exported("DatasetDocument", "sales-1", { documentId: "sales-1", digest: "sha256:d", ownerId: ME }),
  secret: exported("ContractSecret", "me_key", { secretId: "me_key" }),
  draft: exported("QueryDraft", "q", {
    documentId: "q",
    textDigest: textDigest(query),
    digest: "sha256:q",
    approvers: ["other", ME],
  }),
  proposal: exported("QueryProposal", "q-proposal", {
    documentId: "q",
    state: "Accepted",
    proposalId: "p1",
    digest: "sha256:q",
    approvers: [ME, "other"],
    status: "ready",
  }),
  approval: exported("QueryApproval", "q-approval", {
    documentId: "q",
    digest: "sha256:q",
    ballot: "accepted",
    status: "ready",
  }),
  amendment: exported("QueryAmendment", "q-amendment", { documentId: "q", segments: query.segments, status: "ready" }),
};

const all = Object.values(resources);
const state = (resources: readonly object[], pending: readonly object[] = []): StackState =>
  stateOf("dev", { version: 3, deployment: { resources, pending_operations: pending } });

interface Holds {
  readonly datasets?: readonly DatasetEntry[];
  readonly queries?: readonly QueryEntry[];
  readonly secretIds?: readonly string[];
}
function governed({ datasets = [dataset], queries = [accepted], secretIds = ["me_key"] }: Holds = {}): Governed {
  return {
    caller: ME,
    contractId: "analytics",
    datasets: new Map(datasets.map((each) => [each.documentId, each])),
    queries: new Map(queries.map((each) => [each.documentId, each])),
    secretIds: new Set(secretIds),
  };
}

function found(resources: readonly object[], holds: Holds = {}): readonly Finding[] {
  return compare([shareOf(state(resources), new Set(["cleanroom"]))], governed(holds));
}
const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ kind, document, found: what }) => `${kind} ${document ?? "-"}: ${what}`);

test("nothing is found where state and governance agree", () => {
  expect(found(all)).toEqual([]);
  expect(stateFindings(state(all))).toEqual([]);
});

test("a finding names stack, resource, document, what was found, and the command that mends it", () => {
  expect(found([resources.dataset, resources.secret], { datasets: [], queries: [] })).toEqual([
    {
      kind: "lost",
      stack: "dev",
      resource: `urn:pulumi:dev::cleanroom::${KIND}DatasetDocument::DatasetDocument-sales-1`,
      document: "sales-1",
      found: "the state has it, governance has no such dataset",
      mend: "pulumi refresh --stack dev, then pulumi up --stack dev",
    },
  ]);
});

describe("what is in the state, and governance has lost", () => {
  test.each<[string, object, Holds]>([
    ["a dataset", resources.dataset, { datasets: [] }],
    ["a secret", resources.secret, { secretIds: [] }],
    ["a draft", resources.draft, { queries: [] }],
    ["a proposal", resources.proposal, { queries: [] }],
    ["a query that was approved", resources.approval, { queries: [] }],
    ["a query that was amended", resources.amendment, { queries: [] }],
  ])("%s", (_what, resource, holds) => {
    const kinds = found([resource], { datasets: [], queries: [], secretIds: [], ...holds }).map(({ kind }) => kind);
    expect(kinds).toEqual(["lost"]);
  });
});

describe("what drifted", () => {
  test.each<[string, object, Holds, string]>([
    [
      "a dataset's content",
      resources.dataset,
      { datasets: [{ ...dataset, digest: "sha256:x" }] },
      "drift sales-1: its content is sha256:x, in the state sha256:d",
    ],
    [
      "a dataset's state",
      resources.dataset,
      { datasets: [{ ...dataset, state: "Proposed", inUse: undefined }] },
      "drift sales-1: it is Proposed instead of Accepted",
    ],
    [
      "a dataset's approvers",
      resources.dataset,
      { datasets: [{ ...dataset, approvers: [ME, "other"] }] },
      "drift sales-1: its approvers are me, other instead of its owner me alone",
    ],
    [
      "a dataset's use",
      resources.dataset,
      { datasets: [{ ...dataset, inUse: false }] },
      "drift sales-1: its use is disabled: no query can read it",
    ],
    [
      "a draft's text",
      resources.draft,
      { queries: [{ ...accepted, state: "Draft", query: { ...query, segments: [{ sequence: 1, sql: "SELECT 2" }] } }] },
      "drift q: its text was changed since the stack's last run (Draft)",
    ],
    [
      "a draft's approvers",
      resources.draft,
      { queries: [{ ...accepted, approvers: ["other"] }] },
      "drift q: its approvers are other, in the state me, other",
    ],
    [
      "a draft's datasets",
      resources.draft,
      { queries: [{ ...accepted, digest: "sha256:x" }] },
      "drift q: a dataset it uses is another one than at the stack's last run",
    ],
    [
      "a proposal's state",
      resources.proposal,
      { queries: [{ ...accepted, state: "Draft", proposalId: "", inUse: undefined }] },
      "drift q: it is Draft, in the state Accepted",
    ],
    [
      "a query's use",
      resources.proposal,
      { queries: [{ ...accepted, inUse: false }] },
      "drift q: an approver has disabled its use",
    ],
    [
      "our vote, with a new proposal",
      resources.approval,
      { queries: [{ ...accepted, state: "Proposed", accepted: ["other"], inUse: undefined }] },
      "drift q: the vote of me is not among those of its Proposed proposal",
    ],
    [
      "the proposal that was voted on",
      resources.approval,
      { queries: [{ ...accepted, state: "Draft", accepted: [], inUse: undefined }] },
      "drift q: the proposal that was accepted here is withdrawn: it is a draft again",
    ],
    [
      "our segments",
      resources.amendment,
      { queries: [{ ...accepted, state: "Draft", query: { ...query, segments: [{ sequence: 1, sql: "theirs" }] } }] },
      "drift q: our segments are no longer in it (Draft)",
    ],
  ])("%s", (_what, resource, holds, expected) => {
    const known = [resource, resources.dataset, resources.secret, resources.draft];
    expect(brief(found([...new Set(known)], holds)).filter((each) => each === expected)).toEqual([expected]);
  });
});

describe("what is no longer what was reviewed", () => {
  const other = { ...accepted, digest: "sha256:x" };
  test.each([
    ["an approval", resources.approval, "'digest' names sha256:q"],
    ["a proposal", resources.proposal, "'propose' names sha256:q"],
  ])("%s", (_what, resource, named) => {
    const [finding] = found([resource, resources.dataset, resources.secret], { queries: [other] });
    expect(finding).toMatchObject({ kind: "changed", document: "q" });
    expect(finding?.found).toBe(`it is Accepted with sha256:x; ${named}, which was reviewed`);
    expect(finding?.mend).toContain("pulumi preview --stack dev");
  });

  test("is not said of a draft beneath an approval: what is voted on is its proposal", () => {
    const waiting = exported("QueryApproval", "q-approval", { documentId: "q", digest: "sha256:q", status: "waiting" });
    const draft = { ...other, state: "Draft", accepted: [], inUse: undefined } as const;
    expect(found([waiting, resources.dataset, resources.secret], { queries: [draft] })).toEqual([]);
  });
});

describe("what can't be relied on", () => {
  const forged = {
    ...accepted,
    documentId: "f",
    ownerId: "other",
    forged: true,
    problem: "accepted past its approvers",
  };

  test("is found though no stack knows it", () => {
    expect(found(all, { queries: [accepted, forged] })).toEqual([
      {
        kind: "forged",
        stack: null,
        resource: null,
        document: "f",
        found: "accepted past its approvers",
        mend: "do not rely on it; tell the collaboration's owner",
      },
    ]);
  });

  test("is found with the resource that relies on it", () => {
    const [finding] = found([resources.approval, resources.dataset, resources.secret], {
      queries: [{ ...accepted, forged: true, problem: "accepted past its approvers" }],
    });
    expect(finding).toMatchObject({ kind: "forged", stack: "dev", document: "q" });
  });

  test("is found where it can't be read", () => {
    const unreadable = { ...dataset, documentId: "u", state: undefined, ownerId: "", problem: "its state is 'X'" };
    expect(brief(found(all, { datasets: [dataset, unreadable] }))).toEqual(["unreadable u: its state is 'X'"]);
  });
});

describe("what no stack knows", () => {
  test("is found where we published or proposed it, and it is in use", () => {
    const datasets = [dataset, { ...dataset, documentId: "sales-2" }];
    const queries = [accepted, { ...accepted, documentId: "q2", state: "Proposed", inUse: undefined } as const];
    const findings = found(all, { datasets, queries });
    expect(brief(findings)).toEqual([
      "orphan sales-2: it is accepted and in use, and we published it; no stack knows it",
      "orphan q2: our proposal is open; no stack knows it",
    ]);
    expect(findings[0]?.mend).toContain("adopt: true on a DatasetDocument with documentId 'sales-2'");
  });

  test("is not found where it was given up, or is another's", () => {
    const datasets = [
      dataset,
      { ...dataset, documentId: "old", inUse: false },
      { ...dataset, documentId: "theirs", ownerId: "other" },
    ];
    expect(found(all, { datasets, secretIds: ["me_key", "other_key", "meother_key"] })).toEqual([]);
  });

  test("is found among our secrets, though what they hold can't be known", () => {
    const findings = found(all, { secretIds: ["me_key", "me_old"] });
    expect(brief(findings)).toEqual([
      expect.stringMatching(/^orphan-secret me_old: a secret of ours that no stack knows/),
    ]);
  });

  test("is no orphan where a dataset describes its use", () => {
    const outputs = { documentId: "sales-1", digest: "sha256:d", ownerId: ME };
    const store = { awsCgsSecretId: "me_connection" };
    const dek = { cgsSecretId: "me_dek" };
    const using = exported("DatasetDocument", "sales-1", { ...outputs, store, dek });
    expect(found([using, resources.draft], { secretIds: ["me_connection", "me_dek"] })).toEqual([]);
  });

  test("is called a draft where governance does not record its author", () => {
    const draft = { ...accepted, documentId: "q3", state: "Draft", ownerId: "", inUse: undefined } as const;
    expect(brief(found(all, { queries: [accepted, draft] }))).toEqual([
      "draft q3: a query's draft that no stack knows; whose it is, governance does not record",
    ]);
  });

  test("is no orphan where another named stack knows it", () => {
    const datasets = [dataset, { ...dataset, documentId: "sales-2" }];
    const other = exported("DatasetDocument", "sales-2", { documentId: "sales-2", digest: "sha256:d", ownerId: ME });
    const shares = [state(all), state([other])].map((each) => shareOf(each, new Set(["cleanroom"])));
    expect(compare(shares, governed({ datasets }))).toEqual([]);
    expect(compare(shares.slice(0, 1), governed({ datasets })).map(({ kind }) => kind)).toEqual(["orphan"]);
  });
});

describe("what is not done", () => {
  const since = "2026-06-30T12:00:00.000Z";

  test("is an operation of which the state knows the beginning alone", () => {
    const { urn } = resources.dataset as { urn: string };
    const [finding] = stateFindings(state(all, [{ resource: { urn }, type: "creating" }]));
    expect(finding).toMatchObject({ kind: "pending", resource: urn, document: null });
    expect(finding?.found).toContain("'DatasetDocument-sales-1' was creating");
    expect(finding?.mend).toContain("pulumi cancel --stack dev");
  });

  test("is what waits, with for what and since when", () => {
    const waits = { documentId: "q", status: "waiting", reason: "the votes of other are awaited", since };
    expect(brief(stateFindings(state([exported("QueryProposal", "q-proposal", waits)])))).toEqual([
      `waiting q: the votes of other are awaited, since ${since}`,
    ]);
  });

  test("is what may be there, and is not called lost", () => {
    const broken = exported("DatasetDocument", "sales-9", { status: "unconfirmed", reason: "cut off", since });
    expect(brief(stateFindings(state([broken])))).toEqual([
      `unconfirmed -: its creation or update broke off: cut off, since ${since}`,
    ]);
    expect(found([broken], { datasets: [], queries: [], secretIds: [] })).toEqual([]);
  });

  test("is what is still to be deleted, and what the engine calls incomplete", () => {
    const old = exported("DatasetDocument", "old", { documentId: "old" }, { delete: true });
    const cloud = { urn: "urn:pulumi:dev::p::azure:x::y", type: "azure:x", id: "y", initErrors: ["not ready"] };
    expect(brief(stateFindings(state([old, cloud])))).toEqual([
      "pending old: it was replaced, and is still to be deleted",
      "unconfirmed -: its creation or update broke off: not ready",
    ]);
    expect(found([old], { datasets: [], queries: [], secretIds: [] })).toEqual([]);
  });
});

test("a resource whose outputs are ciphertext is known by its id", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
  const hidden = exported("DatasetDocument", "sales-1", { documentId: secret, digest: secret, ownerId: secret });
  expect(found([hidden, resources.secret, resources.draft])).toEqual([]);
});

test("a resource of another collaboration is not compared with this one", () => {
  const inputs = { collaboration: "partners" };
  const theirs = exported("DatasetDocument", "x", { documentId: "x" }, { inputs });
  expect(found([...all, theirs])).toEqual([]);
});

test("fails for a state of a version that this release does not know", () => {
  expect(() => stateOf("dev", { version: 4, deployment: {} })).toThrow("The state of stack 'dev' is of version 4");
});

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
