// Proposals and votes: cast only on what was reviewed, seen through when they are forged, and waited for.
import { toApplication } from "../../provider/model/query";
import { toSpecification, type Dataset } from "../../provider/model/dataset";
import type { Person } from "../../sandbox/testing";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import { seen, type Kind } from "../helpers/provider-process";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let drafts: Kind;
let proposals: Kind;
let votes: Record<"contosso" | "litware" | "fabrikam", Kind>;
let count = 0;
const newId = (): string => `query-${(count += 1)}`;
const owners = [oid("contosso"), oid("litware")].sort();
const consent = async (who: Person, id: string): Promise<unknown> =>
  (await room.govern(who, "POST", `/userdocuments/${id}/checkstatus/execution`)).body;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  drafts = they.kind("fabrikam", "QueryDraft");
  proposals = they.kind("fabrikam", "QueryProposal");
  votes = {
    contosso: they.kind("contosso", "QueryApproval"),
    litware: they.kind("litware", "QueryApproval"),
    fabrikam: they.kind("fabrikam", "QueryApproval"),
  };
});
afterAll(() => room.end());

async function accepted(): Promise<{ documentId: string; digest: string }> {
  const { draft, digest } = await they.proposed(newId());
  for (const who of ["contosso", "litware"] as const) await votes[who].create({ documentId: draft.id, digest });
  return { documentId: draft.id, digest };
}

/** What nobody should be able to do: a document accepted past its draft and its approvers, by one collaborator alone. */
async function forge(who: Person, documentId: string, document: object): Promise<void> {
  const approvers = [{ approverId: oid(who), approverIdType: "user" }];
  const args = { documentId, document: { contractId: "analytics", version: "1.1", ...document } };
  const answer = await room.govern(who, "POST", "/users/proposals/create", {
    name: "set_user_document",
    args,
    approvers,
  });
  const { proposalId } = answer.body as { proposalId: string };
  await room.govern(who, "POST", `/users/proposals/${proposalId}/ballots/vote_accept`);
  expect((await room.document(documentId)).state).toBe("Accepted");
}

describe("a proposal", () => {
  test("is not made before its author names a digest, and says which", async () => {
    const { id: documentId, state } = await they.draft(newId());
    const { id, state: waiting } = await proposals.create({ documentId });
    expect(waiting).toMatchObject({
      status: "waiting",
      state: "Draft",
      proposalId: "",
      reason: `nothing is proposed yet: review the draft, and name its digest ${String(state.digest)} in propose`,
    });
    const inputs = { documentId, digest: state.digest };
    expect(await proposals.diff(id, waiting, inputs)).toEqual({ changes: true, replaces: [] });
    expect(await proposals.update(id, waiting, inputs)).toMatchObject({ state: "Proposed", awaited: owners });
  });

  test("a second time writes nothing", async () => {
    const { draft, digest, proposal } = await they.proposed(newId());
    room.writes();
    const again = await proposals.create({ documentId: draft.id, digest });
    // A creation knows no earlier state, so it begins to wait anew.
    expect(seen(again)).toEqual(seen({ ...proposal, state: { ...proposal.state, since: again.state.since } }));
    expect(room.writes()).toEqual([]);
  });

  test("has its author's own vote, where the author owns one of the datasets", async () => {
    const documentId = newId();
    const inputs = [
      { documentId: they.datasets.own, view: "tiers" },
      { documentId: they.datasets.sales, view: "sales" },
    ];
    const output = { documentId: they.datasets.own, view: "results" };
    const { state } = await they.draft(documentId, { inputs, output });
    const proposal = await proposals.create({ documentId, digest: state.digest });
    expect(proposal.state).toMatchObject({
      state: "Proposed",
      approvers: [oid("contosso"), oid("fabrikam")].sort(),
      accepted: [oid("fabrikam")],
      awaited: [oid("contosso")],
    });
    await votes.contosso.create({ documentId, digest: state.digest });
    expect((await room.document(documentId)).state).toBe("Accepted");
  });

  test("that was rejected says by whom, and is not made again unasked", async () => {
    const { draft, digest, proposal } = await they.proposed(newId());
    const vote = await votes.contosso.create({ documentId: draft.id, digest, decision: "reject" });
    expect(vote.state).toMatchObject({ status: "ready", ballot: "rejected" });
    const inputs = { documentId: draft.id, digest };
    room.writes();
    const rejected = await proposals.update(proposal.id, proposal.state, inputs);
    expect(rejected).toMatchObject({
      status: "rejected",
      state: "Rejected",
      reason: `${oid("contosso")} rejected it: change the query, and name the new digest`,
    });
    expect(room.writes()).toEqual([]);
    expect((await proposals.diff(proposal.id, rejected, inputs)).changes).toBe(false);
    expect((await proposals.read(proposal.id, rejected))?.state.status).toBe("rejected");
  });

  test("that was rejected is made again with another content", async () => {
    const { draft, digest, proposal } = await they.proposed(newId());
    await votes.contosso.create({ documentId: draft.id, digest, decision: "reject" });
    const rejected = await proposals.update(proposal.id, proposal.state, { documentId: draft.id, digest });
    const changed = they.query(draft.id, { segments: [{ sequence: 1, sql: "SELECT 1" }] });
    const again = await drafts.update(draft.id, draft.state, changed);
    const inputs = { documentId: draft.id, digest: again.digest };
    expect(await proposals.update(proposal.id, rejected, inputs)).toMatchObject({
      status: "waiting",
      state: "Proposed",
    });
  });

  test("is withdrawn when it is deleted while it is open, and only then", async () => {
    const { draft, proposal } = await they.proposed(newId());
    await proposals.delete(proposal.id, proposal.state);
    expect((await room.document(draft.id)).state).toBe("Draft");

    const { documentId, digest } = await accepted();
    const done = await proposals.create({ documentId, digest });
    await proposals.delete(done.id, done.state);
    expect((await room.document(documentId)).state).toBe("Accepted");
    await (await room.provider("fabrikam")).says(`Query '${documentId}' stays accepted`);
  });

  test("fails when the draft names other approvers than its datasets' owners", async () => {
    const documentId = newId();
    const put = {
      contractId: "analytics",
      data: JSON.stringify(toApplication(documentId, textOf(they.query(documentId)))),
      labels: { type: "spark-application" },
      approvers: [oid("contosso"), oid("fabrikam")].map((approverId) => ({ approverId, approverIdType: "user" })),
    };
    await room.govern("fabrikam", "PUT", `/userdocuments/${documentId}`, put);
    const digest = (await they.review("fabrikam", documentId))?.digest;
    await expect(proposals.create({ documentId, digest })).rejects.toThrow(
      `Query '${documentId}' names other approvers than the owners of its datasets (missing: ${oid("litware")}; too many: ${oid("fabrikam")}).`,
    );
  });

  test("fails of a query that does not exist", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    await expect(proposals.create({ documentId: "no-query", digest })).rejects.toThrow(
      "Query 'no-query' can't be proposed: governance has no such draft.",
    );
  });

  test("fails with a digest that is none", async () => {
    expect(await proposals.check({ documentId: "a", digest: "latest" })).toEqual([
      "propose is 'latest': a digest is 'sha256:' and 64 hexadecimal digits, as the preview shows it.",
    ]);
  });
});

