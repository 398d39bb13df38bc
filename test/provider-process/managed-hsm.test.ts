// Keys and local roles of a Managed HSM by the real provider process, seen by the real client of keys.
import { randomUUID } from "node:crypto";
import { collaborator } from "../../sandbox/world";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startTestHsm, type TestHsm } from "../helpers/hsm";
import { startProviderProcess, type Kind, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { expectUnknownsPass } from "../helpers/unknown-values";
import { releasePolicy, startTestVault, type TestVault } from "../helpers/vault";

const { userOid } = collaborator("contosso");

let room: TestRoom;
let vault: TestVault;
let hsm: TestHsm;
let process: ProviderProcess;
let keys: Kind;
let roles: Kind;
let count = 0;

const role = (change: Properties = {}): Properties => ({
  hsmUrl: hsm.url,
  name: randomUUID(),
  scope: "/keys",
  role: "Managed HSM Crypto User",
  principalId: userOid,
  ...change,
});
const key = (): Properties & { readonly keyName: string } => ({
  hsmUrl: hsm.url,
  keyName: `hsm-${(count += 1)}-kek`,
  keySize: 3072,
  releasePolicy: releasePolicy("ab"),
});

beforeAll(async () => {
  room = await startTestRoom();
  vault = await startTestVault(room);
  hsm = await startTestHsm(room);
  process = await startProviderProcess(await room.config("contosso", { deadlineSeconds: "8" }), vault.env);
  keys = process.kind("HsmKey");
  roles = process.kind("HsmRoleAssignment");
});
afterAll(async () => {
  await process.end();
  await hsm.end();
  await vault.end();
  await room.end();
});

test("fails without a local role, which the HSM's own administrator must give, and says which", async () => {
  await expect(keys.create(key())).rejects.toThrow(
    /answered 403: .*local roles that allow it: Managed HSM Crypto User[\s\S]*an administrator of the HSM gives them/,
  );
});

describe("with the role for keys", () => {
  let given: { id: string; state: Properties };
  beforeAll(async () => {
    given = await roles.create(role());
  });

  test("a role is found again, and is gone when it is deleted", async () => {
    const inputs = role({
      scope: "/keys/one",
      role: "Managed HSM Crypto Service Release User",
      principalId: randomUUID(),
    });
    const { id } = await roles.create(inputs);
    const { id: again, state } = await roles.create(inputs);
    expect(again).toBe(id);
    expect((await roles.read(id, state))?.state.assignee).toBe(inputs.principalId);
    expect((await roles.diff(id, state, { ...inputs, scope: "/keys/two" })).replaces).toEqual(["scope"]);
    await roles.delete(id, state);
    expect(await roles.read(id, state)).toBeUndefined();
    await roles.delete(id, state);
  });

  test("a role that somebody gave under another name is left as it is", async () => {
    const inputs = role();
    const { id, state } = await roles.create(inputs);
    await process.says("Role 'Managed HSM Crypto User' on /keys is given already, under another name");
    await roles.delete(id, state);
    expect(await roles.read(given.id, given.state)).toBeDefined();
  });

  test("a key is made in hardware, exportable under its policy alone, and once", async () => {
    const inputs = key();
    const { id, state } = await keys.create(inputs);
    const made = await hsm.keys().getKey(inputs.keyName);
    expect(made).toMatchObject({ keyType: "RSA-HSM", keyOperations: ["encrypt", "wrapKey"], id: state.kid });
    expect(made.properties).toMatchObject({ exportable: true, enabled: true });
    expect(JSON.parse(Buffer.from(made.properties.releasePolicy?.encodedPolicy ?? []).toString("utf8"))).toEqual(
      inputs.releasePolicy,
    );
    expect((await keys.create(inputs)).state.kid).toBe(state.kid);
    expect(await keys.diff(id, state, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("a key that was deleted comes back as it was, for what it wrapped can be opened by nothing else", async () => {
    const inputs = key();
    const { id, state } = await keys.create(inputs);
    await keys.delete(id, state);
    await process.says(`Key '${inputs.keyName}' is deleted; the HSM keeps it for a while`);
    expect(await keys.read(id, state)).toBeUndefined();
    await expect(keys.create(inputs)).rejects.toThrow(
      /recover deleted key '.*answered 403: .*Managed HSM Crypto Officer/,
    );
    await hsm.giveRole("515eb02d-2335-4d2d-92f2-b1cbdf9c3778", userOid);
    expect((await keys.create(inputs)).state.kid).toBe(state.kid);
  });

  test("fails where another size is wanted of a key that is there", async () => {
    const inputs = key();
    const { id, state } = await keys.create(inputs);
    const refusal = `Key '${inputs.keyName}' is there with other size or last day`;
    await expect(keys.diff(id, state, { ...inputs, keySize: 4096 })).rejects.toThrow(refusal);
    await expect(keys.update(id, state, { ...inputs, keySize: 4096 })).rejects.toThrow(refusal);
  });

  test("a DEK is wrapped by the HSM's key, its secrets are in the vault, and its policy follows the clean room", async () => {
    const inputs = key();
    await keys.create(inputs);
    const dek = {
      vaultUrl: vault.url,
      hsmUrl: hsm.url,
      keyName: inputs.keyName,
      releasePolicy: releasePolicy("cd"),
      secretName: `${inputs.keyName}-dek`,
      wrappedSecretName: `wrapped-${inputs.keyName}-dek`,
    };
    const data = process.kind("DataKey");
    const { id, state } = await data.create(dek);
    const { properties } = await hsm.keys().getKey(inputs.keyName);
    expect(Buffer.from(properties.releasePolicy?.encodedPolicy ?? []).toString("utf8")).toContain('"cd"');
    expect((await vault.secrets.getSecret(dek.wrappedSecretName)).properties.tags?.dek).toBe(state.fingerprint);
    expect(await data.diff(id, state, dek)).toEqual({ changes: false, replaces: [] });
    expect((await data.read(id, state))?.state.kekId).toBe(state.kekId);
  });
});

test.each([
  ["a name that is no GUID", { name: "sales" }, "name is 'sales': a role assignment's name is a GUID"],
  ["a scope that there is not", { scope: "/secrets" }, "scope is '/secrets': give /keys, or /keys/<name>"],
  [
    "a role that we don't give",
    { role: "Managed HSM Administrator" },
    "role is 'Managed HSM Administrator': use one of",
  ],
])("fails with %s", async (_what, change, problem) => {
  expect((await roles.check(role(change))).join()).toContain(problem);
});

describe("as of every kind,", () => {
  test("values that are not known yet pass check and diff", async () => {
    for (const [kind, given] of [
      [keys, key()],
      [roles, role({ principalId: randomUUID() })],
    ] as const) {
      const { id, state } = await kind.create(given);
      await expectUnknownsPass(kind, given, id, state);
    }
  });

  test.each([401, 403, 500])("a read that is answered %d is an error, never taken for gone", async (status) => {
    const made = [await keys.create(key()), await roles.create(role({ principalId: randomUUID() }))] as const;
    room.services.faults.add({ kind: "answer", answer: { status, text: "{}" } });
    const reads = await Promise.allSettled([
      keys.read(made[0].id, made[0].state),
      roles.read(made[1].id, made[1].state),
    ]);
    room.services.faults.clear();
    expect(reads.map((each) => each.status)).toEqual(["rejected", "rejected"]);
  });
});
