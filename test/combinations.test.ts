// Every combination of store, encryption mode, place of its key and access that the table allows: published by the provider,
// and read or written by the reader that plays the clean room, which another one cannot. What it forbids the provider
// refuses. Each format is read with the schema that is inferred from its file.
import { createHash, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tls from "node:tls";
import { KeyClient } from "@azure/keyvault-keys";
import { BlobServiceClient } from "@azure/storage-blob";
import { DataLakeServiceClient } from "@azure/storage-file-datalake";
import type { TokenCredential } from "@azure/core-auth";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { schemaOf } from "../components/schema/infer";
import { COMBINATIONS, refusal, type Combination } from "../contract/combinations";
import { LAKEHOUSE, workspaceOf } from "../sandbox/dataplanes/onelake";
import { encryptBlocks } from "../sandbox/reader/encrypt";
import { account, Bench, bucket, identityIds, roles } from "../sandbox/reader/testing";
import { connection, giveAccess, putObject, setSecret } from "../sandbox/reader/testing-bucket";
import { collaboration, collaborator, contractId } from "../sandbox/world";
import { datasetOf, type Addresses } from "./helpers/combinations";
import { newInProcess } from "./helpers/in-process";
import type { Kind, Properties } from "./helpers/provider-process";

const contosso = collaborator("contosso");
const workspace = workspaceOf(contosso);
const CSV = "region,amount\nnorth,1.5\nsouth,2\n";
const title = ({ store, mode, key, access }: Combination): string => `${store}, ${mode}, key in ${key}, ${access}`;
const named = (all: readonly Combination[]) => all.map((each) => [title(each), each] as const);
const allowed = COMBINATIONS.filter((each) => refusal(each) === undefined);
const impossible = COMBINATIONS.filter((each) => refusal(each) !== undefined);

let bench: Bench;
let documents: Kind;
let dfsUrl: string;

beforeAll(async () => {
  bench = await Bench.start();
  bench.reset();
  const { services, hooks } = bench;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), services.tls.ca]);
  dfsUrl = (await hooks.accountCreated?.(account))?.dfs ?? "";
  await bench.makeKeys("kek");
  await makeHsmKeys();
  await setSecret(bench, "connection", connection());
  await setSecret(bench, "key", bench.dek.toString("base64"));
  const settings = {
    "cleanroom:frontendUrl": services.frontendUrl,
    "cleanroom:governanceUrl": services.governance.url,
    "cleanroom:collaborationId": collaboration.id,
    "cleanroom:contractId": contractId,
    "cleanroom:token": await services.token("contosso"),
  };
  documents = (await newInProcess({ config: () => Promise.resolve(settings) }, "contosso")).kind("DatasetDocument");
});
afterAll(async () => {
  await bench.end();
});

