// A draft under several hands: what others wrote is never lost unasked, what we wrote is never dropped unsaid, and what
// broke off is ours to go on with.
import type { QueryContent } from "../../provider/model/query";
import { toApplication } from "../../provider/model/query";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { InitFailed, type Created, type Kind, type Properties } from "../helpers/provider-process";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let drafts: Kind;
let proposals: Kind;
let count = 0;
const newId = (): string => `shared-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  drafts = they.kind("fabrikam", "QueryDraft");
  proposals = they.kind("fabrikam", "QueryProposal");
});
afterEach(() => room.services.faults.clear());
afterAll(() => room.end());

/** The query with another text in its first segment. */
const withText = (documentId: string, sql: string, change: Properties = {}): Properties => {
  const [first, second] = textOf(they.query(documentId)).segments;
  return they.query(documentId, { segments: [{ ...first, sql }, second], ...change });
};
const sqlOf = async (documentId: string): Promise<string> => {
  const { application } = JSON.parse((await room.document(documentId)).data) as { application: { query: string } };
  const { segments } = JSON.parse(Buffer.from(application.query, "base64").toString("utf8")) as {
    segments: readonly { executionSequence: number; data: string }[];
  };
  return segments.find(({ executionSequence }) => executionSequence === 1)?.data ?? "";
};

/** Somebody's change, straight at governance. */
async function rewrite(who: "litware" | "fabrikam", documentId: string, sql: string, version?: string): Promise<void> {
  const { contractId, labels, approvers, version: current } = await room.document(documentId);
  const data = JSON.stringify(toApplication(documentId, withText(documentId, sql) as unknown as QueryContent));
  const content = { contractId, labels, approvers, data, version: version ?? current };
  expect((await room.govern(who, "PUT", `/userdocuments/${documentId}`, content)).status).toBe(200);
}

/** A draft and its proposal, as the stack has them once `propose` names the digest. */
async function proposed(): Promise<{ id: string; draft: Created; inputs: Properties; proposal: Created }> {
  const { id, state, inputs } = await they.draft(newId());
  const named = { ...inputs, reviewed: state.digest };
  const draft = { id, state: await drafts.update(id, state, named) };
  const proposal = await proposals.create({ documentId: id, digest: state.digest });
  return { id, draft, inputs: named, proposal };
}

test("an edited text fails in preview while propose still names the text before, and is drafted without it", async () => {
  const { id, draft, inputs } = await proposed();
  const { reviewed: _, ...rest } = inputs;
  const edited = { ...rest, segments: withText(id, "SELECT 'edited' FROM sales").segments };
  const stale = { ...edited, reviewed: inputs.reviewed };
  const refusal = `Query '${id}': its text changed, but \`propose\` still names the digest of the text before.`;
  await expect(drafts.diff(id, draft.state, stale)).rejects.toThrow(refusal);
  await expect(drafts.update(id, draft.state, stale)).rejects.toThrow(refusal);
  expect((await room.document(id)).state).toBe("Proposed");
  expect((await drafts.diff(id, draft.state, edited)).changes).toBe(true);
  expect(await drafts.update(id, draft.state, edited)).toMatchObject({ lastChangedBy: "this program" });
  expect(await sqlOf(id)).toBe("SELECT 'edited' FROM sales");
});

test("a text that took over another's change keeps the digest that was agreed to", async () => {
  const { id, state } = await they.draft(newId());
  await rewrite("litware", id, "SELECT 'theirs' FROM sales");
  const digest = (await they.review("fabrikam", id))?.digest;
  const agreed = { ...they.query(id), reviewed: digest };
  const named = await drafts.update(id, state, agreed);
  expect(named).toMatchObject({ amendedByOthers: true });
  const taken = withText(id, "SELECT 'theirs' FROM sales", { reviewed: digest });
  room.writes();
  expect(await drafts.update(id, named, taken)).toMatchObject({ amendedByOthers: false });
  expect(room.writes()).toEqual([]);
});

test("a change of the draft beneath an open proposal is not written over, and shown", async () => {
  const { id, draft, inputs } = await proposed();
  const { reviewed: _, ...rest } = inputs;
  await rewrite("litware", id, "SELECT 'beneath' FROM sales");
  const edited = { ...rest, segments: withText(id, "SELECT 'ours' FROM sales").segments };
  const refused = drafts.update(id, draft.state, edited);
  await expect(refused).rejects.toThrow(`Query '${id}' exists as Draft, with a text that this program did not write.`);
  await expect(refused).rejects.toThrow("-SELECT 'beneath' FROM sales");
  expect(await sqlOf(id)).toBe("SELECT 'beneath' FROM sales");
});

test("overwrite brings our text back, though the program's text is the same", async () => {
  const { id, state, inputs } = await they.draft(newId());
  await rewrite("litware", id, "SELECT 'theirs' FROM sales");
  const overwriting = { ...inputs, onConflict: "overwrite" };
  expect((await drafts.diff(id, state, overwriting)).changes).toBe(true);
  const ours = await drafts.update(id, state, overwriting);
  expect(ours).toMatchObject({ amendedByOthers: false, lastChangedBy: "this program" });
  expect(await sqlOf(id)).toBe("CREATE VIEW big AS SELECT * FROM sales");
  expect((await drafts.diff(id, ours, overwriting)).changes).toBe(false);
});

