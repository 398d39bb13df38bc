// Flow 3's parts: what a query's author, its amender and its approvers register.
import { DocumentConsent, Query, QueryAmendment, QueryApproval } from "../../components";
import { run, valueOf } from "../helpers/mocks";

const DRAFT = "pulumi-nodejs:dynamic/cleanroom:QueryDraft";
const PROPOSAL = "pulumi-nodejs:dynamic/cleanroom:QueryProposal";
const digest = `sha256:${"a".repeat(64)}`;
const content = {
  segments: [{ sequence: 1, sql: "SELECT 1", preConditions: { sales: 100 } }],
  inputs: [{ documentId: "contosso-sales", view: "sales" }],
  output: { documentId: "litware-results", view: "results" },
};

describe("Query", () => {
  test("is a draft, then a proposal of the content that its author names", async () => {
    let query: Query | undefined;
    const program = await run(() => {
      query = new Query("fabrikam-query", { ...content, propose: digest, onConflict: "overwrite" });
    });
    expect(program.children("cleanroom:index:Query fabrikam-query")).toEqual([
      `${DRAFT} fabrikam-query-draft`,
      `${PROPOSAL} fabrikam-query-proposal`,
    ]);
    expect(program.the(DRAFT).inputs).toEqual({
      ...content,
      documentId: "fabrikam-query",
      reviewed: digest,
      onConflict: "overwrite",
    });
    expect(program.the(PROPOSAL).inputs).toEqual({ documentId: "fabrikam-query", digest });
    expect(program.the(PROPOSAL).waitsFor).toContain("fabrikam-query-draft");
    expect((await valueOf(query!.digest)).value).toBe("sha256:11");
    expect((await valueOf(query!.awaited)).value).toEqual(["contosso", "litware"]);
    expect((await valueOf(query!.amendable)).value).toBe(true);
    expect((await valueOf(query!.lastChangedBy)).value).toBe("this program");
    expect((await valueOf(query!.waitingSince)).value).toBe("2026-11-24T20:00:00.000Z");
  });

  test("stays a draft until its author names a digest", async () => {
    const program = await run(() => new Query("fabrikam-query", content));
    expect(program.the(PROPOSAL).inputs).toEqual({ documentId: "fabrikam-query" });
    expect(program.the(DRAFT).inputs.reviewed).toBeUndefined();
  });

  test("has the id that it is given, and the collaboration, in both its parts", async () => {
    const program = await run(() => new Query("q", { ...content, documentId: "other", collaboration: "partners" }));
    for (const type of [DRAFT, PROPOSAL]) {
      expect(program.the(type).inputs).toMatchObject({ documentId: "other", collaboration: "partners" });
    }
  });

  test("says nothing before it knows, in preview", async () => {
    let query: Query | undefined;
    await run(
      () => {
        query = new Query("fabrikam-query", content);
      },
      { preview: true },
    );
    for (const output of [query!.digest, query!.state, query!.awaited]) {
      expect((await valueOf<unknown>(output as never)).known).toBe(false);
    }
    expect((await valueOf(query!.documentId)).value).toBe("fabrikam-query");
  });
});

test("what is to be adopted and how long to wait reach the part that they mean", async () => {
  const program = await run(() => new Query("q", { ...content, adopt: true, waitSeconds: 30 }));
  expect(program.the(DRAFT).inputs).toMatchObject({ adopt: true });
  expect(program.the(DRAFT).inputs).not.toHaveProperty("waitSeconds");
  expect(program.the(PROPOSAL).inputs).toEqual({ documentId: "q", waitSeconds: 30 });
});

test("a consent names the document and what is ours", async () => {
  const args = { documentId: "q", consent: "disabled", onDelete: "enable", waitSeconds: 5 } as const;
  const program = await run(() => new DocumentConsent("consent", args));
  expect(program.all.map(({ type, inputs }) => [type, inputs])).toEqual([
    ["pulumi-nodejs:dynamic/cleanroom:DocumentConsent", args],
  ]);
});

test("an amendment and an approval name the document and what is theirs", async () => {
  const program = await run(() => {
    new QueryAmendment("amendment", { documentId: "q", segments: content.segments });
    new QueryApproval("approval", { documentId: "q", digest, decision: "reject" });
  });
  expect(program.all.map(({ type, inputs }) => [type, inputs])).toEqual([
    ["pulumi-nodejs:dynamic/cleanroom:QueryAmendment", { documentId: "q", segments: content.segments }],
    ["pulumi-nodejs:dynamic/cleanroom:QueryApproval", { documentId: "q", digest, decision: "reject" }],
  ]);
});