describe("a vote", () => {
  test("is not cast before its digest is named, and says which", async () => {
    const { draft, digest } = await they.proposed(newId());
    const { id, state } = await votes.litware.create({ documentId: draft.id });
    expect(state).toMatchObject({
      status: "waiting",
      ballot: "",
      pendingDigest: digest,
      reason: `it is proposed and was not reviewed here yet: review it, and name its digest ${digest}`,
    });
    const cast = await votes.litware.update(id, state, { documentId: draft.id, digest });
    expect(cast).toMatchObject({ status: "ready", ballot: "accepted" });
  });

  test.each([
    ["there is no query", undefined, "the query does not exist yet"],
    ["it is a draft", "draft", "the query is a draft: its author has to propose it"],
  ])("waits while %s, and is work to do on the next run", async (_what, state, reason) => {
    const documentId = newId();
    if (state !== undefined) await they.draft(documentId);
    const inputs = { documentId, digest: `sha256:${"0".repeat(64)}` };
    const waiting = await votes.litware.create(inputs);
    expect(waiting.state).toMatchObject({ status: "waiting", reason, ballot: "", pendingDigest: "" });
    expect((await votes.litware.diff(waiting.id, waiting.state, inputs)).changes).toBe(true);
    expect((await votes.litware.read(waiting.id, waiting.state))?.state).toMatchObject({ status: "waiting" });
  });

  test("a second time is not cast again", async () => {
    const { draft, digest } = await they.proposed(newId());
    const inputs = { documentId: draft.id, digest };
    const cast = await votes.litware.create(inputs);
    room.writes();
    expect(seen(await votes.litware.create(inputs))).toEqual(seen(cast));
    expect(room.writes()).toEqual([]);
  });

  test("fails to be changed", async () => {
    const { draft, digest } = await they.proposed(newId());
    await votes.litware.create({ documentId: draft.id, digest });
    await expect(votes.litware.create({ documentId: draft.id, digest, decision: "reject" })).rejects.toThrow(
      "is 'accepted' already, and a vote can't be changed.",
    );
  });

  test("fails on anything but what was reviewed, and casts none", async () => {
    const { draft } = await they.proposed(newId());
    const digest = `sha256:${"0".repeat(64)}`;
    room.writes();
    await expect(votes.litware.create({ documentId: draft.id, digest })).rejects.toThrow(
      `Query '${draft.id}' is not what was reviewed: its digest is ${String(draft.state.digest)}, reviewed was ${digest}.`,
    );
    expect(room.writes()).toEqual([]);
  });

  test("fails in preview already on anything but what was reviewed, whether it is new or waiting", async () => {
    const { draft, digest: real } = await they.proposed(newId());
    const digest = `sha256:${"0".repeat(64)}`;
    const refusal = `Query '${draft.id}' is not what was reviewed: its digest is ${real}, reviewed was ${digest}.`;
    const [problem] = await votes.litware.check({ documentId: draft.id, digest });
    expect(problem).toContain(refusal);
    const waiting = await votes.litware.create({ documentId: draft.id });
    await expect(votes.litware.diff(waiting.id, waiting.state, { documentId: draft.id, digest })).rejects.toThrow(
      refusal,
    );
  });

  test("fails of one who is no approver", async () => {
    const { draft, digest } = await they.proposed(newId());
    await expect(votes.fabrikam.create({ documentId: draft.id, digest })).rejects.toThrow(
      `Query '${draft.id}': ${oid("fabrikam")} is not among its approvers (${owners.join(", ")}), so it has no vote.`,
    );
  });

  test("fails on a proposal that leaves out an owner, whose data would be read without a vote", async () => {
    const documentId = newId();
    const put = {
      contractId: "analytics",
      data: JSON.stringify(toApplication(documentId, textOf(they.query(documentId)))),
      labels: { type: "spark-application" },
      approvers: [{ approverId: oid("contosso"), approverIdType: "user" }],
    };
    await room.govern("fabrikam", "PUT", `/userdocuments/${documentId}`, put);
    const { version } = await room.document(documentId);
    await room.govern("fabrikam", "POST", `/userdocuments/${documentId}/propose`, { version });
    const digest = (await they.review("contosso", documentId))?.digest;
    await expect(votes.contosso.create({ documentId, digest })).rejects.toThrow(
      `Query '${documentId}' would run without the consent of ${oid("litware")}, who own datasets of it and are not among its approvers. Do not accept it`,
    );
  });

  test("that is given up disables our consent, and a new one enables it", async () => {
    const { documentId, digest } = await accepted();
    const vote = await votes.litware.create({ documentId, digest });
    await votes.litware.delete(vote.id, vote.state);
    expect(await consent("litware", documentId)).toMatchObject({ status: "disabled" });
    await (await room.provider("litware")).says(`Our vote on query '${documentId}' stays`);
    await votes.litware.create({ documentId, digest });
    expect(await consent("litware", documentId)).toMatchObject({ status: "enabled" });
  });

  test("fails with a decision that is none, which the service would take for a rejection", async () => {
    expect(await votes.litware.check({ documentId: "a", decision: "Accept" })).toEqual([
      "decision is 'Accept': use accept or reject.",
    ]);
  });
});

