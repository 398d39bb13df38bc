import { collaborator } from "../../world";
import { type Deployed, GONE, startTestClouds, type TestClouds, type TestProvider } from "../testing";

const types = {
  application: "azuread:index/application:Application",
  principal: "azuread:index/servicePrincipal:ServicePrincipal",
  credential: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
};
const contosso = collaborator("contosso");

let clouds: TestClouds;
let provider: TestProvider;
let application: Deployed;
let principal: Deployed;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("azuread");
  application = await provider.create(types.application, "app", { displayName: "pipeline" });
  principal = await provider.create(types.principal, "sp", { clientId: application.outputs.clientId });
});
afterEach(() => clouds.end());

const credential = (more: object = {}) => ({
  applicationId: application.id,
  displayName: "main",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contosso/cleanroom:ref:refs/heads/main",
  audiences: ["api://AzureADTokenExchange"],
  ...more,
});

test("an application's pipeline is found by its client id, with its principal and its credentials", async () => {
  await provider.create(types.credential, "c", credential());
  const { issuer, subject, audiences } = credential();
  expect(clouds.clouds.state.identityByClientId(String(application.outputs.clientId))).toEqual({
    clientId: application.outputs.clientId,
    principalId: principal.outputs.objectId,
    tenantId: contosso.tenantId,
    credentials: [{ issuer, subject, audiences }],
  });
});

test("ids are those of the real provider", () => {
  expect(application.id).toBe(`/applications/${String(application.outputs.objectId)}`);
  expect(principal.id).toBe(`/servicePrincipals/${String(principal.outputs.objectId)}`);
});

test("a fresh service principal gets a role when its type is said", async () => {
  const azure = clouds.provider("azure-native");
  const inputs = {
    scope: `/subscriptions/${contosso.subscriptionId}`,
    principalId: principal.outputs.objectId,
    roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
  };
  const type = "azure-native:authorization:RoleAssignment";
  await expect(azure.create(type, "r", inputs)).rejects.toThrow("PrincipalNotFound");
  await azure.create(type, "r", { ...inputs, principalType: "ServicePrincipal" });
});

test("an application takes its principal and credentials along", async () => {
  const made = await provider.create(types.credential, "c", credential());
  await provider.delete(application);
  expect((await provider.read(principal)).id).toBe(GONE);
  expect((await provider.read(made)).id).toBe(GONE);
});

test("fails for a second principal of one application, and for one of none", async () => {
  const again = provider.create(types.principal, "sp", { clientId: application.outputs.clientId });
  await expect(again).rejects.toThrow("already in use");
  await expect(provider.create(types.principal, "sp", { clientId: "none" })).rejects.toThrow("does not reference");
});

test("fails for a credential with an issuer and subject that the application has", async () => {
  await provider.create(types.credential, "c", credential());
  const again = provider.create(types.credential, "d", credential({ displayName: "other" }));
  await expect(again).rejects.toThrow("same issuer and subject");
});

test("fails for a credential of an application that is not there, named by its own rules", async () => {
  const made = provider.create(types.credential, "c", credential({ applicationId: "1234" }));
  await expect(made).rejects.toThrow("/applications/<object id>");
});

test("a credential is replaced with another name and changed with another subject", async () => {
  const made = await provider.create(types.credential, "c", credential());
  expect((await provider.diff(made, credential({ displayName: "x" }))).replaces).toEqual(["displayName"]);
  expect((await provider.diff(made, credential({ subject: "x" }))).replaces).toEqual([]);
});

test("says who deploys", async () => {
  const config = await provider.invoke("azuread:index/getClientConfig:getClientConfig");
  expect(config).toMatchObject({ objectId: contosso.userOid, tenantId: contosso.tenantId });
});
