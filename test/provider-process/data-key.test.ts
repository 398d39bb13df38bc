// Data encryption keys by the real provider process, in a vault that the real clients and sign-in work with.
import type { KeyClient } from "@azure/keyvault-keys";
import type { SecretClient } from "@azure/keyvault-secrets";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import {
  seen,
  startProviderProcess,
  type Kind,
  type Properties,
  type ProviderProcess,
} from "../helpers/provider-process";
import { OFFICERS, releasePolicy as policy, startTestVault, type TestVault } from "../helpers/vault";

let room: TestRoom;
let vault: TestVault;
let vaultUrl: string;
let process: ProviderProcess;
let keys: Kind;
let keyClient: KeyClient;
let secretClient: SecretClient;
let count = 0;

beforeAll(async () => {
  room = await startTestRoom();
  vault = await startTestVault(room);
  ({ url: vaultUrl, keys: keyClient, secrets: secretClient } = vault);
  process = await startProviderProcess(await room.config("contosso"), vault.env);
  keys = process.kind("DataKey");
});
afterAll(async () => {
  await process.end();
  await vault.end();
  await room.end();
});

/** A KEK as ARM makes it, and the inputs of a DEK under it. */
async function kek(exportable = true): Promise<Properties & { keyName: string }> {
  const keyName = `sales-${(count += 1)}-kek`;
  await vault.makeKey(keyName, exportable);
  return {
    vaultUrl,
    keyName,
    releasePolicy: policy("ab"),
    secretName: `${keyName}-dek`,
    wrappedSecretName: `wrapped-${keyName}-dek`,
  };
}
const secret = async (name: unknown): Promise<string> => (await secretClient.getSecret(name as string)).value ?? "";

test("is 32 random bytes, and the same wrapped by the KEK, in two secrets", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  expect(id).toBe(`${vaultUrl}secrets/${String(inputs.wrappedSecretName)}`);
  const dek = Buffer.from(await secret(inputs.secretName), "base64");
  const wrapped = Buffer.from(await secret(inputs.wrappedSecretName), "base64");
  expect(dek).toHaveLength(32);
  expect(wrapped).toHaveLength(256);
  expect(state.kekId).toBe((await keyClient.getKey(inputs.keyName)).id);
});

test("has nothing of its bytes in the state or on the screen", async () => {
  const inputs = await kek();
  const { state } = await keys.create(inputs);
  const dek = Buffer.from(await secret(inputs.secretName), "base64");
  for (const encoding of ["base64", "base64url", "hex"] as const) {
    expect(JSON.stringify(state)).not.toContain(dek.toString(encoding));
    expect(process.said()).not.toContain(dek.toString(encoding));
  }
});

test("a second time is the same, and writes nothing", async () => {
  const inputs = await kek();
  const first = await keys.create(inputs);
  const before = (await secretClient.getSecret(inputs.wrappedSecretName as string)).properties.version;
  expect(seen(await keys.create(inputs))).toEqual(seen(first));
  expect((await secretClient.getSecret(inputs.wrappedSecretName as string)).properties.version).toBe(before);
  expect(await keys.diff(first.id, first.state, inputs)).toEqual({ changes: false, replaces: [] });
  expect(await keys.read(first.id, first.state)).toEqual({ state: first.state, inputs });
});

test("a changed release policy reaches the key that is there", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  const changed = { ...inputs, releasePolicy: policy("cd") };
  expect(await keys.diff(id, state, changed)).toEqual({ changes: true, replaces: [] });
  const updated = await keys.update(id, state, changed);
  expect(updated.fingerprint).toBe(state.fingerprint);
  const { releasePolicy } = (await keyClient.getKey(inputs.keyName)).properties;
  expect(JSON.parse(Buffer.from(releasePolicy?.encodedPolicy ?? []).toString("utf8"))).toEqual(policy("cd"));
});

test("a KEK that was renewed wraps the same bytes anew", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  const dek = await secret(inputs.secretName);
  const before = await secret(inputs.wrappedSecretName);
  await keyClient.createRsaKey(inputs.keyName, {
    hsm: true,
    exportable: true,
    releasePolicy: { encodedPolicy: Buffer.from(JSON.stringify(policy("ab"))) },
  });
  const renewed = await keys.update(id, state, inputs);
  expect(renewed.fingerprint).toBe(state.fingerprint);
  expect(renewed.kekId).not.toBe(state.kekId);
  expect(await secret(inputs.secretName)).toBe(dek);
  expect(await secret(inputs.wrappedSecretName)).not.toBe(before);
});

describe("what was changed elsewhere is shown, and mended:", () => {
  const shown = async (id: string, state: Properties, inputs: Properties, words: string): Promise<void> => {
    expect(await keys.diff(id, state, inputs)).toEqual({ changes: true, replaces: [] });
    await process.says(words);
    const mended = await keys.update(id, state, inputs);
    expect((await keys.diff(id, mended, inputs)).changes).toBe(false);
  };

  test("a release policy, which says who may have the key", async () => {
    const inputs = await kek();
    const { id, state } = await keys.create(inputs);
    await keys.update(id, state, { ...inputs, releasePolicy: policy("ef") });
    await shown(id, state, inputs, "is released under another policy than this program's");
  });

  test("a KEK that was rotated", async () => {
    const inputs = await kek();
    const { id, state } = await keys.create(inputs);
    const encodedPolicy = Buffer.from(JSON.stringify(policy("ab")));
    await keyClient.createRsaKey(inputs.keyName, { hsm: true, exportable: true, releasePolicy: { encodedPolicy } });
    await shown(id, state, inputs, "was rotated, so the clean room can't unwrap it");
  });

  test("another key wrapped in its place", async () => {
    const inputs = await kek();
    const { id, state } = await keys.create(inputs);
    const { properties } = await secretClient.getSecret(inputs.wrappedSecretName as string);
    const tags = { ...properties.tags, dek: "0123456789abcdef" };
    await secretClient.setSecret(inputs.wrappedSecretName as string, "foreign", { tags });
    await shown(id, state, inputs, "another key than ours was wrapped in its place");
  });
});

