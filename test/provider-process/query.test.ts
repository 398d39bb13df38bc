// A query's way from draft to acceptance, each collaborator with a provider process of their own.
import { amended, toApplication } from "../../provider/model/query";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { seen, type Created, type Kind } from "../helpers/provider-process";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let drafts: Kind;
let proposals: Kind;
let count = 0;
const newId = (): string => `query-${(count += 1)}`;
const owners = [oid("contosso"), oid("litware")].sort();

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  drafts = they.kind("fabrikam", "QueryDraft");
  proposals = they.kind("fabrikam", "QueryProposal");
});
afterAll(() => room.end());

const approve = (
  who: "contosso" | "litware",
  documentId: string,
  digest?: string,
  decision?: string,
): Promise<Created> => they.kind(who, "QueryApproval").create({ documentId, digest, decision });

test("is accepted once its datasets' owners have voted on what was proposed, and by exactly them", async () => {
  const documentId = newId();
  const { draft, proposal, digest } = await they.proposed(documentId);
  expect(draft.state).toMatchObject({
    approvers: owners,
    owners: {
      [they.datasets.sales]: oid("contosso"),
      [they.datasets.members]: oid("litware"),
      [they.datasets.results]: oid("litware"),
    },
    amendedByOthers: false,
  });
  expect(proposal.state).toMatchObject({ status: "waiting", state: "Proposed", awaited: owners, accepted: [] });

  const first = await approve("litware", documentId, digest);
  expect(first.state).toMatchObject({ status: "ready", ballot: "accepted", pendingDigest: digest });
  const half = await proposals.update(proposal.id, proposal.state, { documentId, digest });
  expect(half).toMatchObject({
    status: "waiting",
    accepted: [oid("litware")],
    awaited: [oid("contosso")],
    reason: `the votes of ${oid("contosso")} are awaited`,
  });

  await approve("contosso", documentId, digest);
  const done = await proposals.update(proposal.id, half, { documentId, digest });
  expect(done).toMatchObject({ status: "ready", state: "Accepted", accepted: owners, awaited: [], reason: "" });
  const document = await room.document(documentId);
  expect(document.finalVotes?.map(({ approverId, ballot }) => [approverId, ballot]).sort()).toEqual(
    owners.map((owner) => [owner, "accepted"]),
  );
  expect(document.labels).toEqual({ type: "spark-application" });
  expect(JSON.parse(document.data)).toEqual(toApplication(documentId, textOf(they.query(documentId))));

  for (const [kind, { id, state }, inputs] of [
    [drafts, draft, they.query(documentId)],
    [proposals, { id: proposal.id, state: done }, { documentId, digest }],
    [they.kind("litware", "QueryApproval"), first, { documentId, digest }],
  ] as const) {
    expect((await kind.diff(id, state, inputs)).changes).toBe(false);
    const read = await kind.read(id, state);
    expect((await kind.diff(id, read?.state ?? {}, inputs)).changes).toBe(false);
  }
});

