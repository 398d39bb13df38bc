// What keeps stores and vaults from being reached, deleted or read unseen: on by default, or named by what it leaves open.
import * as pulumi from "@pulumi/pulumi";
import { AzureDataset, BlobStore, ReleaseKey } from "../../components";
import { details, run } from "../helpers/mocks";

const group = { resourceGroupName: "group" };
const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const dataset = { ...group, details, schema, allowedFields: ["region"] };
const NETWORK = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network";
const privateEndpointSubnetId = `${NETWORK}/virtualNetworks/v/subnets/clean-room`;
const ACCOUNT = "azure-native:storage:StorageAccount";
const VAULT = "azure-native:keyvault:Vault";
const SERVICE = "azure-native:storage:BlobServiceProperties";
const ENDPOINT = "azure-native:network:PrivateEndpoint";
const ZONE_GROUP = "azure-native:network:PrivateDnsZoneGroup";
const LOCK = "azure-native:authorization:ManagementLockByScope";
const LOGS = "azure-native:monitor:DiagnosticSetting";

let warned: string[] = [];
beforeEach(() => {
  warned = [];
  jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warned.push(message);
    return Promise.resolve();
  });
});
afterEach(() => jest.restoreAllMocks());

test("warns of account and vault that every network reaches, and says what to do", async () => {
  await run(() => new AzureDataset("sales", dataset));
  expect(warned).toEqual([
    expect.stringContaining("BlobStore 'sales' can be reached from every network"),
    expect.stringContaining("ReleaseKey 'sales' can be reached from every network"),
  ]);
  expect(warned[0]).toContain(
    "allowedAddresses, or a subnet in privateEndpointSubnetId; or say openToEveryNetwork: true",
  );
});

test.each([
  ["addresses are named", { allowedAddresses: ["203.0.113.10"] }],
  ["a subnet is named", { privateEndpointSubnetId }],
  ["openness is named", { openToEveryNetwork: true }],
  ["both exist already", { store: "given" }],
])("warns of nothing where %s", async (_what, { store, ...change }: Record<string, unknown>) => {
  const existing = { existingAccountName: "mine", existingContainerName: "data" };
  await run(() =>
    store === undefined
      ? new AzureDataset("sales", { ...dataset, ...change })
      : new AzureDataset("sales", {
          ...dataset,
          encryptionMode: "SSE",
          store: new BlobStore("shared", { ...group, ...existing }),
        }),
  );
  expect(warned).toEqual([]);
});

test("keeps what is overwritten or deleted for 30 days, unless less is named", async () => {
  const service = async (change: object): Promise<unknown> =>
    (await run(() => new BlobStore("sales", { ...group, ...change }))).the(SERVICE).inputs;
  expect(await service({})).toMatchObject({
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 30 },
    containerDeleteRetentionPolicy: { enabled: true, days: 30 },
  });
  expect(await service({ keepNoVersions: true, softDeleteDays: 7 })).toMatchObject({
    isVersioningEnabled: false,
    deleteRetentionPolicy: { enabled: true, days: 7 },
  });
});

test("has private endpoints, with their names, instead of public addresses", async () => {
  const zones = { blob: `${NETWORK}/privateDnsZones/b`, vault: `${NETWORK}/privateDnsZones/v` };
  const program = await run(
    () => new AzureDataset("sales", { ...dataset, privateEndpointSubnetId, privateDnsZones: zones }),
  );
  expect(program.the(ACCOUNT).inputs).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkRuleSet: { bypass: "None", defaultAction: "Deny", ipRules: [] },
  });
  expect(program.the(VAULT).inputs.properties).toMatchObject({ publicNetworkAccess: "Disabled" });
  const endpoints = program.all.filter(({ type }) => type === ENDPOINT);
  expect(endpoints.map(({ name }) => name).sort()).toEqual(["sales-blob-endpoint", "sales-vault-endpoint"]);
  for (const { inputs } of endpoints) expect(inputs.subnet).toMatchObject({ id: privateEndpointSubnetId });
  for (const [name, privateDnsZoneId] of Object.entries(zones)) {
    const { inputs } = program.the(ZONE_GROUP, `sales-${name}-names`);
    expect(inputs.privateDnsZoneConfigs).toEqual([{ name, privateDnsZoneId }]);
  }
});

test("keeps its public address for named networks beside a private endpoint", async () => {
  const args = { ...group, privateEndpointSubnetId, allowedAddresses: ["203.0.113.10"] };
  const { inputs } = (await run(() => new BlobStore("sales", args))).the(ACCOUNT);
  expect(inputs.publicNetworkAccess).toBeUndefined();
  expect(inputs.networkRuleSet).toMatchObject({
    defaultAction: "Deny",
    ipRules: [{ iPAddressOrRange: "203.0.113.10" }],
  });
});

test("has a private endpoint for each address of a hierarchical namespace", async () => {
  const args = { ...group, privateEndpointSubnetId, hierarchicalNamespace: true };
  const program = await run(() => new BlobStore("sales", args));
  const groups = program.all.filter(({ type }) => type === ENDPOINT).map(({ name }) => name);
  expect(groups).toEqual(["sales-blob-endpoint", "sales-dfs-endpoint"]);
});

test("tells a workspace who read, wrote and deleted", async () => {
  const diagnosticsWorkspaceId =
    "/subscriptions/s/resourceGroups/l/providers/Microsoft.OperationalInsights/workspaces/w";
  const program = await run(() => new AzureDataset("sales", { ...dataset, diagnosticsWorkspaceId }));
  expect(program.the(LOGS, "sales-store-logs").inputs).toMatchObject({
    workspaceId: diagnosticsWorkspaceId,
    resourceUri: expect.stringMatching(/\/blobServices\/default$/) as string,
    logs: ["StorageRead", "StorageWrite", "StorageDelete"].map((category) => ({ category, enabled: true })),
  });
  expect(program.the(LOGS, "sales-vault-logs").inputs.logs).toEqual([{ category: "AuditEvent", enabled: true }]);
});

test("locks account and vault, and puts tags on all that has them, where that is asked for", async () => {
  const tags = { owner: "retail" };
  const program = await run(() => new AzureDataset("sales", { ...dataset, lock: true, tags }));
  expect(program.all.filter(({ type }) => type === LOCK).map(({ inputs }) => inputs.level)).toEqual([
    "CanNotDelete",
    "CanNotDelete",
  ]);
  const identity = "azure-native:managedidentity:UserAssignedIdentity";
  for (const type of [ACCOUNT, VAULT, identity]) expect(program.the(type).inputs.tags).toEqual(tags);
});

test("asks for no lock, logs, tags or endpoint by itself", async () => {
  const program = await run(() => [
    new BlobStore("sales", group),
    new ReleaseKey("sales", { ...group, details, principalId: "p" }),
  ]);
  expect(program.all.filter(({ type }) => [LOCK, LOGS, ENDPOINT].includes(type))).toEqual([]);
});
