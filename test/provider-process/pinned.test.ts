// An approval is of one content: text, approvers and the datasets' own contents. What differs is refused in preview, with
// the difference; what only looks different is not.
import { toApplication } from "../../provider/model/query";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import type { Kind, Properties } from "../helpers/provider-process";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let votes: Kind;
let count = 0;
const newId = (): string => `pinned-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  votes = they.kind("contosso", "QueryApproval");
});
afterAll(() => room.end());

/** Withdraws the open proposal, rewrites the draft as governance lets anybody, and proposes it again. */
async function proposeAnew(documentId: string, change: Properties): Promise<void> {
  const { proposalId, contractId, data, labels, approvers } = await room.document(documentId);
  await room.govern("fabrikam", "POST", `/users/proposals/${proposalId}/withdraw`);
  const { version } = await room.document(documentId);
  const content = { contractId, data, labels, approvers, version, ...change };
  expect((await room.govern("fabrikam", "PUT", `/userdocuments/${documentId}`, content)).status).toBe(200);
  const now = await room.document(documentId);
  const proposed = await room.govern("fabrikam", "POST", `/userdocuments/${documentId}/propose`, {
    version: now.version,
  });
  expect(proposed.status).toBe(200);
}

const written = (documentId: string, sql: string): { data: string } => {
  const [first, second] = textOf(they.query(documentId)).segments;
  const segments = [{ ...first, sql }, second];
  return { data: JSON.stringify(toApplication(documentId, textOf(they.query(documentId, { segments })))) };
};
const SQL = "CREATE VIEW big AS SELECT * FROM sales";

test("fails in preview for one who is no approver, before any vote", async () => {
  const { draft, digest } = await they.proposed(newId());
  const [problem] = await they.kind("fabrikam", "QueryApproval").check({ documentId: draft.id, digest });
  expect(problem).toContain(
    `Query '${draft.id}': ${oid("fabrikam")} is not among its approvers (${[oid("contosso"), oid("litware")].sort().join(", ")}), so it has no vote.`,
  );
});

test("shows which text changed since it was reviewed, and that approvers were added", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const { id, state } = await votes.create(inputs);
  expect(state.ballot).toBe("accepted");
  const approvers = ["contosso", "litware", "fabrikam"].map((who) => ({
    approverId: oid(who as "contosso"),
    approverIdType: "user",
  }));
  await proposeAnew(draft.id, { ...written(draft.id, `${SQL} WHERE TRUE`), approvers });
  const previewed = votes.diff(id, state, inputs);
  await expect(previewed).rejects.toThrow("is not what was reviewed");
  await expect(previewed).rejects.toThrow(`-${SQL}\n+${SQL} WHERE TRUE`);
  await expect(previewed).rejects.toThrow(`+-- approver ${oid("fabrikam")}`);
});

test("compares the text alone with what an earlier release kept", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const { id, state } = await votes.create(inputs);
  const { reviewedWith: _, ...earlier } = state;
  await proposeAnew(draft.id, written(draft.id, `${SQL} WHERE TRUE`));
  const previewed = votes.diff(id, earlier, inputs);
  await expect(previewed).rejects.toThrow(`+${SQL} WHERE TRUE`);
  await expect(previewed).rejects.not.toThrow("-- approver");
});

test("is kept over another layout of the same text, and voted again on the new proposal", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const { id, state } = await votes.create(inputs);
  expect((await votes.diff(id, state, inputs)).changes).toBe(false);
  await proposeAnew(draft.id, written(draft.id, `${SQL}  \r\n`));
  expect(await votes.diff(id, state, inputs)).toEqual({ changes: true, replaces: [] });
  expect((await votes.read(id, state))?.state).toMatchObject({ status: "waiting", ballot: "" });
  const again = await votes.update(id, state, inputs);
  expect(again.ballot).toBe("accepted");
  expect((await votes.diff(id, again, inputs)).changes).toBe(false);
});

test("fails over a comment that was added: who reads it may read it otherwise", async () => {
  const { draft, digest } = await they.proposed(newId());
  const inputs = { documentId: draft.id, digest };
  const { id, state } = await votes.create(inputs);
  await proposeAnew(draft.id, written(draft.id, `${SQL} -- harmless`));
  await expect(votes.diff(id, state, inputs)).rejects.toThrow(`+${SQL} -- harmless`);
});

test("never takes an absent digest for a match", async () => {
  const { draft } = await they.proposed(newId());
  expect(await votes.check({ documentId: draft.id, digest: "" })).toEqual([expect.stringContaining("digest is ''")]);
  const { state } = await votes.create({ documentId: draft.id });
  expect(state).toMatchObject({ status: "waiting", ballot: "" });
  expect(
    (await room.govern("contosso", "GET", `/users/proposals/${(await room.document(draft.id)).proposalId}/status`))
      .body,
  ).toMatchObject({
    ballots: [],
  });
});

test("fails in preview when the query says what no review shows, and so does a dataset", async () => {
  const { draft, digest } = await they.proposed(newId());
  const { data } = await room.document(draft.id);
  await proposeAnew(draft.id, { data: JSON.stringify({ ...(JSON.parse(data) as object), hidden: true }) });
  expect((await votes.check({ documentId: draft.id, digest }))[0]).toContain("it has parts that no review would show");

  const hidden = azureDataset("hidden", { chosenId: newId() });
  const datasets = they.kind("contosso", "DatasetDocument");
  const { id, state } = await datasets.create(hidden);
  const other = `${id}-2`;
  const text = (await room.document(id)).data.replaceAll(id, other).replace(/}$/, ',"hidden":true}');
  const approvers = [{ approverId: oid("contosso"), approverIdType: "user" }];
  await room.govern("contosso", "PUT", `/userdocuments/${other}`, {
    contractId: "analytics",
    data: text,
    labels: { type: "dataset" },
    approvers,
  });
  await expect(datasets.diff(other, { ...state, documentId: other }, hidden)).rejects.toThrow(
    `Document '${other}' holds something this release can't read (it has parts that no review would show`,
  );
});
