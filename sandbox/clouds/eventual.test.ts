// What takes effect late: the control plane answers at once, the rest of the cloud learns of it a few seconds later.
import { startTestClouds, type TestClouds } from "./testing";
import { nameOf, roles, TestAzure, types, vaultProperties } from "./testing/azure";

const LATE = 3000;

let clouds: TestClouds;
let azure: TestAzure;
beforeEach(async () => {
  clouds = await startTestClouds({ eventualSeconds: LATE / 1000 });
  azure = new TestAzure(clouds.provider("azure-native"));
});
afterEach(() => clouds.end());

const state = () => clouds.clouds.state;

test("a role assignment: given late, and taken away late", async () => {
  const group = await azure.group();
  const identity = await azure.identity(group);
  const inputs = { principalType: "ServicePrincipal" };
  const role = await azure.role(group.id, roles.blobReader, String(identity.outputs.principalId), inputs);
  expect(state().roleAssignments()).toEqual([]);
  clouds.pass(LATE);
  expect(state().roleAssignments()).toMatchObject([{ scope: group.id }]);
  await azure.provider.delete(role);
  expect(state().roleAssignments()).toHaveLength(1);
  clouds.pass(LATE);
  expect(state().roleAssignments()).toEqual([]);
});

test("a federated credential, and a change of one", async () => {
  const group = await azure.group();
  const identity = await azure.identity(group);
  const inputs = {
    resourceGroupName: nameOf(group),
    resourceName: nameOf(identity),
    issuer: "https://issuer.example",
    subject: "first",
    audiences: ["api://AzureADTokenExchange"],
  };
  const subjects = () =>
    state()
      .identityByClientId(String(identity.outputs.clientId))
      ?.credentials.map(({ subject }) => subject);
  const credential = await azure.provider.create(types.credential, "room", inputs);
  expect(subjects()).toEqual([]);
  clouds.pass(LATE);
  expect(subjects()).toEqual(["first"]);
  await azure.provider.update(credential, { ...inputs, subject: "second" });
  expect(subjects()).toEqual(["first"]);
  clouds.pass(LATE);
  expect(subjects()).toEqual(["second"]);
});

test("an access key of AWS, and its user's policies", async () => {
  const aws = clouds.provider("aws");
  const user = await aws.create("aws:iam/user:User", "reader", {});
  const key = await aws.create("aws:iam/accessKey:AccessKey", "key", { user: user.id });
  expect(state().iamByAccessKey(key.id)).toBeUndefined();
  clouds.pass(LATE);
  const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] });
  await aws.create("aws:iam/userPolicy:UserPolicy", "policy", { user: user.id, policy });
  expect(state().iamByAccessKey(key.id)).toMatchObject({ user: user.id, policies: [] });
  clouds.pass(LATE);
  expect(state().iamByAccessKey(key.id)?.policies).toHaveLength(1);
  await aws.delete(key);
  expect(state().iamByAccessKey(key.id)).toBeDefined();
  clouds.pass(LATE);
  expect(state().iamByAccessKey(key.id)).toBeUndefined();
});

test("fails to take the name of a vault that was deleted a moment ago, even to recover it", async () => {
  const group = await azure.group();
  const recover = { vaultName: "contosso-keys", properties: { ...vaultProperties(), createMode: "recover" } };
  const vault = await azure.vault(group, "keys", { vaultName: "contosso-keys" });
  await azure.provider.delete(vault);
  await expect(azure.vault(group, "keys", recover)).rejects.toThrow(/VaultAlreadyExists.*recently deleted/);
  clouds.pass(LATE);
  expect((await azure.vault(group, "keys", recover)).id).toBe(vault.id);
});