test("approvers that others changed are shown by name, and mended by overwrite", async () => {
  const { id, state, inputs } = await they.draft(newId());
  const { contractId, labels, data, version, approvers } = await room.document(id);
  const more = [...approvers, { approverId: oid("fabrikam"), approverIdType: "user" }];
  await room.govern("litware", "PUT", `/userdocuments/${id}`, { contractId, labels, data, version, approvers: more });
  expect((await drafts.diff(id, state, inputs)).changes).toBe(true);
  await (await room.provider("fabrikam")).says(`+-- approver ${oid("fabrikam")}`);
  const noted = await drafts.update(id, state, inputs);
  expect(noted).toMatchObject({ amendedByOthers: false, lastChangedBy: "another collaborator" });
  const digest = noted.digest as string;
  await expect(proposals.create({ documentId: id, digest })).rejects.toThrow(
    "set onConflict: 'overwrite' on the query",
  );
  const mended = await drafts.update(id, noted, { ...inputs, onConflict: "overwrite" });
  expect(mended.approvers).toEqual(state.approvers);
});

test("fails in preview where the open proposal is another's, which we can't withdraw", async () => {
  const { id, state, inputs } = await they.draft(newId());
  const { version } = await room.document(id);
  await room.govern("litware", "POST", `/userdocuments/${id}/propose`, { version });
  const edited = { ...inputs, segments: withText(id, "SELECT 'edited' FROM sales").segments };
  await expect(drafts.diff(id, state, edited)).rejects.toThrow(
    `It was proposed by ${oid("litware")}: agree with them that it is withdrawn, or choose another documentId.`,
  );
});

test("fails in preview where another documentId is taken by another text", async () => {
  const { id, state } = await they.draft(newId());
  const taken = newId();
  await drafts.create(withText(taken, "SELECT 'other' FROM sales"));
  await expect(drafts.diff(id, state, they.query(taken))).rejects.toThrow(`Query '${taken}' exists as Draft`);
});

describe("a write that broke off", () => {
  const broken = async (work: Promise<unknown>): Promise<InitFailed> => {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    room.services.faults.clear();
    if (!(error instanceof InitFailed)) throw error;
    return error;
  };
  /** Carried out, and neither answered nor found. */
  const lose = (documentId: string): void => {
    const path = `/userdocuments/${documentId}`;
    room.services.faults.add({ kind: "lose-answer", service: "governance", method: "PUT", path });
    room.services.faults.add({ kind: "no-answer", service: "governance", method: "GET", path, nth: 2 });
  };
  let hasty: Kind;
  beforeAll(async () => {
    hasty = (await room.provider("fabrikam", { deadlineSeconds: "1" })).kind("QueryDraft");
    await hasty.check(they.query(newId()));
  });

  test("is gone on from, though the author edits once more", async () => {
    const id = newId();
    lose(id);
    const { state } = await broken(hasty.create(they.query(id)));
    const edited = withText(id, "SELECT 'edited' FROM sales");
    expect((await drafts.diff(id, state, edited)).changes).toBe(true);
    expect(await drafts.update(id, state, edited)).toMatchObject({ lastChangedBy: "this program" });
    expect(await sqlOf(id)).toBe("SELECT 'edited' FROM sales");
  });

  test("of an update is taken back when the program is", async () => {
    const { id, state, inputs } = await they.draft(newId());
    lose(id);
    const { state: unconfirmed } = await broken(hasty.update(id, state, withText(id, "SELECT 'b' FROM sales")));
    expect(unconfirmed).toMatchObject({ status: "unconfirmed" });
    expect(await sqlOf(id)).toBe("SELECT 'b' FROM sales");
    expect((await drafts.diff(id, unconfirmed, inputs)).changes).toBe(true);
    expect(await drafts.update(id, unconfirmed, inputs)).toMatchObject({ lastChangedBy: "this program" });
    expect(await sqlOf(id)).toBe("CREATE VIEW big AS SELECT * FROM sales");
  });

  test("of a secret is taken back when the program is, though its value can't be read", async () => {
    const secrets = (await room.provider("fabrikam", { deadlineSeconds: "1" })).kind("ContractSecret");
    const inputs = { name: newId(), value: "one" };
    const { id, state } = await secrets.create(inputs);
    room.services.faults.add({ kind: "lose-answer", service: "governance", method: "PUT" });
    const { state: unconfirmed } = await broken(secrets.update(id, state, { ...inputs, value: "two" }));
    expect((await secrets.diff(id, unconfirmed, inputs)).changes).toBe(true);
    room.writes();
    const settled = await secrets.update(id, unconfirmed, inputs);
    expect(room.writes()).toHaveLength(1);
    expect((await secrets.diff(id, settled, inputs)).changes).toBe(false);
  });
});
