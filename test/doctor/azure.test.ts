// What the doctor says of Azure, with one thing wrong at a time: the real sign-in and Azure Resource Manager's own routes,
// over what the sandbox's clouds hold.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { checkAzure } from "../../cli/doctor/azure";
import type { Found } from "../../cli/doctor/check";
import { assumedNeeds } from "../../cli/doctor/needs";
import { startSandbox, type Sandbox } from "../../sandbox";
import { TestProvider } from "../../sandbox/clouds/testing";
import { TestAzure } from "../../sandbox/clouds/testing/azure";
import { account, cases, me, planned, SCOPE, whole, type Change } from "./azure-cases";

let dir: string;
let sandbox: Sandbox;
let azure: TestAzure;
let clients: ResourceProviderClient[];
const VARIABLES = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_TOKEN_CREDENTIALS"] as const;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "doctor-azure-"));
  sandbox = await startSandbox({ dir });
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(dir, "ca.pem"), "utf8")]);
  const env = await sandbox.env("contosso");
  for (const name of VARIABLES) process.env[name] = env[name];
  const port = /azure-native:(\d+)/.exec(env.PULUMI_DEBUG_PROVIDERS ?? "")?.[1] ?? "";
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  clients = [client];
  azure = new TestAzure(new TestProvider(client));
});
afterAll(async () => {
  clients.forEach((each) => each.close());
  for (const name of VARIABLES) delete process.env[name];
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

async function examined({ needs = whole, config = {}, env = {}, governs = me }: Change = {}): Promise<
  readonly Found[]
> {
  const resourceManagerUrl = sandbox.addresses["resource manager"] ?? "";
  return checkAzure({ stack: "dev", needs, config: (key) => config[key], env, resourceManagerUrl, governs });
}

const WHOLE = [
  "sign-in",
  "same person",
  "subscription",
  "rights",
  "resource providers",
  "region",
  "storage SKU",
  "quota",
  "names",
];

test("a subscription that is as it should be has no remedy anywhere", async () => {
  const found = await examined();
  expect(found.map(({ what, result, remedy }) => [what, result, remedy])).toEqual(
    WHOLE.map((what) => [what, "ok", null]),
  );
  expect(found.find(({ what }) => what === "names")?.found).toBe("free: newaccount1, new-vault");
});

test("without a preview, all that the components create is looked at, and the names are not known", async () => {
  const found = await examined({
    needs: assumedNeeds({ azure: true, aws: false }),
    config: { "azure-native:location": "westeurope" },
  });
  expect(found.filter(({ result }) => result !== "ok")).toEqual([
    expect.objectContaining({ what: "names", result: "unchecked", found: "no preview says which they are" }),
  ]);
  expect(found.find(({ what }) => what === "rights")?.found).toBe(`on ${SCOPE}, all 25 actions`);
});

test("a stack without anything in Azure is asked nothing there", async () => {
  expect(await examined({ needs: planned(["command:local:Command", {}]) })).toEqual([]);
});

test.each(cases)("tells of $title, and what mends it", async ({ rule, change, lines, found, remedy }) => {
  const fault = rule && sandbox.faults.add(rule);
  const all = await examined(change);
  if (fault !== undefined) sandbox.faults.clear(fault);
  const wrong = all.filter(({ result }) => result !== "ok");
  expect(wrong.map(({ what, result }) => `${what}: ${result}`)).toEqual(lines);
  expect(wrong[0]?.found).toMatch(found);
  expect(wrong[0]?.remedy).toMatch(remedy);
});

test("tells of names that are taken or kept by a deleted vault, and of resource groups that are there", async () => {
  const group = await azure.group("there");
  const name = String(group.outputs.name);
  const taken = String((await azure.account(group)).outputs.name);
  const inUse = String((await azure.vault(group, "in-use")).outputs.name);
  const deleted = await azure.vault(group, "deleted");
  await azure.provider.delete(deleted);
  const inGroup = { resourceGroupName: name };
  const needs = planned(
    account({ ...inGroup, accountName: taken }),
    ["azure-native:keyvault:Vault", { ...inGroup, vaultName: inUse, location: "westeurope" }],
    ["azure-native:keyvault:Vault", { ...inGroup, vaultName: String(deleted.outputs.name), location: "westeurope" }],
    // One that the stack has already keeps its name.
    ["azure-native:keyvault:Vault", { ...inGroup, vaultName: inUse }, "same"],
  );
  const found = await examined({ needs });
  expect(found.find(({ what }) => what === "rights")?.found).toMatch(`on ${SCOPE}/resourceGroups/${name}, all`);
  expect(found.find(({ what }) => what === "quota")?.found).toMatch("1 of 250 storage accounts in westeurope");
  const names = found.filter(({ what }) => what === "names");
  expect(names.map(({ result, found: says }) => `${result}: ${says}`)).toEqual([
    expect.stringMatching(`^problem: storage account ${taken}: AlreadyExists`),
    expect.stringMatching(`^problem: vault ${inUse}: AlreadyExists`),
    expect.stringMatching(`^problem: vault ${String(deleted.outputs.name)} was deleted, and keeps its name until 20`),
  ]);
  expect(names[2]?.remedy).toMatch(
    `az keyvault recover --name ${String(deleted.outputs.name)} --location westeurope, then existingVaultName`,
  );
});

test("fails where nobody is signed in", async () => {
  const { AZURE_TOKEN_CREDENTIALS } = process.env;
  process.env.AZURE_TOKEN_CREDENTIALS = "EnvironmentCredential";
  // Another address, so that no token is kept from before.
  const ask = { stack: "dev", needs: whole, config: () => undefined, env: {}, governs: me };
  const found = await checkAzure({ ...ask, resourceManagerUrl: "https://localhost:9" });
  process.env.AZURE_TOKEN_CREDENTIALS = AZURE_TOKEN_CREDENTIALS;
  expect(found.map(({ what, result }) => `${what}: ${result}`)).toEqual([
    "sign-in: problem",
    "rights, providers, regions, quotas, names: unchecked",
  ]);
  expect(found[0]?.remedy).toMatch("az login");
});
