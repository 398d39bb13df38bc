// Consent as a resource: given and taken back, waited for, and mended where somebody of ours changed it elsewhere.
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import type { Kind, ProviderProcess, Properties } from "../helpers/provider-process";
import { three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let process: ProviderProcess;
let consents: Kind;
let count = 0;
const newName = (): string => `sales-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  process = await room.provider("contosso");
  consents = process.kind("DocumentConsent");
});
afterAll(() => room.end());

const published = async (): Promise<string> =>
  (await process.kind("DatasetDocument").create(azureDataset(newName()))).id;
const status = async (id: string): Promise<unknown> =>
  ((await room.govern("contosso", "POST", `/userdocuments/${id}/checkstatus/execution`)).body as Properties).status;
const set = (who: "contosso" | "litware", id: string, how: "enable" | "disable"): Promise<unknown> =>
  room.govern(who, "POST", `/userdocuments/${id}/runtimeoptions/execution/${how}`);

test("is taken back and given again, and writes nothing where it stands", async () => {
  const documentId = await published();
  const { id, state } = await consents.create({ documentId, consent: "disabled" });
  expect(state).toMatchObject({ status: "ready", usable: false, disabledBy: [oid("contosso")] });
  expect(await status(documentId)).toBe("disabled");
  const enabled = { documentId, consent: "enabled" };
  expect(await consents.diff(id, state, enabled)).toEqual({ changes: true, replaces: [] });
  expect(await consents.update(id, state, enabled)).toMatchObject({ status: "ready", usable: true, disabledBy: [] });
  expect(await status(documentId)).toBe("enabled");
  room.writes();
  await consents.create(enabled);
  expect(room.writes()).toEqual([]);
});

test("is shown once, and mended, where it was changed elsewhere", async () => {
  const documentId = await published();
  const inputs = { documentId, consent: "disabled" };
  const { id, state } = await consents.create(inputs);
  await set("contosso", documentId, "enable");
  expect((await consents.diff(id, state, inputs)).changes).toBe(true);
  await process.says(`Document '${documentId}': our consent is enabled, not disabled.`);
  const read = await consents.read(id, state);
  expect(read?.state).toMatchObject({ observed: "enabled", consent: "disabled" });
  expect((await consents.diff(id, read?.state ?? {}, inputs)).changes).toBe(true);
  const mended = await consents.update(id, read?.state ?? {}, inputs);
  expect(await status(documentId)).toBe("disabled");
  expect((await consents.diff(id, mended, inputs)).changes).toBe(false);
});

test("is ours alone: another approver's is shown, and not touched", async () => {
  const { draft, digest } = await they.proposed("shared-query");
  for (const who of ["contosso", "litware"] as const) {
    await they.kind(who, "QueryApproval").create({ documentId: draft.id, digest });
  }
  await set("litware", draft.id, "disable");
  room.writes();
  const { id, state } = await consents.create({ documentId: draft.id, consent: "enabled" });
  expect(state).toMatchObject({ status: "ready", usable: false, disabledBy: [oid("litware")] });
  expect(room.writes()).toEqual([]);
  expect((await consents.diff(id, state, { documentId: draft.id, consent: "enabled" })).changes).toBe(false);
});

test("waits for the document to be accepted, and is given then", async () => {
  const documentId = newName();
  const inputs = { documentId, consent: "disabled" };
  const { id, state } = await consents.create(inputs);
  expect(state).toMatchObject({
    status: "waiting",
    reason: "the document is not accepted yet: only then is there a consent to give",
    disabledBy: [],
  });
  await process.kind("DatasetDocument").create(azureDataset("late", { chosenId: documentId }));
  expect((await consents.diff(id, state, inputs)).changes).toBe(true);
  expect(await consents.update(id, state, inputs)).toMatchObject({ status: "ready", since: "" });
  expect(await status(documentId)).toBe("disabled");
});

test.each([
  [undefined, "disabled"],
  ["disable", "disabled"],
  ["enable", "enabled"],
])("is left, when deleted with onDelete %s, as %s, and that is said", async (onDelete, expected) => {
  const documentId = await published();
  const { id, state } = await consents.create({ documentId, consent: "disabled", onDelete });
  await consents.delete(id, state);
  expect(await status(documentId)).toBe(expected);
  await process.says(`Document '${documentId}' stays, and our consent to its use is ${expected}.`);
});

test("works through the frontend alone", async () => {
  const alone = (await room.provider("contosso", { governanceUrl: undefined })).kind("DocumentConsent");
  const documentId = await published();
  const inputs = { documentId, consent: "disabled" };
  const { id, state } = await alone.create(inputs);
  expect(await status(documentId)).toBe("disabled");
  expect((await alone.diff(id, state, inputs)).changes).toBe(false);
  expect((await alone.create({ documentId: newName(), consent: "enabled" })).state.status).toBe("waiting");
});

test("fails for one who is no approver, and says who is signed in", async () => {
  const documentId = await published();
  const theirs = they.kind("litware", "DocumentConsent").create({ documentId, consent: "disabled" });
  await expect(theirs).rejects.toThrow(
    `Document '${documentId}': ${oid("litware")} is not among its approvers, so it has no consent to give.`,
  );
});

test("fails with each input that is none", async () => {
  expect(await consents.check({ documentId: " ", consent: "on", onDelete: "forget", waitSeconds: -1 })).toEqual([
    "documentId is blank: give it a name.",
    "consent is 'on': use enabled or disabled.",
    "onDelete is 'forget': use one of leave, disable, enable.",
    "waitSeconds is '-1': give whole seconds from 0 to 86400.",
  ]);
});
