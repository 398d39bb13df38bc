// A creation that breaks off after something may have been written is kept in the state with its id, and taken up again:
// nothing is there that no state knows, and nothing is there twice.
import type { FaultRule } from "../../sandbox/faults";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import { InitFailed, type Kind, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let count = 0;
const newName = (): string => `unconfirmed-${(count += 1)}`;
/** A provider that gives up soon, so that a test need not wait. */
const hasty = (who: "contosso" | "fabrikam"): Promise<ProviderProcess> => room.provider(who, { deadlineSeconds: "1" });

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
});
afterEach(() => room.services.faults.clear());
afterAll(() => room.end());

async function broken(kind: Kind, inputs: Properties, ...rules: FaultRule[]): Promise<InitFailed> {
  for (const rule of rules) room.services.faults.add(rule);
  const error: unknown = await kind.create(inputs).then(
    () => new Error("it was created"),
    (thrown: unknown) => thrown,
  );
  room.services.faults.clear();
  if (!(error instanceof InitFailed)) throw error;
  return error;
}

/** Everything that answers nothing from the moment of the matching request on. */
const silent = (service: string, path: string): FaultRule => ({ kind: "no-answer", service, path });

test("keeps id, inputs, status and reason, and says what the next run does", async () => {
  const kind = (await hasty("contosso")).kind("DatasetDocument");
  const inputs = azureDataset(newName());
  await kind.check(inputs);
  const lost: FaultRule = { kind: "lose-answer", service: "frontend", method: "POST", times: 1 };
  const { id, state, message } = await broken(kind, inputs, lost, {
    kind: "no-answer",
    service: "frontend",
    method: "POST",
    nth: 2,
  });
  expect(id).toMatch(new RegExp(`^${String(inputs.name)}-[0-9a-f]{12}$`));
  expect(state).toEqual({
    ...inputs,
    status: "unconfirmed",
    reason: expect.stringContaining("publish dataset") as string,
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
  expect(message).toContain(
    `kept in the stack's state as unconfirmed, with the id '${id}': the next \`pulumi up\` looks first`,
  );
  expect((await kind.diff(id, state, inputs)).changes).toBe(true);
  room.writes();
  const confirmed = await kind.update(id, state, inputs);
  expect(confirmed).toMatchObject({ documentId: id });
  expect(confirmed.status).toBeUndefined();
  expect(room.writes().filter((write) => write.includes("publish"))).toEqual([]);
  expect((await kind.diff(id, confirmed, inputs)).changes).toBe(false);
});

test("is still to be done after a refresh, which clears the engine's own mark", async () => {
  const kind = (await hasty("contosso")).kind("DatasetDocument");
  const inputs = s3Dataset(newName());
  await kind.check(inputs);
  // Created and proposed, and then nothing more.
  const { id, state } = await broken(kind, inputs, silent("governance", "/vote_accept"));
  expect((await room.document(id)).state).toBe("Proposed");
  const read = await kind.read(id, state);
  expect(read?.state).toMatchObject({ status: "unconfirmed" });
  expect((await kind.diff(id, read?.state ?? {}, inputs)).changes).toBe(true);
  await kind.update(id, read?.state ?? {}, inputs);
  expect((await room.document(id)).state).toBe("Accepted");
});

test("is gone after a refresh when nothing was written after all", async () => {
  const kind = (await hasty("contosso")).kind("DatasetDocument");
  const inputs = s3Dataset(newName());
  await kind.check(inputs);
  const { id, state } = await broken(kind, inputs, { kind: "no-answer", service: "governance", method: "PUT" });
  expect(await kind.read(id, state)).toBeUndefined();
});

test("can be deleted as it is", async () => {
  const kind = (await hasty("contosso")).kind("DatasetDocument");
  const inputs = s3Dataset(newName());
  await kind.check(inputs);
  const { id, state } = await broken(kind, inputs, silent("governance", "/vote_accept"));
  await expect(kind.delete(id, state)).resolves.toBeUndefined();
});

test("a draft, an approval and a secret are taken up in the same way", async () => {
  const process = await hasty("fabrikam");
  const drafts = process.kind("QueryDraft");
  const query = they.query(newName());
  await drafts.check(query);
  const path = `/userdocuments/${String(query.documentId)}`;
  const lost = [
    { kind: "lose-answer", service: "governance", method: "PUT", path },
    { kind: "no-answer", service: "governance", method: "GET", path, nth: 2 },
  ] as const;
  const draft = await broken(drafts, query, ...lost);
  expect(draft.id).toBe(query.documentId);
  expect(await drafts.update(draft.id, draft.state, query)).toMatchObject({ lastChangedBy: "this program" });

  const secrets = process.kind("ContractSecret");
  const secret = { name: newName(), value: "canary" };
  const set = await broken(secrets, secret, { kind: "lose-answer", service: "governance", method: "PUT" });
  expect(set.id).toMatch(new RegExp(`_${secret.name}$`));
  expect(set.message).not.toContain("canary");
  expect(await secrets.update(set.id, set.state, secret)).toMatchObject({ secretId: set.id });
});

test("a creation that was surely refused leaves nothing in the state", async () => {
  const kind = (await hasty("contosso")).kind("DatasetDocument");
  const inputs = azureDataset(newName());
  await kind.check(inputs);
  room.services.faults.add({
    kind: "answer",
    service: "frontend",
    method: "POST",
    answer: { status: 403, text: "no" },
  });
  const error: unknown = await kind.create(inputs).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(InitFailed);
});

test("a creation larger than an error can carry is made again by the next run, which finds it", async () => {
  const drafts = (await hasty("fabrikam")).kind("QueryDraft");
  const query = they.query(newName(), { segments: [{ sequence: 1, sql: `SELECT '${"x".repeat(700_000)}'` }] });
  await drafts.check(query);
  const path = `/userdocuments/${String(query.documentId)}`;
  room.services.faults.add({ kind: "lose-answer", service: "governance", method: "PUT", path });
  room.services.faults.add({ kind: "no-answer", service: "governance", method: "GET", path, nth: 2 });
  await expect(drafts.create(query)).rejects.toThrow(/Whether it was carried out is not known/);
  room.services.faults.clear();
  room.writes();
  await expect(drafts.create(query)).resolves.toMatchObject({ id: query.documentId });
  expect(room.writes()).toEqual([]);
});

test.each([
  [2_000, "a", true],
  [8_000, "a", true],
  [16_000, "語", false],
])(
  "a creation of %s times '%s' is kept where an error can carry it, and told in any case",
  async (times, text, kept) => {
    const drafts = (await hasty("fabrikam")).kind("QueryDraft");
    const query = they.query(newName(), { segments: [{ sequence: 1, sql: `SELECT '${text.repeat(times)}'` }] });
    await drafts.check(query);
    const path = `/userdocuments/${String(query.documentId)}`;
    room.services.faults.add({ kind: "lose-answer", service: "governance", method: "PUT", path });
    room.services.faults.add({ kind: "no-answer", service: "governance", method: "GET", path, nth: 2 });
    const error: unknown = await drafts.create(query).catch((thrown: unknown) => thrown);
    // Whichever request was last when the time was up: it is named, and no stream was reset over the error's size.
    expect(String(error)).toMatch(/(create draft|read document) 'unconfirmed-\d+': (PUT|GET) https:/);
    expect(error instanceof InitFailed).toBe(kept);
  },
);

test("an error longer than the engine takes is shortened, and says so", async () => {
  const drafts = (await hasty("fabrikam")).kind("QueryDraft");
  const documentId = newName();
  await they.draft(documentId);
  const lines = Array.from({ length: 20_000 }, (_, line) => `SELECT ${line};`).join("\n");
  const refused = drafts.create(they.query(documentId, { segments: [{ sequence: 1, sql: lines }] }));
  await expect(refused).rejects.toThrow(/exists as Draft, with a text[\s\S]*… \(\d+ more characters\)$/);
});
