// What an audit finds that no stack knows, and what nobody should rely on.
import { accepted, all, brief, dataset, exported, found, governed, ME, resources, state } from "../testing";
import { compare, shareOf } from ".";

describe("what no stack knows", () => {
  test("is found where we published or proposed it, and it is in use", () => {
    const datasets = [dataset, { ...dataset, documentId: "sales-2" }];
    const queries = [accepted, { ...accepted, documentId: "q2", state: "Proposed" } as const];
    const findings = found(all, { datasets, queries });
    expect(brief(findings)).toEqual([
      "orphan sales-2: it is accepted and in use, and we proposed it; no stack knows it",
      "orphan q2: our proposal is open; no stack knows it",
    ]);
    expect(findings[0]?.mend).toBe(
      "a DatasetDocument with documentId: 'sales-2', adopt: true and its content, then pulumi up; removing that resource again disables its use",
    );
  });

  test("is not found where it was given up, or is another's", () => {
    const datasets = [
      dataset,
      { ...dataset, documentId: "old" },
      { ...dataset, documentId: "theirs", ownerId: "other" },
    ];
    const disabled = { old: [ME] };
    expect(found(all, { datasets, disabled, secretIds: ["me_key", "other_key", "meother_key"] })).toEqual([]);
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
    const draft = { ...accepted, documentId: "q3", state: "Draft", ownerId: "" } as const;
    expect(brief(found(all, { queries: [accepted, draft] }))).toEqual([
      "draft q3: a draft of a query that no stack knows; whose it is, governance does not record",
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
