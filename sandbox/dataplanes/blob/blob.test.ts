// Blob storage, by its real client: data, roles, tokens and customer provided keys.
import { createHash, randomBytes } from "node:crypto";
import { cp } from "node:fs/promises";
import { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import type { AccountFacts, RoleAssignmentFacts } from "../../clouds";
import { collaborator } from "../../world";
import { testContext, type TestContext } from "../testing";
import { type Blobs, type BlobWorld, startBlobs } from ".";

const { tenantId, userOid } = collaborator("contosso");
const reader = "00000000-0000-4000-8000-0000000000aa";
const account: AccountFacts = {
  name: "contossodata",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/contossodata",
  owner: "contosso",
  tenantId,
};
const contributor = "/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const dataReader = "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const retryOptions = { maxTries: 1 };

let ctx: TestContext;
let blobs: Blobs;
let containers: string[];
const grants: RoleAssignmentFacts[] = [
  { scope: account.id, principalId: userOid, roleDefinitionId: contributor },
  { scope: `${account.id}/blobServices/default/containers/sales`, principalId: reader, roleDefinitionId: dataReader },
];
const containerOf = (accountName: string, name: string) => ({
  account: accountName,
  name,
  id: `${account.id}/blobServices/default/containers/${name}`,
});
const world: BlobWorld = {
  storageAccount: (name) => (name === account.name ? account : undefined),
  container: (accountName, name) => (containers.includes(name) ? containerOf(accountName, name) : undefined),
  roleAssignments: () => grants,
};
beforeAll(async () => {
  ctx = await testContext();
  blobs = await startBlobs(ctx, world);
});
beforeEach(() => {
  containers = ["sales", "other"];
});
afterAll(async () => {
  await blobs.stop();
  await ctx.close();
});

const service = (oid = userOid, tenant = tenantId): BlobServiceClient =>
  new BlobServiceClient(`${blobs.url}/${account.name}/`, ctx.credential(oid, tenant), { retryOptions });
const blob = (name: string, oid = userOid, container = "sales") =>
  service(oid).getContainerClient(container).getBlockBlobClient(name);

test("what a contributor uploads a reader of the container downloads and lists", async () => {
  await blob("2026/january.csv").upload("a,b\n1,2\n", 8);
  expect((await blob("2026/january.csv", reader).downloadToBuffer()).toString()).toBe("a,b\n1,2\n");
  const names: string[] = [];
  for await (const each of service(reader).getContainerClient("sales").listBlobsFlat({ prefix: "2026/" }))
    names.push(each.name);
  expect(names).toEqual(["2026/january.csv"]);
});

test("a large blob goes up in blocks and comes back as it was", async () => {
  const data = randomBytes(9 * 1024 * 1024);
  await blob("large").uploadData(data, { blockSize: 4 * 1024 * 1024, maxSingleShotSize: 1024 * 1024 });
  expect((await blob("large").downloadToBuffer()).equals(data)).toBe(true);
});

test("blobs outlive a restart", async () => {
  await blob("kept").upload("kept", 4);
  await blobs.stop();
  blobs = await startBlobs(ctx, world);
  expect((await blob("kept").downloadToBuffer()).toString()).toBe("kept");
});

test("what was acknowledged is on the disk at once, whatever becomes of the process", async () => {
  await blob("sudden").upload("kept", 4);
  const other = await testContext();
  await cp(`${ctx.dir}/azurite`, `${other.dir}/azurite`, { recursive: true });
  const copy = await startBlobs(other, world);
  const token = await other.credential(userOid).getToken("https://storage.azure.com/.default");
  const response = await fetch(`${copy.url}/${account.name}/sales/sudden`, {
    headers: { authorization: `Bearer ${token?.token}`, "x-ms-version": "2021-12-02" },
  });
  expect(await response.text()).toBe("kept");
  await copy.stop();
  await other.close();
});

test("fails for a path that is not encoded as a URI", async () => {
  expect((await fetch(`${blobs.url}/${account.name}/sales/%E0%A4%A`)).status).toBe(400);
});

test("a container that was deleted and made again is empty", async () => {
  await blob("old", userOid, "other").upload("old", 3);
  await blobs.hooks.containerDeleted(containerOf(account.name, "other"));
  expect(await blob("old", userOid, "other").exists()).toBe(false);
});

describe("customer provided keys", () => {
  const keyOf = (bytes: Buffer) => ({
    encryptionKey: bytes.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(bytes).digest("base64"),
    encryptionAlgorithm: "AES256" as const,
  });
  const customerProvidedKey = keyOf(Buffer.alloc(32, 1));

  test("a blob is read with the key that it was written with", async () => {
    await blob("cpk").upload("secret", 6, { customerProvidedKey });
    expect((await blob("cpk", reader).downloadToBuffer(0, undefined, { customerProvidedKey })).toString()).toBe(
      "secret",
    );
  });

  test("fails without the key, and with another", async () => {
    await blob("cpk-2").upload("secret", 6, { customerProvidedKey });
    await expect(blob("cpk-2").download()).rejects.toMatchObject({
      statusCode: 409,
      code: "BlobUsesCustomerSpecifiedEncryption",
    });
    const other = { customerProvidedKey: keyOf(Buffer.alloc(32, 2)) };
    await expect(blob("cpk-2").downloadToBuffer(0, undefined, other)).rejects.toMatchObject({ statusCode: 409 });
  });

  test("a blob that is written anew without a key needs none", async () => {
    await blob("cpk-3").upload("secret", 6, { customerProvidedKey });
    await blob("cpk-3").upload("open", 4);
    expect((await blob("cpk-3").downloadToBuffer()).toString()).toBe("open");
  });
});

test("fails for a reader who writes, naming action, scope and roles", async () => {
  await expect(blob("nope", reader).upload("x", 1)).rejects.toMatchObject({
    statusCode: 403,
    code: "AuthorizationPermissionMismatch",
    message: expect.stringMatching(
      /blobs\/write on .*containers\/sales; roles that allow it: Storage Blob Data Contributor/,
    ) as string,
  });
});

test("fails for a reader in another container", async () => {
  await expect(blob("any", reader, "other").downloadToBuffer()).rejects.toMatchObject({ statusCode: 403 });
});

test("fails where there is no such container, though the role is there", async () => {
  await expect(blob("any", userOid, "missing").upload("x", 1)).rejects.toMatchObject({
    statusCode: 404,
    code: "ContainerNotFound",
  });
});

test("fails to make a container, which is ARM's to do", async () => {
  await expect(service().getContainerClient("new").create()).rejects.toMatchObject({ statusCode: 501 });
});

test("fails with a token of another tenant", async () => {
  await expect(
    service(userOid, collaborator("litware").tenantId).getContainerClient("sales").getBlobClient("x").download(),
  ).rejects.toMatchObject({
    statusCode: 401,
    code: "InvalidAuthenticationInfo",
  });
});

test("fails for the public, and for the account's key", async () => {
  const url = `${blobs.url}/${account.name}/`;
  const anonymous = new BlobServiceClient(url, new AnonymousCredential(), { retryOptions });
  await expect(anonymous.getContainerClient("sales").getBlobClient("kept").download()).rejects.toMatchObject({
    statusCode: 401,
  });
  const key = new BlobServiceClient(url, new StorageSharedKeyCredential(account.name, "AAAA"), { retryOptions });
  await expect(key.getContainerClient("sales").getBlobClient("kept").download()).rejects.toMatchObject({
    code: "KeyBasedAuthenticationNotPermitted",
  });
});
