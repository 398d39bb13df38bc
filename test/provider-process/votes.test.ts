// A vote is cast once, told as it is, and stays what it is: over changed minds, new proposals, and races with others.
import { setTimeout as sleep } from "node:timers/promises";
import { toApplication, type QueryContent } from "../../provider/model/query";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import type { Created, Kind, Properties } from "../helpers/provider-process";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let votes: Kind;
let count = 0;
const newId = (): string => `voted-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  votes = they.kind("contosso", "QueryApproval");
});
afterEach(() => room.services.faults.clear());
afterAll(() => room.end());

const consent = async (id: string): Promise<unknown> =>
  ((await room.govern("contosso", "POST", `/userdocuments/${id}/checkstatus/execution`)).body as Properties).status;
const withdraw = async (documentId: string): Promise<void> => {
  const { proposalId } = await room.document(documentId);
  await room.govern("fabrikam", "POST", `/users/proposals/${proposalId}/withdraw`);
};

/** The draft with another text, proposed. */
async function proposeAnew(documentId: string, sql: string): Promise<void> {
  const { contractId, labels, approvers, version } = await room.document(documentId);
  const [first, second] = textOf(they.query(documentId)).segments;
  const changed = they.query(documentId, { segments: [{ ...first, sql }, second] });
  const data = JSON.stringify(toApplication(documentId, changed as unknown as QueryContent));
  await room.govern("fabrikam", "PUT", `/userdocuments/${documentId}`, {
    contractId,
    labels,
    approvers,
    data,
    version,
  });
  const now = await room.document(documentId);
  await room.govern("fabrikam", "POST", `/userdocuments/${documentId}/propose`, { version: now.version });
}

async function accepted(): Promise<{ inputs: Properties; vote: Created }> {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const vote = await votes.create(inputs);
  await they.kind("litware", "QueryApproval").create(inputs);
  return { inputs, vote };
}

test("fails to become a rejection, in preview too, and leaves a consent that was taken back", async () => {
  const { inputs, vote } = await accepted();
  const id = inputs.documentId as string;
  await room.govern("contosso", "POST", `/userdocuments/${id}/runtimeoptions/execution/disable`);
  const rejecting = { ...inputs, decision: "reject" };
  const expected = `Query '${id}': our vote is 'accepted' already, and a vote can't be changed. To stop its use, set a DocumentConsent to disabled.`;
  await expect(votes.diff(vote.id, vote.state, rejecting)).rejects.toThrow(expected);
  await expect(votes.update(vote.id, vote.state, rejecting)).rejects.toThrow(expected);
  expect(await consent(id)).toBe("disabled");
});

test("enables no consent when it is only updated, and does when it is taken up again", async () => {
  const { inputs, vote } = await accepted();
  const id = inputs.documentId as string;
  const brake = await they.kind("contosso", "DocumentConsent").create({ documentId: id, consent: "disabled" });
  expect(brake.state.status).toBe("ready");
  await votes.update(vote.id, vote.state, { ...inputs, waitSeconds: 1 });
  expect(await consent(id)).toBe("disabled");
  await votes.create(inputs);
  expect(await consent(id)).toBe("enabled");
});

test("that comes after a withdrawal is awaited anew, and no run fails", async () => {
  const { draft, digest } = await they.proposed(newId());
  room.services.faults.add(
    { kind: "delay", service: "governance", method: "POST", path: "/vote_accept", milliseconds: 600 },
    () => void withdraw(draft.id),
  );
  const { state } = await votes.create({ documentId: draft.id, digest });
  expect(state).toMatchObject({
    status: "waiting",
    ballot: "",
    reason: "the query is a draft: its author has to propose it",
  });
});

test("is never told as a rejection that was not cast", async () => {
  const { draft, digest } = await they.proposed(newId());
  room.services.faults.add(
    { kind: "delay", service: "governance", method: "POST", path: "/vote_reject", milliseconds: 600 },
    () => void withdraw(draft.id),
  );
  const { state } = await votes.create({ documentId: draft.id, digest, decision: "reject" });
  expect(state).toMatchObject({ status: "waiting", ballot: "" });
});

test("after a rejection, a new proposal is shown once, awaited, and voted on by its own digest", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest, decision: "reject" };
  const { id, state } = await votes.create(inputs);
  expect((await votes.diff(id, state, inputs)).changes).toBe(false);
  await proposeAnew(draft.id, "SELECT 'better' AS region FROM sales");
  const now = (await they.review("contosso", draft.id))?.digest ?? "";
  expect((await votes.diff(id, state, inputs)).changes).toBe(true);
  await (
    await room.provider("contosso")
  ).says(`Query '${draft.id}' was proposed anew after our rejection: review it, and name its digest ${now}.`);
  const waiting = await votes.update(id, state, inputs);
  expect(waiting).toMatchObject({ status: "waiting", ballot: "", pendingDigest: now });
  const agreed = { documentId: draft.id, digest: now };
  expect((await votes.diff(id, waiting, agreed)).changes).toBe(true);
  expect(await votes.update(id, waiting, agreed)).toMatchObject({ status: "ready", ballot: "accepted" });
});

test("waits while the author edits what another has rejected, and blocks nothing", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const { id, state } = await votes.create(inputs);
  await they.kind("litware", "QueryApproval").create({ ...inputs, decision: "reject" });
  const { contractId, labels, approvers, version, data } = await room.document(draft.id);
  const other = JSON.parse(data) as { application: { query: string } };
  const text = Buffer.from(other.application.query, "base64").toString("utf8").replace("SUM(amount)", "COUNT(*)");
  other.application.query = Buffer.from(text).toString("base64");
  const changed = { contractId, labels, approvers, version, data: JSON.stringify(other) };
  await room.govern("fabrikam", "PUT", `/userdocuments/${draft.id}`, changed);
  expect((await votes.diff(id, state, inputs)).changes).toBe(true);
  expect(await votes.update(id, state, inputs)).toMatchObject({ status: "waiting", ballot: "" });
});

test("waits since the wait began, not since it was given up", async () => {
  const began = Date.now();
  const { state } = await votes.create({ documentId: newId(), waitSeconds: 2 });
  expect(Date.parse(String(state.since)) - began).toBeLessThan(1_000);
});

test("deleted before the others have voted says that the query may run with it", async () => {
  const { draft, digest } = await they.proposed(newId());
  const { id, state } = await votes.create({ documentId: draft.id, digest });
  await votes.delete(id, state);
  await (await room.provider("contosso")).says(`keep a DocumentConsent with consent 'disabled' to prevent that.`);
});

test("a proposal that another run of ours has made meanwhile is taken for made", async () => {
  const { id, state } = await they.draft(newId());
  const { version } = await room.document(id);
  let done: Promise<unknown> = Promise.resolve();
  room.services.faults.add(
    { kind: "delay", service: "governance", method: "POST", path: `/${id}/propose`, milliseconds: 500, nth: 1 },
    () => {
      done = room.govern("fabrikam", "POST", `/userdocuments/${id}/propose`, { version });
    },
  );
  const made = await they.kind("fabrikam", "QueryProposal").create({ documentId: id, digest: state.digest });
  await done;
  expect(made.state).toMatchObject({ state: "Proposed", status: "waiting" });
  await sleep(10);
  expect(oid("fabrikam")).toBe((await room.document(id)).proposerId);
});
