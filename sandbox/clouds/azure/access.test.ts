import { type Deployed, startTestClouds, type TestClouds, type TestProvider } from "../testing";
import { definition, nameOf, roles, TestAzure, types } from "../testing/azure";
import { collaborator } from "../../world";

let clouds: TestClouds;
let provider: TestProvider;
let azure: TestAzure;
let group: Deployed;
let identity: Deployed;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("azure-native");
  azure = new TestAzure(provider);
  group = await azure.group();
  identity = await azure.identity(group);
});
afterEach(() => clouds.end());

const contosso = collaborator("contosso");
const ServicePrincipal = { principalType: "ServicePrincipal" };
const principalId = (): string => String(identity.outputs.principalId);

describe("a federated credential", () => {
  const credential = (subject: string, more: object = {}) => ({
    resourceGroupName: nameOf(group),
    resourceName: nameOf(identity),
    issuer: "https://issuer.example",
    subject,
    audiences: ["api://AzureADTokenExchange"],
    ...more,
  });

  test("is found by the identity's client id", async () => {
    await provider.create(types.credential, "cleanroom", credential("analytics-1"));
    expect(clouds.clouds.state.identityByClientId(String(identity.outputs.clientId))).toEqual({
      clientId: identity.outputs.clientId,
      principalId: identity.outputs.principalId,
      tenantId: contosso.tenantId,
      credentials: [
        { issuer: "https://issuer.example", subject: "analytics-1", audiences: ["api://AzureADTokenExchange"] },
      ],
    });
  });

  test("fails while another of the same identity is being written", async () => {
    const writes = ["one", "two"].map((name) => provider.create(types.credential, name, credential(name)));
    const results = await Promise.allSettled(writes);
    const refused = results.filter((each) => each.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(String(refused[0]?.reason)).toContain(
      `Status=409 Code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"`,
    );
  });

  test("may be written while one of another identity is", async () => {
    const other = await azure.identity(group, "other");
    await Promise.all([
      provider.create(types.credential, "one", credential("one")),
      provider.create(types.credential, "two", credential("two", { resourceName: nameOf(other) })),
    ]);
  });

  test("fails with an issuer and subject that the identity has already", async () => {
    await provider.create(types.credential, "one", credential("same"));
    await expect(provider.create(types.credential, "two", credential("same"))).rejects.toThrow(
      "Issuer and subject combination already exists",
    );
  });

  test("fails as the twenty-first", async () => {
    for (let count = 1; count <= 20; count += 1) {
      await provider.create(types.credential, `number-${count}`, credential(`subject-${count}`));
    }
    const one = provider.create(types.credential, "too-many", credential("too-many"));
    await expect(one).rejects.toThrow("Too many Federated Identity Credentials");
  });

  test.each([
    ["two audiences", { audiences: ["a", "b"] }, "exactly one audience"],
    ["an issuer that is no URL", { issuer: "issuer" }, "is not an https URL"],
    ["a subject with spaces around it", { subject: " s" }, "spaces around it"],
  ])("fails with %s", async (_, more, message) => {
    await expect(provider.check(types.credential, "one", credential("s", more))).rejects.toThrow(message);
  });

  test("changes its subject in place, and its identity by replacement", async () => {
    const made = await provider.create(types.credential, "one", credential("one"));
    expect((await provider.diff(made, credential("two"))).detailed).toEqual({ subject: "update" });
    expect((await provider.update(made, credential("two"))).outputs.subject).toBe("two");
    expect((await provider.diff(made, credential("one", { resourceName: "x" }))).replaces).toEqual(["resourceName"]);
  });
});

describe("a role assignment", () => {
  test("is named by a GUID and listed for the data planes", async () => {
    const made = await azure.role(group.id, roles.blobReader, principalId(), ServicePrincipal);
    expect(nameOf(made)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made.id).toBe(`${group.id}/providers/Microsoft.Authorization/roleAssignments/${nameOf(made)}`);
    expect(clouds.clouds.state.roleAssignments()).toEqual([
      {
        scope: group.id,
        principalId: principalId(),
        roleDefinitionId: `/subscriptions/${contosso.subscriptionId}${definition(roles.blobReader)}`,
      },
    ]);
  });

  test("fails for a fresh identity without its type, as the directory does not know it yet", async () => {
    await expect(azure.role(group.id, roles.blobReader, principalId())).rejects.toThrow(
      /PrincipalNotFound.*replication delay/,
    );
    await expect(azure.role(group.id, roles.blobReader, principalId(), { principalType: "User" })).rejects.toThrow(
      "PrincipalNotFound",
    );
  });

  test("needs no type once the directory knows the identity", async () => {
    clouds.pass(3 * 60 * 1000);
    const made = await azure.role(group.id, roles.blobReader, principalId());
    expect(made.outputs.principalType).toBe("ServicePrincipal");
  });

  test("fails with a type that is not the principal's", async () => {
    const made = azure.role(group.id, roles.blobReader, contosso.userOid, ServicePrincipal);
    await expect(made).rejects.toThrow("UnmatchedPrincipalType");
  });

  test("fails for somebody whom the tenant does not know", async () => {
    const made = azure.role(group.id, roles.blobReader, collaborator("litware").userOid, { principalType: "User" });
    await expect(made).rejects.toThrow("PrincipalNotFound");
  });

  test("fails twice for the same scope, principal and role, whatever its name", async () => {
    await azure.role(group.id, roles.blobReader, contosso.userOid);
    const again = azure.role(group.id, roles.blobReader, contosso.userOid, {
      roleAssignmentName: "9c1f7f4e-0000-4000-8000-000000000001",
    });
    await expect(again).rejects.toThrow("RoleAssignmentExists");
  });

  test.each([
    ["a name that is no GUID", { roleAssignmentName: "reader" }, "InvalidRoleAssignmentId"],
    [
      "an unknown role",
      { roleDefinitionId: definition("00000000-0000-0000-0000-000000000000") },
      "RoleDefinitionDoesNotExist",
    ],
    [
      "a scope that is not there",
      { scope: `/subscriptions/${contosso.subscriptionId}/resourceGroups/no` },
      "ResourceGroupNotFound",
    ],
    [
      "another's subscription",
      { scope: `/subscriptions/${collaborator("litware").subscriptionId}` },
      "AuthorizationFailed",
    ],
  ])("fails with %s", async (_, more, message) => {
    await expect(azure.role(group.id, roles.blobReader, contosso.userOid, more)).rejects.toThrow(message);
  });

  test("may be on a key or a secret that only the vault knows", async () => {
    const vault = await azure.vault(group);
    const [facts] = clouds.clouds.state.vaults();
    const scope = `${vault.id}/secrets/wrapped`;
    await expect(azure.role(scope, roles.secretsOfficer, contosso.userOid)).rejects.toThrow("ResourceNotFound");
    await clouds.clouds.state.hooks.secretPut(facts, "wrapped", { value: "x" });
    await azure.role(scope, roles.secretsOfficer, contosso.userOid);
  });

  test("is replaced with another principal, and fails to take another role in place", async () => {
    const made = await azure.role(group.id, roles.blobReader, contosso.userOid);
    const { scope, roleDefinitionId } = made.inputs;
    const other = { scope, roleDefinitionId, principalId: contosso.pipelineOid };
    expect((await provider.diff(made, other)).replaces).toEqual(["principalId"]);
    const role = { scope, principalId: contosso.userOid, roleDefinitionId: definition(roles.cryptoOfficer) };
    await expect(provider.update(made, role)).rejects.toThrow("RoleAssignmentUpdateNotPermitted");
  });

  test("is gone with what it was on", async () => {
    const account = await azure.account(group);
    await azure.role(account.id, roles.blobReader, contosso.userOid);
    await provider.delete(account);
    expect(clouds.clouds.state.roleAssignments()).toEqual([]);
  });
});

describe("a container", () => {
  test("fails to be public where the account forbids it", async () => {
    const account = await azure.account(group);
    const inputs = { resourceGroupName: nameOf(group), accountName: nameOf(account), publicAccess: "Blob" };
    await expect(provider.create(types.container, "sales", inputs)).rejects.toThrow("PublicAccessNotPermitted");
  });

  test("is announced to the data plane, and its end as well", async () => {
    const seen: string[] = [];
    const note = (what: string) => (container: { account: string; name: string }) => {
      seen.push(`${what} ${container.name}`);
      return Promise.resolve();
    };
    clouds.clouds.state.register({ containerCreated: note("created"), containerDeleted: note("deleted") });
    const account = await azure.account(group);
    const inputs = { resourceGroupName: nameOf(group), accountName: nameOf(account) };
    const made = await provider.create(types.container, "sales", inputs);
    expect(clouds.clouds.state.container(nameOf(account), "sales")?.id).toBe(made.id);
    await provider.delete(made);
    expect(seen).toEqual(["created sales", "deleted sales"]);
    expect(clouds.clouds.state.container(nameOf(account), "sales")).toBeUndefined();
  });
});
