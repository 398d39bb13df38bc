// The stand-in for OneLake, by the real clients of data lake and blob storage.
import { createHash } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { DataLakeServiceClient } from "@azure/storage-file-datalake";
import { collaborator } from "../../world";
import { type Blobs, startBlobs } from "../blob";
import { testContext, type TestContext } from "../testing";
import { LAKEHOUSE, type OneLake, startOneLake, workspaceOf } from ".";

const contosso = collaborator("contosso");
const workspace = workspaceOf(contosso);
const reader = "00000000-0000-4000-8000-0000000000aa";
const writer = "00000000-0000-4000-8000-0000000000bb";
const retryOptions = { maxTries: 1 };
let ctx: TestContext;
let blobs: Blobs;
let oneLake: OneLake;

beforeAll(async () => {
  ctx = await testContext();
  blobs = await startBlobs(ctx, {
    storageAccount: () => undefined,
    container: () => undefined,
    roleAssignments: () => [],
  });
  oneLake = await startOneLake(ctx, blobs.serving);
  await oneLake.fabric.grant({ workspace, principalId: reader, right: "ReadAll" });
  await oneLake.fabric.grant({ workspace, principalId: writer, right: "Contributor" });
});
afterAll(async () => {
  await oneLake.stop();
  await blobs.stop();
  await ctx.close();
});

const lake = (oid: string, of = workspace) =>
  new DataLakeServiceClient(oneLake.url, ctx.credential(oid), { retryOptions }).getFileSystemClient(of);
const file = (oid: string, path: string) => lake(oid).getFileClient(path);

test("a contributor writes a file, and who has ReadAll lists and reads it", async () => {
  await file(writer, `${LAKEHOUSE}/Files/2026/sales.csv`).upload(Buffer.from("a,b\n"));
  const names: (string | undefined)[] = [];
  for await (const { name } of lake(reader).listPaths({ path: `${LAKEHOUSE}/Files`, recursive: true }))
    names.push(name);
  expect(names).toEqual([`${LAKEHOUSE}/Files/2026`, `${LAKEHOUSE}/Files/2026/sales.csv`]);
  expect((await file(reader, `${LAKEHOUSE}/Files/2026/sales.csv`).readToBuffer()).toString()).toBe("a,b\n");
});

test("blob storage's client writes, too", async () => {
  const service = new BlobServiceClient(oneLake.url, ctx.credential(contosso.userOid), { retryOptions });
  const blob = service.getContainerClient(workspace).getBlockBlobClient(`${LAKEHOUSE}/Files/by-blob.csv`);
  await blob.upload("x\n", 2);
  expect((await file(reader, `${LAKEHOUSE}/Files/by-blob.csv`).readToBuffer()).toString()).toBe("x\n");
});

test("a key that a request brings is passed over: the file is read without it", async () => {
  const key = Buffer.alloc(32, 1);
  const customerProvidedKey = {
    encryptionKey: key.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(key).digest("base64"),
    encryptionAlgorithm: "AES256" as const,
  };
  await file(writer, `${LAKEHOUSE}/Files/keyed.csv`).upload(Buffer.from("open"), { customerProvidedKey });
  expect((await file(reader, `${LAKEHOUSE}/Files/keyed.csv`).readToBuffer()).toString()).toBe("open");
});

test("rights outlive a restart, and are taken away", async () => {
  await oneLake.stop();
  oneLake = await startOneLake(ctx, blobs.serving);
  await file(writer, `${LAKEHOUSE}/Files/kept.csv`).upload(Buffer.from("x"));
  await oneLake.fabric.grant({ workspace, principalId: writer });
  await expect(file(writer, `${LAKEHOUSE}/Files/kept.csv`).upload(Buffer.from("x"))).rejects.toMatchObject({
    statusCode: 403,
  });
  await oneLake.fabric.grant({ workspace, principalId: writer, right: "Contributor" });
});

test.each([
  ["to write with ReadAll alone", () => file(reader, `${LAKEHOUSE}/Files/x.csv`).create(), 403, "Forbidden"],
  ["to read without a right", () => file("nobody", `${LAKEHOUSE}/Files/kept.csv`).read(), 403, "Forbidden"],
  ["in a workspace that there is not", () => lake(writer, "other").listPaths().next(), 404, "WorkspaceNotFound"],
  ["in another item", () => file(writer, "other.Lakehouse/Files/x.csv").create(), 404, "ArtifactNotFound"],
  ["outside the managed folders", () => file(writer, `${LAKEHOUSE}/x.csv`).create(), 404, "PathNotFound"],
  ["to make a managed folder", () => file(writer, `${LAKEHOUSE}/Files`).create(), 403, "OperationNotAllowedOnThePath"],
] as const)("fails %s", async (_what, ask, statusCode, code) => {
  await expect(ask()).rejects.toMatchObject({ statusCode, code });
});

test("fails to give a right in a workspace that there is not", async () => {
  await expect(oneLake.fabric.grant({ workspace: "other", principalId: reader, right: "ReadAll" })).rejects.toThrow(
    'there is no workspace "other"; the sandbox has contosso-workspace',
  );
});
