import { startTestClouds, type TestClouds } from "./testing";
import { createProject, type TestProject } from "./testing/project";

const program = `
const pulumi = require("@pulumi/pulumi");
const { ResourceGroup } = require("@pulumi/azure-native/resources");
const { Vault } = require("@pulumi/azure-native/keyvault");
const { StorageAccount, BlobContainer } = require("@pulumi/azure-native/storage");
const { RoleAssignment, getClientConfigOutput } = require("@pulumi/azure-native/authorization");
const { UserAssignedIdentity } = require("@pulumi/azure-native/managedidentity");
const { Bucket } = require("@pulumi/aws/s3");
const { User, AccessKey } = require("@pulumi/aws/iam");
const { Application } = require("@pulumi/azuread");
const { Command } = require("@pulumi/command/local");
const { TAG, LOCATION } = process.env;

const group = new ResourceGroup("group", { tags: TAG && { team: TAG } });
const resourceGroupName = group.name;
const identity = new UserAssignedIdentity("reader", { resourceGroupName });
const { tenantId } = getClientConfigOutput();
const properties = { tenantId, sku: { family: "A", name: "premium" }, enableRbacAuthorization: true };
const vault = new Vault("vault", { resourceGroupName, properties });
const sku = { name: "Standard_LRS" };
const account = new StorageAccount("data", { resourceGroupName, kind: "StorageV2", sku, location: LOCATION });
const container = new BlobContainer("sales", { resourceGroupName, accountName: account.name });
const role = "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
new RoleAssignment("read", {
  scope: container.id,
  principalId: identity.principalId,
  principalType: "ServicePrincipal",
  roleDefinitionId: role,
});
new Bucket("members", {});
const user = new User("reader", {});
const key = new AccessKey("key", { user: user.name });
new Application("pipeline", { displayName: "pipeline" });
const command = new Command("hello", { create: "echo hello to $WHO", environment: { WHO: identity.name } });
module.exports = { vaultUri: vault.properties.vaultUri, secret: key.secret, greeting: command.stdout };
`;

const yes = ["--yes", "--skip-preview"];

let clouds: TestClouds;
let project: TestProject;

beforeAll(async () => {
  clouds = await startTestClouds();
  project = await createProject(program, clouds.clouds.env("contosso"));
  await project.pulumi(["stack", "init", "test"]);
  await project.pulumi(["config", "set", "azure-native:location", "westeurope"]);
}, 60_000);
afterAll(async () => {
  await project.end();
  await clouds.end();
});

test("the real engine previews and makes resources of all four packages", async () => {
  expect(await project.pulumi(["preview"])).toContain("+ 12 to create");
  const output = await project.pulumi(["up", ...yes]);
  expect(output).toContain("+ 12 created");
  expect(output).toMatch(/vaultUri: "https:\/\/vault[0-9a-f]{8}\.vault\.azure\.net\/"/);
  expect(output).toMatch(/greeting: "hello to reader[0-9a-f]{8}"/);
  expect(output).toMatch(/secret +: \[secret\]/);
}, 120_000);

test("a second run changes nothing, and a refresh finds nothing changed", async () => {
  await project.pulumi(["up", ...yes, "--expect-no-changes"]);
  await project.pulumi(["refresh", ...yes, "--expect-no-changes"]);
}, 120_000);

test("a preview tells a change in place from a replacement", async () => {
  const preview = await project.pulumi(["preview", "--diff"], { TAG: "sales", LOCATION: "northeurope" });
  expect(preview).toMatch(/~ azure-native:resources:ResourceGroup: \(update\)[^]*\+ tags: \{\n +\+ team: "sales"/);
  expect(preview).toMatch(/\+- ?azure-native:storage:StorageAccount: \(replace\)[^]*"westeurope" => "northeurope"/);
}, 60_000);

test("what is gone in the cloud is made again after a refresh", async () => {
  const [identity] = clouds.clouds.state.records.list("azure-native:managedidentity:UserAssignedIdentity");
  await clouds.clouds.state.records.delete(identity);
  expect(await project.pulumi(["refresh", ...yes])).toContain("- 1 deleted");
  expect(await project.pulumi(["up", ...yes])).toContain("+ 1 created");
}, 120_000);

test("what exists is imported by its id", async () => {
  const { id } = clouds.clouds.state.storageAccounts()[0];
  const args = ["import", "azure-native:storage:StorageAccount", "found", id, "--yes", "--generate-code=false"];
  const output = await project.pulumi([...args, "--protect=false", "--skip-preview"]);
  expect(output).toContain("= 1 imported");
  await project.pulumi(["state", "delete", "urn:pulumi:test::clouds::azure-native:storage:StorageAccount::found"]);
}, 60_000);

test("destroy leaves nothing but a deleted vault's name", async () => {
  await project.pulumi(["destroy", ...yes]);
  expect(clouds.clouds.state.records.all()).toEqual([]);
  expect(clouds.clouds.state.records.softDeleted("azure-native:keyvault:Vault")).toHaveLength(1);
}, 60_000);