describe("a draft", () => {
  test("a second time writes nothing, and answers the same", async () => {
    const { id, state, inputs } = await they.draft(newId());
    room.writes();
    expect(seen(await drafts.create(inputs))).toEqual(seen({ id, state }));
    expect(room.writes()).toEqual([]);
  });

  test("is updated from the version last read", async () => {
    const { id, state, inputs } = await they.draft(newId());
    const changed = { ...inputs, segments: [{ sequence: 1, sql: "SELECT 1" }] };
    expect(await drafts.diff(id, state, changed)).toEqual({ changes: true, replaces: [] });
    const updated = await drafts.update(id, state, changed);
    expect(updated.version).not.toBe(state.version);
    expect(updated.digest).not.toBe(state.digest);
    expect((await they.review("litware", id))?.query.segments).toEqual([{ sequence: 1, sql: "SELECT 1" }]);
  });

  test("does not change with what means nothing in its text", async () => {
    const { id, state, inputs } = await they.draft(newId(), {
      segments: [{ sequence: 1, sql: "SELECT 1\nFROM sales" }],
    });
    const same = { ...inputs, segments: [{ sequence: 1, sql: "SELECT 1\r\nFROM sales\n\n" }] };
    room.writes();
    expect((await drafts.update(id, state, same)).version).toBe(state.version);
    expect(room.writes()).toEqual([]);
  });

  test("that another collaborator changed is shown, and not written over", async () => {
    const { id, state, inputs } = await they.draft(newId());
    await amendBy("litware", id, "SELECT 'amended'");
    expect((await drafts.diff(id, state, inputs)).changes).toBe(true);
    const process = await room.provider("fabrikam");
    await process.says(`Query '${id}' was changed by another collaborator`);
    await process.says("+SELECT 'amended'");

    const seen = await drafts.update(id, state, inputs);
    expect(seen.amendedByOthers).toBe(true);
    expect((await drafts.diff(id, seen, inputs)).changes).toBe(false);

    const ours = { ...inputs, segments: [{ sequence: 1, sql: "SELECT 'ours'" }] };
    await expect(drafts.update(id, seen, ours)).rejects.toThrow("with a text that this program did not write");
    const both = {
      ...inputs,
      segments: [
        { sequence: 1, sql: "SELECT 'amended'" },
        { sequence: 3, sql: "SELECT 3" },
      ],
    };
    await expect(drafts.update(id, seen, both)).resolves.toMatchObject({ amendedByOthers: false });
  });

  test("fails to be written over a change that was not seen", async () => {
    const { id, state, inputs } = await they.draft(newId());
    await amendBy("litware", id, "SELECT 'amended'");
    const ours = { ...inputs, segments: [{ sequence: 1, sql: "SELECT 'ours'" }] };
    const refused = drafts.update(id, state, ours);
    await expect(refused).rejects.toThrow(
      `Query '${id}' exists as Draft, with a text that this program did not write. Take the change over into this program, or set onConflict: 'overwrite' to replace it.`,
    );
    await expect(refused).rejects.toThrow("-SELECT 'amended'");
    const overwritten = await drafts.update(id, state, { ...ours, onConflict: "overwrite" });
    expect(overwritten.amendedByOthers).toBe(false);
  });

  test("fails where another's query has the id", async () => {
    const documentId = newId();
    await they.kind("litware", "QueryDraft").create(they.query(documentId));
    const ours = they.query(documentId, { segments: [{ sequence: 1, sql: "SELECT 'ours'" }] });
    await expect(drafts.create(ours)).rejects.toThrow(`Query '${documentId}' exists as Draft`);
    await expect(drafts.create({ ...ours, onConflict: "overwrite" })).resolves.toMatchObject({ id: documentId });
  });

  test("withdraws its open proposal when its text changes", async () => {
    const { draft, proposal } = await they.proposed(newId());
    const changed = they.query(draft.id, { segments: [{ sequence: 1, sql: "SELECT 1" }] });
    await drafts.update(draft.id, draft.state, changed);
    expect(await room.document(draft.id)).toMatchObject({ state: "Draft" });
    const status = await room.govern("fabrikam", "GET", `/users/proposals/${String(proposal.state.proposalId)}/status`);
    expect(status.body).toMatchObject({ state: "Withdrawn" });
  });

  test("fails, in preview, to be changed once it is accepted", async () => {
    const { draft, digest } = await they.proposed(newId());
    await approve("contosso", draft.id, digest);
    await approve("litware", draft.id, digest);
    const changed = they.query(draft.id, { segments: [{ sequence: 1, sql: "SELECT 1" }] });
    await expect(drafts.diff(draft.id, draft.state, changed)).rejects.toThrow(
      `Query '${draft.id}' is accepted, and an accepted query can't be changed. Give the changed one another documentId`,
    );
  });

  test("is replaced under another id, and stays where it is deleted", async () => {
    const { id, state, inputs } = await they.draft(newId());
    expect((await drafts.diff(id, state, { ...inputs, documentId: "another" })).replaces).toEqual(["documentId"]);
    await drafts.delete(id, state);
    expect((await room.document(id)).state).toBe("Draft");
    await (await room.provider("fabrikam")).says(`Query '${id}' stays in governance`);
  });

  test("is gone when governance does not have it", async () => {
    const { state } = await they.draft(newId());
    expect(await drafts.read("gone", { ...state, documentId: "gone" })).toBeUndefined();
  });

  test("fails over a dataset that does not exist, and lists those that do", async () => {
    const inputs = they.query(newId(), { inputs: [{ documentId: "contosso-salse", view: "sales" }] });
    const [problem] = await drafts.check(inputs);
    expect(problem).toContain("Dataset 'contosso-salse' does not exist. Published are: ");
    expect(problem).toContain(they.datasets.sales);
    expect(problem).toContain("Correct the id, or ask its owner to publish it.");
  });

  test("fails over a dataset that is still a draft", async () => {
    const { data, labels, approvers } = await room.document(they.datasets.sales);
    const put = { contractId: "analytics", data, labels, approvers };
    await room.govern("contosso", "PUT", "/userdocuments/draft-sales", put);
    const inputs = they.query(newId(), { inputs: [{ documentId: "draft-sales", view: "sales" }] });
    expect(await drafts.check(inputs)).toEqual([
      "Dataset 'draft-sales' is still Draft: a query over it could never be accepted. Ask its owner to finish publishing it.",
    ]);
  });

  test("passes with a dataset that is not known yet", async () => {
    const documentId = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(await drafts.check(they.query(newId(), { inputs: [{ documentId, view: "sales" }] }))).toEqual([]);
  });
});