const credential: TokenCredential = {
  getToken: async (scopes) => {
    const audience = String([scopes].flat()[0]).replace(/\/\.default$/, "");
    const { tenantId, userOid: oid } = contosso;
    const token = await bench.services.signIn.issue({ tenantId, oid, audience });
    return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};

const HSM_KEY = "hsm-kek";
const CRYPTO_USER = "21dbd100-6940-42c2-9190-5d6cb909625b";
const RELEASE_USER = "21dbd100-6940-42c2-9190-5d6cb909625c";
const hsmUrl = (): string => bench.dataPlanes.addresses["managed HSM of contosso"] ?? "";

/** A key encryption key in the HSM, under its local roles; what it wraps is a secret of the vault. */
async function makeHsmKeys(): Promise<void> {
  await giveHsmRole(CRYPTO_USER, contosso.userOid);
  const keys = new KeyClient(hsmUrl(), credential, { disableChallengeResourceVerification: true });
  await bench.makeKeys(HSM_KEY, { keys });
  await giveHsmRole(RELEASE_USER, identityIds.principalId);
}

async function giveHsmRole(role: string, principalId: string): Promise<void> {
  const { services } = bench;
  const { tenantId, userOid: oid } = contosso;
  const token = await services.signIn.issue({ tenantId, oid, audience: "https://managedhsm.azure.net" });
  const roleDefinitionId = `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  const url = `${hsmUrl()}providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=7.4`;
  const { status, text } = await services.call("PUT", url, {
    token,
    body: { properties: { roleDefinitionId, principalId } },
  });
  if (status !== 201) throw new Error(`the HSM answered ${status}: ${text}`);
}

/** Everything a dataset of this combination names, in the sandbox, each in a folder of its own. */
function addresses({ store, key }: Combination, folder: string): Addresses {
  const { dek, kek, identity } = bench.details("any");
  const inHsm = bench.details("any", HSM_KEY);
  const azure = { containerName: "sales", subdirectory: folder };
  const places = {
    Azure_BlobStorage: { ...azure, storageAccountUrl: bench.accountUrl },
    Azure_BlobStorage_DataLakeGen2: { ...azure, storageAccountUrl: dfsUrl },
    Azure_OneLake: {
      containerName: workspace,
      storageAccountUrl: `${bench.dataPlanes.oneLake.url}/${workspace}/${LAKEHOUSE}/Files/${folder}`,
    },
    Aws_S3: { containerName: bucket.name, storageAccountUrl: "https://s3.amazonaws.com", subdirectory: folder },
  };
  const keys = {
    keyVault: { dek, kek },
    managedHsm: { dek: inHsm.dek, kek: inHsm.kek && { ...inHsm.kek, keyVaultUrl: hsmUrl() } },
    governance: { dek: { cgsSecretId: `${contosso.userOid}_key` } },
    none: {},
  };
  return { store: places[store], keys: keys[key], identity, awsCgsSecretId: `${contosso.userOid}_connection` };
}

/** The clean room's rights are exactly those that the access needs. */
async function giveRights({ store, access }: Combination): Promise<void> {
  bench.reset();
  if (store === "Azure_BlobStorage_DataLakeGen2") bench.account = { ...account, hierarchical: true };
  if (store === "Aws_S3") {
    const writes = ["s3:PutObject", "s3:DeleteObject"];
    giveAccess(bench, { actions: ["s3:ListBucket", "s3:GetObject", ...(access === "write" ? writes : [])] });
  } else if (access === "write") {
    bench.revoke(roles.blobReader);
    bench.grant(roles.blobContributor);
  }
  const right = store !== "Azure_OneLake" ? undefined : access === "write" ? "Contributor" : "ReadAll";
  const { principalId } = identityIds;
  await bench.dataPlanes.oneLake.fabric.grant({ workspace, principalId, right });
}

/** The data, brought up as the mode says. */
async function bringUp({ store, mode }: Combination, folder: string): Promise<void> {
  const content = mode === "CSE" ? encryptBlocks(Buffer.from(CSV), bench.dek) : Buffer.from(CSV);
  const customerProvidedKey =
    mode === "CPK"
      ? {
          encryptionKey: bench.dek.toString("base64"),
          encryptionKeySha256: createHash("sha256").update(bench.dek).digest("base64"),
          encryptionAlgorithm: "AES256" as const,
        }
      : undefined;
  const file = `${folder}/sales.csv`;
  if (store === "Aws_S3") {
    await putObject(bench, file, content);
  } else if (store === "Azure_OneLake") {
    const oneLake = new DataLakeServiceClient(bench.dataPlanes.oneLake.url, credential);
    await oneLake.getFileSystemClient(workspace).getFileClient(`${LAKEHOUSE}/Files/${file}`).upload(content);
  } else {
    const blobs = new BlobServiceClient(bench.accountUrl, credential).getContainerClient("sales");
    await blobs.getBlockBlobClient(file).upload(content, content.length, { customerProvidedKey });
  }
}

describe("what is allowed", () => {
  test.each(named(allowed))("%s", async (_title, each) => {
    const folder = `folder-${COMBINATIONS.indexOf(each)}`;
    await giveRights(each);
    if (each.access === "read") await bringUp(each, folder);
    const inputs = { name: folder, ...datasetOf(each, addresses(each, folder)) } as unknown as Properties;
    expect(await documents.check(inputs)).toEqual([]);
    const { id } = await documents.create(inputs);

    const read = await bench.reader.read(id);
    expect([read.ok, read.steps.filter(({ ok }) => !ok)]).toEqual([true, []]);
    if (each.access === "read") {
      expect([read.columns, read.rows]).toEqual([
        ["region", "amount"],
        [
          ["north", "1.5"],
          ["south", "2"],
        ],
      ]);
    } else {
      expect(read.steps.at(-1)?.name).toBe("write");
    }
    const other = await bench.reader.read(id, { hostData: "ff".repeat(32) });
    expect([other.ok, other.steps.at(-1)?.name]).toEqual([
      false,
      each.store === "Aws_S3" ? "connection secret" : "identity",
    ]);
  });
});

describe("formats", () => {
  const rows = [
    ["north", "1.5"],
    ["south", "2"],
  ];
  const columnData: ColumnSource[] = [
    { name: "region", data: ["north", "south"], type: "STRING" },
    { name: "amount", data: [1.5, 2], type: "DOUBLE" },
  ];
  test.each([
    ["json", Buffer.from('{"region":"north","amount":1.5}\n{"region":"south","amount":2}\n')],
    ["parquet", Buffer.from(parquetWriteBuffer({ columnData }))],
  ] as const)("%s is published with the schema that its file shows, and read", async (format, content) => {
    const each: Combination = { store: "Azure_BlobStorage", mode: "SSE", key: "none", access: "read" };
    const file = join(bench.services.home.dir, `sales.${format}`);
    writeFileSync(file, content);
    await giveRights(each);
    const blobs = new BlobServiceClient(bench.accountUrl, credential).getContainerClient("sales");
    await blobs.getBlockBlobClient(`${format}/sales.${format}`).upload(content, content.length);
    const datasetSchema = await schemaOf(`sales.${format}`, file);
    const inputs = {
      name: format,
      ...datasetOf(each, addresses(each, format)),
      datasetSchema,
    } as unknown as Properties;
    expect(await documents.check(inputs)).toEqual([]);
    const read = await bench.reader.read((await documents.create(inputs)).id);
    expect([read.steps.filter(({ ok }) => !ok), read.rows]).toEqual([[], rows]);
  });
});

describe("what is not", () => {
  test.each(named(impossible))("fails in preview: %s", async (_title, each) => {
    const inputs = { name: "impossible", ...datasetOf(each) } as unknown as Properties;
    const problems = await documents.check(inputs);
    expect(problems).toHaveLength(1);
    // Keys that lack, or that are too many, are named one by one.
    const reason = refusal(each)?.reason ?? "";
    expect(problems[0]).toMatch(/^dek is missing|^dek and kek are given, but/.test(problems[0] ?? "") ? /./ : reason);
  });
});
