// Who may have a key released, as a colleague reads it in a preview, and as the vault has it after an `up`.
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startProviderProcess, type Kind, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { releasePolicy, startTestVault, type TestVault } from "../helpers/vault";

const [OLD, NEW] = ["0d".repeat(32), "4e".repeat(32)];

let room: TestRoom;
let vault: TestVault;
let process: ProviderProcess;
let keys: Kind;
let count = 0;

beforeAll(async () => {
  room = await startTestRoom();
  vault = await startTestVault(room);
  process = await startProviderProcess(await room.config("contosso"), vault.env);
  keys = process.kind("DataKey");
});
afterAll(async () => {
  await process.end();
  await vault.end();
  await room.end();
});

const both = (): Properties => ({
  version: "1.0.0",
  anyOf: [NEW, OLD].flatMap((each) => releasePolicy(each).anyOf as unknown[]),
});

async function released(hostData = OLD, immutable = false): Promise<Properties & { readonly keyName: string }> {
  const keyName = `policy-${(count += 1)}-kek`;
  const encodedPolicy = Buffer.from(JSON.stringify(releasePolicy(hostData)));
  await vault.keys.createRsaKey(keyName, {
    hsm: true,
    exportable: true,
    releasePolicy: { encodedPolicy, immutable },
    keyOps: ["encrypt", "wrapKey"],
  });
  const names = { secretName: `${keyName}-dek`, wrappedSecretName: `wrapped-${keyName}-dek` };
  return { vaultUrl: vault.url, keyName, releasePolicy: releasePolicy(hostData), ...names };
}

async function policyOf(keyName: string): Promise<unknown> {
  const { properties } = await vault.keys.getKey(keyName);
  return JSON.parse(Buffer.from(properties.releasePolicy?.encodedPolicy ?? []).toString("utf8"));
}

test("old and new clean room have the key side by side, then the new one alone, and each preview says so", async () => {
  const inputs = await released();
  const { id, state } = await keys.create(inputs);

  const sideBySide = { ...inputs, releasePolicy: both() };
  expect(await keys.diff(id, state, sideBySide)).toEqual({ changes: true, replaces: [] });
  await process.says(`Clean room 4e4e4e4e4e4e… may release key '${inputs.keyName}' from now on.`);
  const between = await keys.update(id, state, sideBySide);
  expect(await policyOf(inputs.keyName)).toEqual(both());
  expect(between.fingerprint).toBe(state.fingerprint);

  const newAlone = { ...inputs, releasePolicy: releasePolicy(NEW) };
  expect(await keys.diff(id, between, newAlone)).toEqual({ changes: true, replaces: [] });
  await process.says(`Clean room 0d0d0d0d0d0d… may not release key '${inputs.keyName}' any longer.`);
  await keys.update(id, between, newAlone);
  expect(await policyOf(inputs.keyName)).toEqual(releasePolicy(NEW));
});

test("a policy that was changed in the vault is told by what it means", async () => {
  const inputs = await released();
  const { id, state } = await keys.create(inputs);
  await keys.update(id, state, { ...inputs, releasePolicy: both() });
  expect(await keys.diff(id, state, inputs)).toEqual({ changes: true, replaces: [] });
  await process.says(`Clean room 4e4e4e4e4e4e… may not release key '${inputs.keyName}' any longer.`);
});

test("fails in preview where the policy was marked immutable, and says how another key is made", async () => {
  const inputs = await released(OLD, true);
  const { id, state } = await keys.create(inputs);
  const refusal = `The release policy of key '${inputs.keyName}' was marked immutable in the vault: nobody can change it. Make another key: give the argument kekRotation`;
  const changed = { ...inputs, releasePolicy: both() };
  await expect(keys.diff(id, state, changed)).rejects.toThrow(refusal);
  await expect(keys.update(id, state, changed)).rejects.toThrow(refusal);
  expect(await keys.diff(id, state, inputs)).toEqual({ changes: false, replaces: [] });
});

test("a rotation says what is wrapped anew, and what is encrypted anew", async () => {
  const inputs = await released();
  const { id, state } = await keys.create(inputs);
  const { keyName } = await released();
  const another = { ...inputs, keyName, wrappedSecretName: `wrapped-${inputs.secretName as string}-2` };
  expect((await keys.diff(id, state, another)).replaces).toEqual(["keyName", "wrappedSecretName"]);
  await process.says(`Data key '${inputs.secretName as string}' stays, and is wrapped anew with key '${keyName}'.`);
  await keys.diff(id, state, { ...another, secretName: `${keyName}-dek` });
  await process.says(`Data key '${keyName}-dek' takes the place of '${inputs.secretName as string}'`);
});

test("a key that another was put in place of is shown, before anything is encrypted with it", async () => {
  const inputs = await released();
  const { id, state } = await keys.create(inputs);
  const name = inputs.secretName as string;
  const { value = "" } = await vault.secrets.getSecret(name);
  await vault.secrets.setSecret(name, Buffer.alloc(32, 7).toString("base64"));
  expect((await keys.diff(id, state, inputs)).changes).toBe(true);
  await process.says(`secret '${name}' was given another key than the data was encrypted with`);
  await vault.secrets.setSecret(name, value);
  expect((await keys.diff(id, state, inputs)).changes).toBe(false);
});

test("fails where the key is gone and its wrapped form is not: another would not open the data", async () => {
  const inputs = await released();
  const { id, state } = await keys.create(inputs);
  const name = inputs.secretName as string;
  await (await vault.secrets.beginDeleteSecret(name, { intervalInMs: 10 })).pollUntilDone();
  expect((await keys.diff(id, state, inputs)).changes).toBe(true);
  await process.says("it is not in the vault any more");
  await expect(keys.update(id, state, inputs)).rejects.toThrow(
    `Secret '${name}' with the key (${String(state.fingerprint)}) that data is encrypted with, is not in the vault any more`,
  );
  await expect(keys.create(inputs)).rejects.toThrow("az keyvault secret recover --id");
});