describe("an amendment", () => {
  const segments = [{ sequence: 2, sql: "SELECT tier FROM members" }];
  let amendments: Kind;
  beforeAll(() => (amendments = they.kind("litware", "QueryAmendment")));

  test("replaces its own part of the draft, and leaves the rest", async () => {
    const { id, inputs } = await they.draft(newId());
    const amendment = await amendments.create({ documentId: id, segments });
    expect(amendment.state).toMatchObject({ status: "ready", reason: "" });
    const expected = amended(textOf(inputs), segments);
    expect(JSON.parse((await room.document(id)).data)).toEqual(toApplication(id, expected));
    expect((await amendments.diff(amendment.id, amendment.state, { documentId: id, segments })).changes).toBe(false);
    room.writes();
    await amendments.create({ documentId: id, segments });
    expect(room.writes()).toEqual([]);
  });

  test("waits while there is no draft, and goes on when there is one", async () => {
    const documentId = newId();
    const { id, state } = await amendments.create({ documentId, segments });
    expect(state).toMatchObject({
      status: "waiting",
      reason: "the query's draft does not exist yet: its author has to create it",
    });
    expect((await amendments.diff(id, state, { documentId, segments })).changes).toBe(true);
    await they.draft(documentId);
    const later = await amendments.update(id, state, { documentId, segments });
    expect(later).toMatchObject({ status: "ready" });
    expect(await amendments.read(id, later)).toMatchObject({ state: later });
  });

  test("waits while the query is proposed without it", async () => {
    const { draft } = await they.proposed(newId());
    const { state } = await amendments.create({ documentId: draft.id, segments });
    expect(state.status).toBe("waiting");
    expect(state.reason).toContain("is proposed without this amendment");
  });

  test("is made anew when the author wrote over it", async () => {
    const { id, inputs } = await they.draft(newId());
    const amendment = await amendments.create({ documentId: id, segments });
    await drafts.create({ ...inputs, onConflict: "overwrite" });
    expect((await amendments.diff(amendment.id, amendment.state, { documentId: id, segments })).changes).toBe(true);
    expect((await amendments.read(amendment.id, amendment.state))?.state.status).toBe("waiting");
  });

  test("fails once the query is accepted without it, and shows what is missing", async () => {
    const { draft, digest } = await they.proposed(newId());
    await approve("contosso", draft.id, digest);
    await approve("litware", draft.id, digest);
    const refused = amendments.create({ documentId: draft.id, segments });
    await expect(refused).rejects.toThrow("is accepted without this amendment, and an accepted query can't be changed");
    await expect(refused).rejects.toThrow("+SELECT tier FROM members");
  });

  test("leaves the draft as it is when it is deleted", async () => {
    const { id } = await they.draft(newId());
    const amendment = await amendments.create({ documentId: id, segments });
    const before = await room.document(id);
    await amendments.delete(amendment.id, amendment.state);
    expect(await room.document(id)).toEqual(before);
  });

  test("is part of what is proposed: the author names the digest of the amended text", async () => {
    const { id, state, inputs } = await they.draft(newId());
    await amendments.create({ documentId: id, segments });
    await expect(proposals.create({ documentId: id, digest: state.digest })).rejects.toThrow(
      `Query '${id}' is not what 'propose' names: its digest is`,
    );
    const digest = (await they.review("fabrikam", id))?.digest;
    const agreed = await drafts.update(id, state, { ...inputs, reviewed: digest });
    expect(agreed).toMatchObject({ digest, amendedByOthers: true });
    expect((await proposals.create({ documentId: id, digest })).state).toMatchObject({ state: "Proposed" });
  });
});

/** Somebody changes the draft without this package. */
async function amendBy(who: "litware", id: string, sql: string): Promise<void> {
  const { contractId, labels, approvers, version, data } = await room.document(id);
  const text = toApplication(id, { ...textOf(they.query(id)), segments: [{ sequence: 1, sql }] });
  expect(data).not.toBe(JSON.stringify(text));
  const put = { contractId, labels, approvers, version, data: JSON.stringify(text) };
  expect((await room.govern(who, "PUT", `/userdocuments/${id}`, put)).status).toBe(200);
}
