// Azure Resource Manager over HTTPS: who may ask it, and what it answers of what is there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Agent, request } from "undici";
import { collaborator, startSandbox, type Sandbox } from "../..";
import { TestProvider } from "../testing";
import { nameOf, TestAzure } from "../testing/azure";

const { tenantId, userOid, pipelineOid, subscriptionId } = collaborator("contosso");
const SCOPE = `/subscriptions/${subscriptionId}`;
const VERSION = "api-version=2023-05-01";

let dir: string;
let sandbox: Sandbox;
let agent: Agent;
let client: ResourceProviderClient;
let azure: TestAzure;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "resource-manager-"));
  sandbox = await startSandbox({ dir });
  agent = new Agent({ connect: { ca: sandbox.services.tls.ca } });
  const { PULUMI_DEBUG_PROVIDERS = "" } = await sandbox.env("contosso");
  const port = /azure-native:(\d+)/.exec(PULUMI_DEBUG_PROVIDERS)?.[1] ?? "";
  client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  azure = new TestAzure(new TestProvider(client));
});
afterAll(async () => {
  client.close();
  await agent.close();
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: string }; readonly [key: string]: unknown };
}

interface Who {
  readonly oid?: string;
  readonly tenantId?: string;
  readonly audience?: string;
  readonly seconds?: number;
}

async function ask(path: string, who: Who | null = {}, body?: object): Promise<Reply> {
  const audience = "https://management.azure.com";
  const token = who && (await sandbox.services.signIn.issue({ tenantId, oid: userOid, audience, ...who }));
  const { statusCode, body: answer } = await request(`${sandbox.addresses["resource manager"]}${path}`, {
    method: body === undefined ? "GET" : "POST",
    dispatcher: agent,
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  return { status: statusCode, body: (await answer.json()) as Reply["body"] };
}

test.each<[string, string, Who | null, number, string]>([
  ["without a token", `${SCOPE}?${VERSION}`, null, 401, "AuthenticationFailed"],
  ["with an expired token", `${SCOPE}?${VERSION}`, { seconds: -60 }, 401, "ExpiredAuthenticationToken"],
  [
    "with a token for something else",
    `${SCOPE}?${VERSION}`,
    { audience: "https://vault.azure.net" },
    401,
    "InvalidAuthenticationToken",
  ],
  [
    "with a token of another tenant",
    `${SCOPE}?${VERSION}`,
    { tenantId: collaborator("litware").tenantId },
    401,
    "InvalidAuthenticationTokenTenant",
  ],
  ["who has no role there", `${SCOPE}?${VERSION}`, { oid: "nobody" }, 403, "AuthorizationFailed"],
  ["for a subscription that there is not", `/subscriptions/none?${VERSION}`, {}, 404, "SubscriptionNotFound"],
  [
    "for a resource group that there is not",
    `${SCOPE}/resourcegroups/none?${VERSION}`,
    {},
    404,
    "ResourceGroupNotFound",
  ],
  ["without a version", SCOPE, {}, 400, "MissingApiVersionParameter"],
  ["for what is not modelled", `${SCOPE}/locations?${VERSION}`, {}, 501, "NotImplemented"],
  [
    "for a provider that there is not",
    `${SCOPE}/providers/Microsoft.None?${VERSION}`,
    {},
    404,
    "InvalidResourceNamespace",
  ],
])("fails %s", async (_, path, who, status, code) => {
  const reply = await ask(path, who);
  expect([reply.status, reply.body.error?.code]).toEqual([status, code]);
});

test("what is there is answered in Azure's own form, at whatever depth", async () => {
  const group = await azure.group("shown");
  const account = await azure.account(group, "shown", { enableHttpsTrafficOnly: true, tags: { owner: "us" } });
  const { body } = await ask(`${account.id}?${VERSION}`);
  expect(body).toMatchObject({
    id: account.id,
    name: nameOf(account),
    type: "Microsoft.Storage/storageAccounts",
    location: "westeurope",
    sku: { name: "Standard_LRS", tier: "Standard" },
    kind: "StorageV2",
    tags: { owner: "us" },
    properties: { supportsHttpsTrafficOnly: true, provisioningState: "Succeeded" },
  });
  const container = await azure.provider.create("azure-native:storage:BlobContainer", "data", {
    resourceGroupName: nameOf(group),
    accountName: nameOf(account),
  });
  expect((await ask(`${container.id}?${VERSION}`)).body).toMatchObject({ id: container.id, name: "data" });
  expect((await ask(`${account.id}2?${VERSION}`)).body.error?.code).toBe("ResourceNotFound");
  const { value } = (await ask(`${SCOPE}/resourcegroups?${VERSION}`)).body as { value: { name: string }[] };
  expect(value.map(({ name }) => name)).toContain(nameOf(group));
});

test("a pipeline may do what its role allows, where it was assigned", async () => {
  const group = await azure.group("pipeline");
  await azure.role(group.id, "b24988ac-6180-42a0-ab88-20f7382dd24c", pipelineOid, {
    principalType: "ServicePrincipal",
  });
  const permissions = "providers/Microsoft.Authorization/permissions?api-version=2022-04-01";
  const pipeline = { oid: pipelineOid };
  expect((await ask(`${group.id}/${permissions}`, pipeline)).body).toMatchObject({
    value: [{ actions: ["*"], notActions: expect.arrayContaining(["Microsoft.Authorization/*/Write"]) as string[] }],
  });
  expect((await ask(`${SCOPE}/${permissions}`, pipeline)).status).toBe(403);
  expect((await ask(`${SCOPE}/${permissions}`)).body).toMatchObject({ value: [{ actions: ["*"], notActions: [] }] });
});

test("a name that cannot be is not available, and says why", async () => {
  const check = (name: string): Promise<Reply> =>
    ask(
      `${SCOPE}/providers/Microsoft.Storage/checkNameAvailability?${VERSION}`,
      {},
      {
        name,
        type: "Microsoft.Storage/storageAccounts",
      },
    );
  expect((await check("Not-A-Name")).body).toMatchObject({ nameAvailable: false, reason: "AccountNameInvalid" });
  expect((await check("afreename")).body).toEqual({ nameAvailable: true });
});