test("stays the one that is wrapped when its secret is given another one later", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  const [dek, wrapped] = [await secret(inputs.secretName), await secret(inputs.wrappedSecretName)];
  await secretClient.setSecret(inputs.secretName as string, Buffer.alloc(32, 7).toString("base64"));
  expect(await keys.diff(id, state, inputs)).toEqual({ changes: true, replaces: [] });
  await process.says("was given another key than the data was encrypted with");
  expect(await keys.update(id, state, inputs)).toMatchObject({ fingerprint: state.fingerprint });
  expect([await secret(inputs.secretName), await secret(inputs.wrappedSecretName)]).toEqual([dek, wrapped]);
  expect((await keys.diff(id, state, inputs)).changes).toBe(false);
  await secretClient.setSecret(inputs.secretName as string, Buffer.alloc(32, 8).toString("base64"));
  expect((await keys.create(inputs)).state.fingerprint).toBe(state.fingerprint);
});

test("fails where no version of its secret is the one that data is encrypted with, and wraps nothing", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  const wrapped = await secret(inputs.wrappedSecretName);
  const another = { ...state, fingerprint: "0123456789abcdef" };
  const expected = `Secret '${String(inputs.secretName)}' has no version with the key (0123456789abcdef)`;
  await expect(keys.update(id, another, inputs)).rejects.toThrow(expected);
  expect(await secret(inputs.wrappedSecretName)).toBe(wrapped);
});

test("is gone when the clean room's copy of it is", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  await (
    await secretClient.beginDeleteSecret(inputs.wrappedSecretName as string, { intervalInMs: 10 })
  ).pollUntilDone();
  expect(await keys.read(id, state)).toBeUndefined();
});

test("is gone with its KEK", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  await (await keyClient.beginDeleteKey(inputs.keyName, { intervalInMs: 10 })).pollUntilDone();
  expect(await keys.read(id, state)).toBeUndefined();
  await expect(keys.update(id, state, inputs)).rejects.toThrow(`Key '${inputs.keyName}' is not in the vault`);
});

test("stays in the vault when it is deleted, since data would be lost without it", async () => {
  const inputs = await kek();
  const { id, state } = await keys.create(inputs);
  await keys.delete(id, state);
  expect(await secret(inputs.secretName)).not.toBe("");
  await process.says(`Secrets '${String(inputs.secretName)}' and '${String(inputs.wrappedSecretName)}' stay`);
});

test("waits for a role that has not spread yet", async () => {
  const inputs = await kek();
  vault.grant([]);
  const creating = keys.create(inputs);
  await new Promise((resolve) => setTimeout(resolve, 700));
  vault.grant(OFFICERS);
  await expect(creating).resolves.toBeDefined();
});

test.each([
  "Client address is not authorized and caller is not a trusted service.",
  "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
])("fails at once where the vault's firewall keeps us out: %s", async (message) => {
  const inputs = await kek();
  const text = JSON.stringify({ error: { code: "Forbidden", message } });
  room.faults.add({ kind: "answer", service: "vault contosso-kv", answer: { status: 403, text } });
  const began = Date.now();
  await expect(keys.create(inputs)).rejects.toThrow("add its public address to allowedAddresses");
  room.faults.clear();
  expect(Date.now() - began).toBeLessThan(5_000);
});

test("fails under a KEK that can't be released", async () => {
  await expect(keys.create(await kek(false))).rejects.toThrow(
    "is not exportable, so no clean room could ever get it. Use another key name",
  );
});

test("fails where another secret has its name, and shows nothing of it", async () => {
  const inputs = await kek();
  await secretClient.setSecret(inputs.secretName as string, "canary");
  const refused = await keys.create(inputs).then(() => "", String);
  expect(refused).toContain(`Secret '${String(inputs.secretName)}' exists and is no key of 32 bytes`);
  expect(refused).not.toContain("canary");
});

test.each([
  [
    "a name that a vault can't hold",
    { secretName: "sales_dek" },
    "secretName is 'sales_dek': a vault's names hold 1 to 127 letters, digits and hyphens.",
  ],
  [
    "a release policy that anybody's word fulfils",
    { releasePolicy: { version: "1.0.0", anyOf: [{ authority: "", allOf: [{ claim: "a", equals: "b" }] }] } },
    "releasePolicy has a branch without authority or without claims, so that anybody's word would release the key. Make it from the clean room's details.",
  ],
  [
    "a release policy without claims",
    { releasePolicy: { version: "1.0.0", anyOf: [{ authority: "https://attest.example", allOf: [] }] } },
    "releasePolicy has a branch without authority or without claims, so that anybody's word would release the key. Make it from the clean room's details.",
  ],
  [
    "a release policy without branches",
    { releasePolicy: { version: "1.0.0", anyOf: [] } },
    "releasePolicy has no branch (anyOf): the key could never be released. Make it from the clean room's details.",
  ],
])("fails with %s", async (_what, change, problem) => {
  expect(await keys.check({ ...(await kek()), ...change })).toEqual([problem]);
});

test("passes with everything not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const names = ["vaultUrl", "keyName", "releasePolicy", "secretName", "wrappedSecretName"];
  expect(await keys.check(Object.fromEntries(names.map((name) => [name, unknown])))).toEqual([]);
});
