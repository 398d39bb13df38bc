// What guards accounts and vaults, refused as Azure refuses it: locks, logs, private endpoints and their names.
import { type Deployed, startTestClouds, type TestClouds } from "../testing";
import { nameOf, roles, TestAzure } from "../testing/azure";

const types = {
  lock: "azure-native:authorization:ManagementLockByScope",
  logs: "azure-native:monitor:DiagnosticSetting",
  endpoint: "azure-native:network:PrivateEndpoint",
  zones: "azure-native:network:PrivateDnsZoneGroup",
};
const NETWORK = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network";
const subnet = { id: `${NETWORK}/virtualNetworks/v/subnets/clean-room` };
const workspaceId = "/subscriptions/s/resourceGroups/l/providers/Microsoft.OperationalInsights/workspaces/w";

let clouds: TestClouds;
let azure: TestAzure;
let group: Deployed;
let account: Deployed;
let vault: Deployed;

beforeEach(async () => {
  clouds = await startTestClouds();
  azure = new TestAzure(clouds.provider("azure-native"));
  group = await azure.group();
  account = await azure.account(group, "data", { publicNetworkAccess: "Disabled" });
  vault = await azure.vault(group);
});
afterEach(() => clouds.end());

const lock = (scope: string): Promise<Deployed> =>
  azure.provider.create(types.lock, "lock", { scope, lockName: "cleanroom", level: "CanNotDelete" });
const logs = (resourceUri: string, category: string, change = {}): Promise<Deployed> =>
  azure.provider.create(types.logs, "logs", {
    resourceUri,
    workspaceId,
    logs: [{ category, enabled: true }],
    ...change,
  });
const endpoint = (privateLinkServiceId: string, groupId: string, change = {}): Promise<Deployed> =>
  azure.provider.create(types.endpoint, `endpoint-${groupId}`, {
    resourceGroupName: nameOf(group),
    subnet,
    privateLinkServiceConnections: [{ name: "one", privateLinkServiceId, groupIds: [groupId] }],
    ...change,
  });
const zones = (privateEndpointName: unknown, zone: string): Promise<Deployed> =>
  azure.provider.create(types.zones, "default", {
    resourceGroupName: nameOf(group),
    privateEndpointName,
    privateDnsZoneConfigs: [{ name: "one", privateDnsZoneId: `${NETWORK}/privateDnsZones/${zone}` }],
  });

test("what a lock is on, and what is below it, is deleted once the lock is gone", async () => {
  const identity = await azure.identity(group);
  const role = await azure.role(account.id, roles.blobReader, String(identity.outputs.principalId), {
    principalType: "ServicePrincipal",
  });
  const locked = await lock(account.id);
  await expect(azure.provider.delete(account)).rejects.toThrow("ScopeLocked");
  await expect(azure.provider.delete(role)).rejects.toThrow("ScopeLocked");
  await azure.provider.delete(vault);
  await azure.provider.delete(locked);
  await azure.provider.delete(role);
  await azure.provider.delete(account);
});

test("a private endpoint lets in whom the public address does not", async () => {
  const reachable = (): unknown => clouds.clouds.state.storageAccount(nameOf(account))?.network;
  expect(reachable()).toEqual({ defaultAction: "Deny", ranges: [] });
  const made = await endpoint(account.id, "blob");
  expect(reachable()).toMatchObject({ privately: true });
  await zones(made.outputs.name, "privatelink.blob.core.windows.net");
  await endpoint(vault.id, "vault");
});

test("logs of blobs are their service's, those of a vault its own", async () => {
  await logs(`${account.id}/blobServices/default`, "StorageRead");
  await logs(vault.id, "AuditEvent");
});

test.each([
  ["a lock on what is not there", () => lock(`${account.id}x`), "ResourceNotFound"],
  ["logs of what is not there", () => logs(`${vault.id}x`, "AuditEvent"), "ResourceNotFound"],
  ["logs that a vault does not have", () => logs(vault.id, "StorageRead"), "supported ones are: AuditEvent"],
  ["logs to what is no workspace", () => logs(vault.id, "AuditEvent", { workspaceId: "w" }), "Log Analytics workspace"],
  ["an endpoint in what is no subnet", () => endpoint(vault.id, "vault", { subnet: { id: "s" } }), "no id of a subnet"],
  ["an endpoint to what is not there", () => endpoint(`${vault.id}x`, "vault"), "ResourceNotFound"],
  ["an endpoint to what a vault does not serve", () => endpoint(vault.id, "blob"), "PrivateEndpointInvalidGroupId"],
])("fails for %s", async (_what, made, message) => {
  await expect(made()).rejects.toThrow(message);
});

test("fails for names in another zone than the service's", async () => {
  const made = await endpoint(vault.id, "vault");
  await expect(zones(made.outputs.name, "privatelink.blob.core.windows.net")).rejects.toThrow(
    "looked up in privatelink.vaultcore.azure.net",
  );
});
