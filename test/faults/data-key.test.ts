// A data encryption key whose making is broken off anywhere is made once: data may be encrypted with it already, and
// another key would not open them.
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { account } from "../helpers/account";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startProviderProcess, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { NIGHTLY, SEED } from "../helpers/seed";
import { releasePolicy, startTestVault, type TestVault } from "../helpers/vault";
import { FAULTS, type MatrixFault } from "./faults";

const MINUTES = 60_000;
const VAULT = "vault contosso-kv";

let room: TestRoom;
let vault: TestVault;
let healthy: ProviderProcess;
let count = 0;

beforeAll(async () => {
  room = await startTestRoom({ seed: SEED });
  vault = await startTestVault(room);
  healthy = await start();
}, MINUTES);
afterEach(() => room.faults.clear());
afterAll(async () => {
  await healthy.end();
  await vault.end();
  await room.end();
});

const start = async (change: Readonly<Record<string, string>> = {}): Promise<ProviderProcess> =>
  startProviderProcess(await room.config("contosso", change), vault.env);

/** A KEK as ARM makes it, with another policy than is wanted, and the inputs of a DEK under it. */
async function inputs(): Promise<Properties & { secretName: string; wrappedSecretName: string }> {
  const keyName = `faulty-${(count += 1)}-kek`;
  await vault.makeKey(keyName);
  const names = { secretName: `${keyName}-dek`, wrappedSecretName: `wrapped-${keyName}-dek` };
  return { vaultUrl: vault.url, keyName, releasePolicy: releasePolicy("cd"), ...names };
}

const requestsToVault = (): number => room.requests.filter((request) => request.startsWith(VAULT)).length;

async function learn(): Promise<number> {
  const given = await inputs();
  const provider = await start();
  const before = requestsToVault();
  await provider.kind("DataKey").create(given);
  await provider.end();
  return requestsToVault() - before;
}

async function versionsOf(name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { version } of vault.secrets.listPropertiesOfSecretVersions(name)) {
    if (version !== undefined) found.push((await vault.secrets.getSecret(name, { version })).value ?? "");
  }
  return found;
}

/** What does not hold after the fault is healed; nothing when all is well. */
async function broken(fault: MatrixFault, nth: number): Promise<readonly string[]> {
  const given = await inputs();
  // A role that the vault does not see yet is waited for, else, up to ten minutes.
  const provider = await start({ requestSeconds: "3", deadlineSeconds: "6" });
  const began = Date.now();
  room.faults.add({ ...fault.rule(nth, SEED), service: VAULT } as Parameters<typeof room.faults.add>[0], () => {
    if (fault.kills === true) provider.kill();
  });
  await provider
    .kind("DataKey")
    .create(given)
    .catch((error: Error) => error);
  room.faults.clear();
  await provider.end();
  const keys = healthy.kind("DataKey");
  const { id, state } = await keys.create(given);
  const { value: dek = "" } = await vault.secrets.getSecret(given.secretName);
  if (fault.late !== undefined) await sleep(Math.max(0, began + fault.late + 2_000 - Date.now()));
  const problems: string[] = [];
  const print = createHmac("sha256", Buffer.from(dek, "base64")).update("data encryption key").digest("hex");
  if (!print.startsWith(String(state.fingerprint))) problems.push("the fingerprint is of another key");
  const wrapped = await vault.secrets.getSecret(given.wrappedSecretName);
  if (wrapped.properties.tags?.dek !== state.fingerprint) problems.push("another key is wrapped");
  // What is sent again because its answer was lost is set twice, and is the same.
  const different = new Set(await versionsOf(given.secretName)).size;
  if (different !== 1 && fault.late === undefined) problems.push(`${different} keys were made`);
  const before = (await versionsOf(given.wrappedSecretName)).length;
  await keys.update(id, state, given);
  if ((await versionsOf(given.wrappedSecretName)).length !== before) problems.push("a second run wraps anew");
  // A run that was thought to be over may have set its own key late: what was in use is current again.
  const { value: now } = await vault.secrets.getSecret(given.secretName);
  if (now !== dek) problems.push("the key is another one now");
  if ((await keys.diff(id, state, given)).changes) problems.push("a third run would write");
  return problems.map((problem) => `${fault.name}, at request ${nth}: ${problem}`);
}

test(
  "after every fault of the vault there is one key, and its wrapped form is of that key",
  async () => {
    const requests = await learn();
    expect(requests).toBeGreaterThan(4);
    // The vault does not die with the clean room's services: it is Azure's.
    const all = FAULTS.filter(({ at, name }) => at === "request" && !name.includes("dies"));
    const faults = all.filter(({ kills }, index) => NIGHTLY || kills === true || index % 4 === SEED % 4);
    const cells = faults.flatMap((fault, index) =>
      Array.from({ length: requests }, (_, each) => [fault, each + 1] as const).filter(
        ([, nth]) => NIGHTLY || (nth + index + SEED) % requests === 0,
      ),
    );
    const problems: string[] = [];
    for (const [fault, nth] of cells) problems.push(...(await broken(fault, nth)));
    account("cells of a data key's making", cells.length);
    expect(problems).toEqual([]);
  },
  30 * MINUTES,
);
