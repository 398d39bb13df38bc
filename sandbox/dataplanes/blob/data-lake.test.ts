// Data Lake Storage, by its real client: files, directories, listings, roles, and what blob clients see of them.
import { randomBytes } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { type DataLakeFileSystemClient, DataLakeServiceClient } from "@azure/storage-file-datalake";
import type { AccountFacts, RoleAssignmentFacts } from "../../clouds";
import { collaborator } from "../../world";
import { testContext, type TestContext } from "../testing";
import { type Blobs, type BlobWorld, startBlobs } from ".";

const { tenantId, userOid } = collaborator("contosso");
const reader = "00000000-0000-4000-8000-0000000000aa";
const account: AccountFacts = {
  name: "contossolake",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/contossolake",
  owner: "contosso",
  tenantId,
  hierarchical: true,
};
const definition = (id: string): string => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const contributor = definition("ba92f5b4-2d11-453d-a403-e96b0029c9fe");
const dataReader = definition("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
const grants: RoleAssignmentFacts[] = [
  { scope: account.id, principalId: userOid, roleDefinitionId: contributor },
  { scope: account.id, principalId: reader, roleDefinitionId: dataReader },
];
const world: BlobWorld = {
  storageAccount: (name) => (name === account.name ? account : undefined),
  container: (owner, name) =>
    name === "sales"
      ? { account: owner, name, id: `${account.id}/blobServices/default/containers/${name}` }
      : undefined,
  roleAssignments: () => grants,
};

let ctx: TestContext;
let blobs: Blobs;
beforeAll(async () => {
  ctx = await testContext();
  blobs = await startBlobs(ctx, world);
});
afterAll(async () => {
  await blobs.stop();
  await ctx.close();
});

const retryOptions = { maxTries: 1 };
const lake = (name = "sales", oid = userOid): DataLakeFileSystemClient =>
  new DataLakeServiceClient(`${blobs.dfsUrl}/${account.name}/`, ctx.credential(oid), {
    retryOptions,
  }).getFileSystemClient(name);
const asBlobs = () =>
  new BlobServiceClient(`${blobs.url}/${account.name}/`, ctx.credential(userOid), { retryOptions }).getContainerClient(
    "sales",
  );
const names = async (options: { path?: string; recursive?: boolean }): Promise<string[]> => {
  const found: string[] = [];
  for await (const { name, isDirectory, contentLength } of lake().listPaths(options)) {
    found.push(isDirectory ? `${name}/` : `${name} ${contentLength}`);
  }
  return found;
};

test("a file is created, appended to, flushed and read", async () => {
  const file = lake().getFileClient("appended/data.csv");
  await file.create({ pathHttpHeaders: { contentType: "text/csv" }, metadata: { owner: "contosso" } });
  await file.append("a,b\n", 0, 4);
  await file.append("1,2\n", 4, 4);
  await file.flush(8);
  await file.append("3,4\n", 8, 4);
  await file.flush(12, { close: true });
  expect((await file.readToBuffer()).toString()).toBe("a,b\n1,2\n3,4\n");
  const properties = await file.getProperties();
  expect(properties).toMatchObject({ contentLength: 12, contentType: "text/csv", metadata: { owner: "contosso" } });
});

test("a large file goes up in pieces and comes back as it was", async () => {
  const data = randomBytes(5 * 1024 * 1024);
  const file = lake().getFileClient("large/data");
  await file.upload(data, { chunkSize: 1024 * 1024, singleUploadThreshold: 1024 * 1024 });
  expect((await lake("sales", reader).getFileClient("large/data").readToBuffer()).equals(data)).toBe(true);
});

test("a listing has files with their size, and every directory on the way", async () => {
  await lake().getFileClient("2026/01/january.csv").upload(Buffer.from("x"));
  await lake().getFileClient("2026/all.csv").upload(Buffer.from("xyz"));
  await lake().getDirectoryClient("2026/empty").create();
  expect(await names({ path: "2026", recursive: true })).toEqual([
    "2026/01/",
    "2026/01/january.csv 1",
    "2026/all.csv 3",
    "2026/empty/",
  ]);
  expect(await names({ path: "2026" })).toEqual(["2026/01/", "2026/all.csv 3", "2026/empty/"]);
});

test("a long listing comes in pages", async () => {
  for (const index of [1, 2, 3]) await lake().getFileClient(`pages/${index}`).create();
  const pages: string[][] = [];
  for await (const { pathItems = [] } of lake().listPaths({ path: "pages" }).byPage({ maxPageSize: 2 })) {
    pages.push(pathItems.map(({ name }) => name ?? ""));
  }
  expect(pages).toEqual([["pages/1", "pages/2"], ["pages/3"]]);
});

test("blob clients see the files, and the directories as empty blobs that are marked", async () => {
  await lake().getFileClient("seen/below/file").upload(Buffer.from("data"));
  await asBlobs().getBlockBlobClient("seen/blob").upload("from blob", 9);
  const found: string[] = [];
  for await (const { name, metadata } of asBlobs().listBlobsFlat({ prefix: "seen", includeMetadata: true })) {
    found.push(metadata?.hdi_isfolder === "true" ? `${name}/` : name);
  }
  expect(found).toEqual(["seen/", "seen/below/", "seen/below/file", "seen/blob"]);
  expect((await lake().getFileClient("seen/blob").readToBuffer()).toString()).toBe("from blob");
});

test("a directory goes with what is in it, when that is asked for", async () => {
  await lake().getFileClient("gone/a/b").upload(Buffer.from("x"));
  const directory = lake().getDirectoryClient("gone");
  await expect(directory.delete(false)).rejects.toMatchObject({ statusCode: 409, code: "DirectoryNotEmpty" });
  await directory.delete(true);
  expect(await directory.exists()).toBe(false);
  expect(await lake().getFileClient("gone/a/b").exists()).toBe(false);
});

test("fails to flush what was not appended in full", async () => {
  const file = lake().getFileClient("torn");
  await file.create();
  await file.append("abc", 0, 3);
  await expect(file.flush(5)).rejects.toMatchObject({ statusCode: 400, code: "InvalidFlushPosition" });
  await file.append("f", 5, 1);
  await expect(file.flush(6)).rejects.toMatchObject({ code: "InvalidFlushPosition" });
});

test("fails for a file that is not there, one that is, and a file on the way", async () => {
  const missing = lake().getFileClient("missing");
  await expect(missing.append("x", 0, 1)).rejects.toMatchObject({ statusCode: 404, code: "PathNotFound" });
  await expect(missing.delete()).rejects.toMatchObject({ statusCode: 404, code: "PathNotFound" });
  const file = lake().getFileClient("there");
  await file.create();
  const again = file.createIfNotExists();
  expect((await again).succeeded).toBe(false);
  const below = lake().getFileClient("there/below").create();
  await expect(below).rejects.toMatchObject({ statusCode: 409, code: "PathConflict" });
});

test("fails for a reader who writes, and where there is no such file system", async () => {
  const written = lake("sales", reader).getFileClient("mine").create();
  await expect(written).rejects.toMatchObject({ statusCode: 403, code: "AuthorizationPermissionMismatch" });
  const elsewhere = lake("none").getFileClient("x").create();
  await expect(elsewhere).rejects.toMatchObject({ statusCode: 404, code: "FilesystemNotFound" });
});

test("fails to rename and to set access control lists, which are not modelled", async () => {
  const file = lake().getFileClient("stays");
  await file.create();
  const token = await ctx.credential(userOid).getToken("https://storage.azure.com/.default");
  const answer = await fetch(`${blobs.dfsUrl}/${account.name}/sales/moved`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token?.token}`, "x-ms-rename-source": "/sales/stays" },
  });
  expect([answer.status, answer.headers.get("x-ms-error-code")]).toEqual([501, "NotImplemented"]);
  await expect(file.setAccessControl([])).rejects.toMatchObject({ statusCode: 501 });
});

test("fails for operations on paths at the endpoint of blobs", async () => {
  const url = `${blobs.url}/${account.name}/`;
  const wrong = new DataLakeServiceClient(url, ctx.credential(userOid), { retryOptions }).getFileSystemClient("sales");
  await expect(wrong.getFileClient("x").create()).rejects.toMatchObject({ statusCode: 400 });
});
