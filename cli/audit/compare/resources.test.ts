// What an audit finds where a resource and its document differ, and that it finds nothing where they agree.
import {
  accepted,
  all,
  brief,
  dataset,
  exported,
  found,
  KIND,
  ME,
  query,
  resources,
  state,
  type Holds,
} from "../testing";
import { stateFindings } from "./state";

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
      { datasets: [{ ...dataset, state: "Proposed" }] },
      "drift sales-1: it is Proposed instead of Accepted",
    ],
    [
      "a dataset's approvers",
      resources.dataset,
      { datasets: [{ ...dataset, approvers: [ME, "other"] }] },
      "drift sales-1: its approvers are me, other instead of its owner me alone",
    ],
    [
      "our consent to a dataset's use",
      resources.dataset,
      { disabled: { "sales-1": [ME] } },
      "drift sales-1: our consent to its use is disabled: no query can use it",
    ],
    [
      "our consent to a query that we approved",
      resources.approval,
      { disabled: { q: [ME] } },
      "drift q: our consent to its use is disabled: no query can use it",
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
      { queries: [{ ...accepted, state: "Draft", proposalId: "" }] },
      "drift q: it is Draft, in the state Accepted",
    ],
    [
      "another approver's consent to our query",
      resources.proposal,
      { disabled: { q: [ME, "other"] } },
      "drift q: its use is disabled by other",
    ],
    [
      "our vote, with a new proposal",
      resources.approval,
      { queries: [{ ...accepted, state: "Proposed", accepted: ["other"] }] },
      "drift q: the vote of me is not among those of its Proposed proposal",
    ],
    [
      "the proposal that was voted on",
      resources.approval,
      { queries: [{ ...accepted, state: "Draft", accepted: [] }] },
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

describe("a consent that a program manages", () => {
  const consent = (value: string, status = "ready"): object =>
    exported("DocumentConsent", "sales-1-consent", { documentId: "sales-1", consent: value, status });
  const rest = [resources.dataset, resources.secret, resources.draft];

  test.each([
    ["is as the program says", "disabled", [ME], []],
    [
      "is enabled again, by us elsewhere",
      "disabled",
      [],
      ["drift sales-1: our consent to its use is enabled, not disabled"],
    ],
    [
      "is disabled, by us elsewhere",
      "enabled",
      [ME],
      ["drift sales-1: our consent to its use is disabled, not enabled"],
    ],
    ["is disabled by others, which is theirs", "enabled", ["other"], []],
  ])("%s", (_what, value, disabledBy, expected) => {
    expect(brief(found([...rest, consent(value)], { disabled: { "sales-1": disabledBy } }))).toEqual(expected);
  });

  test("is lost with its document, unless it waits for it", () => {
    const none = { datasets: [], queries: [], secretIds: [] };
    expect(found([consent("enabled")], none).map(({ kind }) => kind)).toEqual(["lost"]);
    expect(found([consent("enabled", "waiting")], none)).toEqual([]);
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
    const draft = { ...other, state: "Draft", accepted: [] } as const;
    expect(found([waiting, resources.dataset, resources.secret], { queries: [draft] })).toEqual([]);
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