describe("an acceptance that was forged", () => {
  const text = (documentId: string, sql: string): { data: string; labels: object } => ({
    data: JSON.stringify(
      toApplication(documentId, { ...textOf(they.query(documentId)), segments: [{ sequence: 1, sql }] }),
    ),
    labels: { type: "spark-application" },
  });

  test("fails where an owner is asked to vote on it", async () => {
    const { id: documentId, state } = await they.draft(newId());
    await forge("fabrikam", documentId, text(documentId, "SELECT * FROM members"));
    await expect(votes.litware.create({ documentId, digest: state.digest })).rejects.toThrow("Do not accept it");
  });

  test("fails in the author's preview, where the draft was another", async () => {
    const { id: documentId, state } = await they.draft(newId());
    const proposal = await proposals.create({ documentId });
    await forge("contosso", documentId, text(documentId, "SELECT * FROM members"));
    await expect(proposals.update(proposal.id, proposal.state, { documentId, digest: state.digest })).rejects.toThrow(
      `Query '${documentId}' is not what 'propose' names`,
    );
  });

  test("fails in the preview of an owner who had voted on the true one", async () => {
    const { draft, digest, proposal } = await they.proposed(newId());
    const documentId = draft.id;
    const vote = await votes.litware.create({ documentId, digest });
    await proposals.delete(proposal.id, proposal.state);
    await forge("fabrikam", documentId, text(documentId, "SELECT * FROM members"));
    const preview = votes.litware.diff(vote.id, vote.state, { documentId, digest });
    await expect(preview).rejects.toThrow(/would run without the consent of|is not what was reviewed/);
  });

  test("of a dataset makes its forger the owner, whose vote is no help with anybody else's data", async () => {
    const documentId = newId();
    const forged = azureDataset(documentId);
    const specification = toSpecification(documentId, forged as unknown as Dataset);
    await forge("fabrikam", documentId, { data: JSON.stringify(specification), labels: { type: "dataset" } });
    const { state } = await they.draft(newId(), { inputs: [{ documentId, view: "sales" }] });
    expect(state.owners).toMatchObject({ [documentId]: oid("fabrikam") });
  });
});
