// A pipeline's identity: exactly the runs that are named, exactly the stack's resource groups, and no secret anywhere.
import { PipelineIdentity, type PipelineIdentityArgs } from "../../components";
import { run, valueOf } from "../helpers/mocks";

const APPLICATION = "azuread:index/application:Application";
const CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
const PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";
const ROLE = "azure-native:authorization:RoleAssignment";
const group = "/subscriptions/s/resourceGroups/data";
const repository = "contosso/cleanroom";
const args = { github: { main: { repository, branch: "main" } }, resourceGroupIds: { data: group } };
const roleIds = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  rolesAdministrator: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
};

const made = (change: Partial<PipelineIdentityArgs> = {}): Promise<Awaited<ReturnType<typeof run>>> =>
  run(() => new PipelineIdentity("contosso", { ...args, ...change }));

test("has an application, its principal, a credential a run, and roles; neither password nor certificate", async () => {
  const program = await made({ stateContainerId: `${group}/containers/state` });
  expect(program.children("cleanroom:azure:PipelineIdentity contosso")).toEqual(
    [
      `${APPLICATION} contosso`,
      `${CREDENTIAL} contosso-main`,
      `${PRINCIPAL} contosso-principal`,
      `${ROLE} contosso-data-contributor`,
      `${ROLE} contosso-data-roles`,
      `${ROLE} contosso-state`,
    ].sort(),
  );
});

test.each([
  ["a branch", { branch: "main" }, "repo:contosso/cleanroom:ref:refs/heads/main"],
  ["an environment", { environment: "production" }, "repo:contosso/cleanroom:environment:production"],
  ["pull requests", { pullRequest: true }, "repo:contosso/cleanroom:pull_request"],
])("trusts %s of GitHub", async (_what, trust, subject) => {
  const program = await made({ github: { runs: { repository, ...trust } } });
  expect(program.the(CREDENTIAL).inputs).toMatchObject({
    displayName: "runs",
    issuer: "https://token.actions.githubusercontent.com",
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });
});

test("trusts a service connection of Azure DevOps, as it shows itself", async () => {
  const connection = { organization: "contosso", organizationId: "guid", project: "data", serviceConnection: "azure" };
  const program = await made({
    github: undefined,
    azureDevOps: { old: connection, shown: { ...connection, issuer: "https://login.example/v2.0", subject: "a/b/c" } },
  });
  expect(program.the(CREDENTIAL, "old").inputs).toMatchObject({
    issuer: "https://vstoken.dev.azure.com/guid",
    subject: "sc://contosso/data/azure",
  });
  expect(program.the(CREDENTIAL, "shown").inputs).toMatchObject({
    issuer: "https://login.example/v2.0",
    subject: "a/b/c",
  });
  expect(program.the(CREDENTIAL, "shown").waitsFor).toContain("contosso-old");
});

test("may assign data roles in the stack's resource groups, and give itself nothing else", async () => {
  const { inputs } = (await made()).the(ROLE, "data-roles");
  expect(inputs).toMatchObject({ scope: group, principalType: "ServicePrincipal", conditionVersion: "2.0" });
  expect(inputs.roleDefinitionId).toContain(roleIds.rolesAdministrator);
  expect(inputs.condition).toContain("roleAssignments/write");
  expect(inputs.condition).toContain("roleAssignments/delete");
  expect(inputs.condition).toContain(roleIds.blobContributor);
  expect(inputs.condition).not.toContain(roleIds.contributor);
  expect(inputs.condition).not.toContain(roleIds.rolesAdministrator);
});

test("reads and nothing else with access for previews", async () => {
  const program = await made({ access: "preview" });
  const roles = program.all.filter(({ type }) => type === ROLE).map(({ inputs }) => String(inputs.roleDefinitionId));
  expect(roles).toEqual([expect.stringContaining(roleIds.reader)]);
});

test("says what the consortium's members have to be sent", async () => {
  let pipeline: PipelineIdentity | undefined;
  await run(() => {
    pipeline = new PipelineIdentity("contosso", args);
  });
  expect((await valueOf(pipeline!.registration)).value).toEqual({
    objectId: "principal",
    tenantId: "tenant",
    identifier: "contosso-client",
    command:
      "az cleanroom governance user-identity add --object-id principal --tenant-id tenant --identifier contosso-client --account-type microsoft",
  });
});

const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`b${i}`, { repository, branch: `b${i}` }]));
test.each<[string, Partial<PipelineIdentityArgs>, string]>([
  ["nobody", { github: {} }, "nobody could sign in as it"],
  ["no repository", { github: { main: { repository: "cleanroom", branch: "main" } } }, "not <owner>/<repository>"],
  ["no run", { github: { main: { repository } } }, "exactly one of branch, environment and pullRequest"],
  ["two kinds of run", { github: { main: { repository, branch: "a", environment: "b" } } }, "exactly one of"],
  ["a wildcard", { github: { main: { repository, branch: "release/*" } } }, "no run would ever match"],
  [
    "one run twice",
    { github: { a: { repository, branch: "main" }, b: { repository, branch: "main" } } },
    "name each once",
  ],
  ["a name that is none", { github: { "a b": { repository, branch: "main" } } }, "can't be a credential's name"],
  ["more than Entra takes", { github: many }, "Entra takes 20 federated credentials"],
])("fails for %s", async (_what, change, message) => {
  await expect(made(change)).rejects.toThrow(message);
});
