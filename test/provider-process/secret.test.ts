// Governance secrets by the real provider process: set, found again, never shown.
import { cleanRoomHostData } from "../../sandbox/world";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import type { Kind, Properties, ProviderProcess } from "../helpers/provider-process";

const CANARY = "canary-9f2c";
let room: TestRoom;
let process: ProviderProcess;
let secrets: Kind;
let count = 0;

beforeAll(async () => {
  room = await startTestRoom();
  process = await room.provider("litware");
  secrets = process.kind("ContractSecret");
});
afterAll(() => room.end());

const secret = (change: Properties = {}): Properties => ({
  name: `connection-${(count += 1)}`,
  value: CANARY,
  ...change,
});
/** What an attested clean room would get. */
const asCleanRoom = (id: string): Buffer =>
  Buffer.from(room.services.governance.readSecretAsCleanRoom(id, cleanRoomHostData), "base64");

test("is set under its owner's name, and reaches the clean room as it was given", async () => {
  const { id, state } = await secrets.create(secret({ name: "members" }));
  expect(id).toBe(`${oid("litware")}_members`);
  expect(state.secretId).toBe(id);
  expect(asCleanRoom(id).toString("utf8")).toBe(CANARY);
});

test("hands bytes over that are given in base64", async () => {
  const key = Buffer.alloc(32, 200);
  const { id } = await secrets.create(secret({ value: key.toString("base64"), encoding: "base64" }));
  expect(asCleanRoom(id)).toEqual(key);
});

test("is in the outputs under its own key alone", async () => {
  const { state } = await secrets.create(secret());
  expect(state.value).toBe(CANARY);
  const others = { ...state, value: undefined };
  const encodings = [CANARY, Buffer.from(CANARY).toString("base64"), Buffer.from(CANARY).toString("hex")];
  for (const encoding of encodings) {
    expect(JSON.stringify(others)).not.toContain(encoding);
    expect(process.said()).not.toContain(encoding);
  }
});

test("shows in its fingerprint that the value changed, and keeps its id", async () => {
  const inputs = secret();
  const { id, state } = await secrets.create(inputs);
  const changed = { ...inputs, value: "another" };
  expect(await secrets.diff(id, state, changed)).toEqual({ changes: true, replaces: [] });
  const updated = await secrets.update(id, state, changed);
  expect(updated.secretId).toBe(id);
  expect(updated.fingerprint).not.toBe(state.fingerprint);
  expect(asCleanRoom(id).toString("utf8")).toBe("another");
  expect((await secrets.update(id, updated, inputs)).fingerprint).toBe(state.fingerprint);
});

test("shows in preview that its value changes, by the fingerprint, and no value", async () => {
  const inputs = secret();
  const { id, state } = await secrets.create(inputs);
  expect((await secrets.diff(id, state, { ...inputs, value: `${CANARY}-2` })).changes).toBe(true);
  await process.says(
    new RegExp(
      `Secret '${String(inputs.name)}': its value changes, fingerprint ${String(state.fingerprint)} to [0-9a-f]{16}\\.`,
    ),
  );
  expect(process.said()).not.toContain(CANARY);
});

test("tells nothing of equal values by their fingerprints", async () => {
  const [one, other] = await Promise.all([secrets.create(secret()), secrets.create(secret())]);
  expect(one.state.fingerprint).not.toBe(other.state.fingerprint);
});

test("shows nothing where nothing changed, before and after a refresh", async () => {
  const inputs = secret();
  const { id, state } = await secrets.create(inputs);
  expect((await secrets.diff(id, state, { ...inputs, collaboration: "cleanroom" })).changes).toBe(false);
  expect(await secrets.read(id, state)).toEqual({ state, inputs });
});

test("is replaced under another name", async () => {
  const inputs = secret();
  const { id, state } = await secrets.create(inputs);
  expect(await secrets.diff(id, state, { ...inputs, name: "other" })).toEqual({ changes: true, replaces: ["name"] });
});

test("is gone when governance does not list it", async () => {
  const { state } = await secrets.create(secret());
  expect(await secrets.read("gone", state)).toBeUndefined();
});

test("opens nothing any more once it is deleted", async () => {
  const { id, state } = await secrets.create(secret());
  await secrets.delete(id, state);
  expect(asCleanRoom(id).toString("utf8")).not.toContain(CANARY);
  await process.says(`Secret '${id}' stays in governance, where no secret can be deleted`);
});

test("is set through the frontend, where governance is not to be reached", async () => {
  const alone = (await room.provider("litware", { governanceUrl: undefined })).kind("ContractSecret");
  room.writes();
  const inputs = secret();
  const { id, state } = await alone.create(inputs);
  expect(room.writes()).toEqual([`frontend PUT ${frontendPath(inputs.name as string)}`]);
  expect(asCleanRoom(id).toString("utf8")).toBe(CANARY);
  expect(await alone.read(id, state)).toEqual({ state, inputs });
});

test.each([
  ["an empty value", { value: "" }, "value of secret 'x' is empty: give the secret's text."],
  ["a blank name", { name: "" }, "name is blank: give it a name."],
  [
    "a value that is not what its encoding says",
    { value: "no base64!", encoding: "base64" },
    "value of secret 'x' is no base64, as its encoding says: encode it, or leave encoding out.",
  ],
  ["an unknown encoding", { encoding: "hex" }, "encoding of secret 'x' is 'hex': use text or base64."],
  [
    "more than governance takes",
    { value: "a".repeat(19_201) },
    "value of secret 'x' has 25604 characters in base64: governance takes at most 25600.",
  ],
])("fails with %s, without showing it", async (_what, change, problem) => {
  expect(await secrets.check(secret({ name: "x", ...change }))).toEqual([problem]);
});

test("takes as much as governance takes", async () => {
  const inputs = secret({ value: "a".repeat(19_200) });
  expect(await secrets.check(inputs)).toEqual([]);
  await expect(secrets.create(inputs)).resolves.toBeDefined();
});

test("passes a value that is not known yet", async () => {
  expect(await secrets.check(secret({ value: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }))).toEqual([]);
});

describe("while no clean room policy is accepted", () => {
  let early: TestRoom;
  beforeAll(async () => (early = await startTestRoom({ withoutPolicy: true })));
  afterAll(() => early.end());

  test("fails before it is sent: whoever's policy came later could read it", async () => {
    const kind = (await early.provider("litware")).kind("ContractSecret");
    early.writes();
    await expect(kind.create(secret({ name: "x" }))).rejects.toThrow(
      "Secret 'x': contract 'analytics' has no accepted clean room policy, so no clean room could read it, and one accepted later would.",
    );
    expect(early.writes()).toEqual([]);
  });

  test("is set when the program says so", async () => {
    const kind = (await early.provider("litware")).kind("ContractSecret");
    await expect(kind.create(secret({ withoutPolicy: true }))).resolves.toBeDefined();
  });
});

function frontendPath(name: string): string {
  return `/collaborations/5b0c1a7e-0000-4000-8000-00000000c011/analytics/secrets/${name}`;
}
