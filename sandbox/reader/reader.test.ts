// The reader, over the whole of the real path: governance, federation, key release, storage. Each test takes one thing
// away and looks at which step says so.
import * as tls from "node:tls";
import { createHash } from "node:crypto";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ReadResult } from "../admin";
import { collaborator, contractId } from "../world";
import { encryptBlocks } from "./encrypt";
import { Bench, bucket, roles } from "./testing";

const csv = "region,amount,customer\nnorth,1.5,Ada\nsouth,2,Bob\n";
const other = "ab".repeat(32);
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), bench.services.tls.ca]);
  bench.reset();
  await bench.makeKeys("kek");
  await bench.upload("data/one.csv", csv, bench.dek);
  await bench.publish("data");
});
beforeEach(() => bench.reset());
afterAll(() => bench.end());

const read = (id = "data", hostData?: string): Promise<ReadResult> => bench.reader.read(id, { hostData });
/** The failed step: its name and what it says. */
const failure = ({ ok, steps }: ReadResult): string => {
  const { name, detail, remedy } = steps[steps.length - 1];
  return ok ? "nothing failed" : `${name}: ${detail} -> ${remedy}`;
};

test("an encrypted dataset of blobs is read, step by step, its allowed fields alone", async () => {
  const result = await read();
  expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(
    ["document", "descriptor", "consent", "store", "identity", "key release", "data key", "list", "data"].map(
      (name) => [name, true],
    ),
  );
  expect(result).toMatchObject({
    ok: true,
    columns: ["region", "amount"],
    rows: [
      ["north", "1.5"],
      ["south", "2"],
    ],
    totalRows: 2,
  });
});

test("fails for another host data, where governance is asked for a token", async () => {
  expect(failure(await read("data", other))).toMatch(
    /^identity: .*-> give the managed identity a federated credential/,
  );
});

test("fails at the key release when the key's policy names another host data", async () => {
  await bench.makeKeys("kek-other", other);
  await bench.upload("other-policy/one.csv", csv, bench.dek);
  await bench.publish("other-policy", bench.details("other-policy", "kek-other"));
  expect(failure(await read("other-policy"))).toMatch(
    /^key release: .*do not meet the policy: x-ms-sevsnpvm-hostdata -> give the key a release policy/,
  );
});

test("fails when the federated subject is not the contract and the owner", async () => {
  const [credential] = bench.identity.credentials;
  bench.identity = { ...bench.identity, credentials: [{ ...credential, subject: "analytics-somebody" }] };
  const { userOid } = collaborator("contosso");
  expect(failure(await read())).toMatch(
    new RegExp(`^identity: AADSTS700213: .*'${contractId}-${userOid}'.*analytics-somebody`),
  );
});

test("fails when the federated credential trusts another issuer", async () => {
  const [credential] = bench.identity.credentials;
  bench.identity = { ...bench.identity, credentials: [{ ...credential, issuer: "https://elsewhere" }] };
  expect(failure(await read())).toMatch(/^identity: AADSTS700211: .*https:\/\/elsewhere/);
});

test.each([
  ["key release", roles.releaseUser, /^key release: .*keys\/release\/action/],
  ["data key", roles.secretsUser, /^data key: .*secrets\/getSecret\/action/],
  ["list", roles.blobReader, /^list: .*blobs\/read/],
])("fails at the step %s without its role", async (_, role, message) => {
  bench.revoke(role);
  expect(failure(await read())).toMatch(message);
});

test("fails when the file was encrypted with another key", async () => {
  await bench.upload("wrong-key/one.csv", csv, Buffer.alloc(32, 3));
  await bench.publish("wrong-key");
  expect(failure(await read("wrong-key"))).toMatch(/^data: block 0 is not authentic.*-> encrypt the file/);
});

test("fails when the file was not encrypted", async () => {
  await bench.upload("plain/one.csv", csv);
  await bench.publish("plain");
  expect(failure(await read("plain"))).toMatch(/^data: .*is not client-side encrypted/);
});

test("fails where there is no data", async () => {
  await bench.publish("nothing");
  expect(failure(await read("nothing"))).toMatch(/^list: there is no data in sales\/nothing\//);
});

test("fails for data that is not of the schema, naming row and field", async () => {
  await bench.upload("odd/one.csv", "region,amount\nnorth,much\n", bench.dek);
  await bench.publish("odd");
  expect(failure(await read("odd"))).toMatch(
    /^data: odd\/one.csv, row 1: amount is "much", which is not of type number/,
  );
});

test("fails while the owner's consent is disabled, and reads again when it is enabled", async () => {
  await bench.governance("POST", "/userdocuments/data/runtimeoptions/execution/disable", {});
  expect(failure(await read())).toMatch(/^consent: .*disabled/);
  await bench.governance("POST", "/userdocuments/data/runtimeoptions/execution/enable", {});
  expect((await read()).ok).toBe(true);
});

test("fails for a document that is not there", async () => {
  expect(failure(await read("none"))).toMatch(/^document: governance has no document "none"/);
});

test("fails when the descriptor names another attestation service", async () => {
  const details = bench.details("authority");
  await bench.publish("authority", { kek: { ...details.kek!, maaUrl: "https://attest.example" } });
  expect(failure(await read("authority"))).toMatch(
    /^key release: .*https:\/\/attest.example.*-> publish the dataset with the clean room's attestation service/,
  );
});

test("fails for a store outside the sandbox, and asks nobody there", async () => {
  const details = bench.details("outside");
  await bench.publish("outside", {
    store: { ...details.store, storageAccountUrl: "https://contosso.blob.core.windows.net/" },
  });
  expect(failure(await read("outside"))).toMatch(/^store: .* is not an address of this sandbox/);
});

test("a dataset with a customer provided key is read with it", async () => {
  const key = {
    encryptionKey: bench.dek.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(bench.dek).digest("base64"),
  };
  const customerProvidedKey = { ...key, encryptionAlgorithm: "AES256" as const };
  await bench.container.getBlockBlobClient("cpk/one.csv").upload(csv, csv.length, { customerProvidedKey });
  await bench.publish("cpk", { store: { ...bench.details("cpk").store, encryptionMode: "CPK" } });
  expect(await read("cpk")).toMatchObject({ ok: true, totalRows: 2 });
});

test("a dataset that the store encrypts is read without any key", async () => {
  await bench.upload("sse/one.csv", csv);
  await bench.publish("sse", { store: { ...bench.details("sse").store, encryptionMode: "SSE" }, dek: null, kek: null });
  const result = await read("sse");
  expect(result.steps.map(({ name }) => name)).not.toContain("key release");
  expect(result).toMatchObject({ ok: true, totalRows: 2 });
});

describe("an output dataset", () => {
  const policy = { datasetAccessPolicy: { accessMode: "write" as const, allowedFields: ["region", "amount"] } };

  test("is proved by an encrypted object that is written, read back and removed", async () => {
    bench.grant(roles.blobContributor);
    await bench.publish("output", policy);
    expect((await read("output")).steps.at(-1)).toMatchObject({ name: "write", ok: true });
    const names: string[] = [];
    for await (const each of bench.container.listBlobsFlat({ prefix: "output/" })) names.push(each.name);
    expect(names).toEqual([]);
  });

  test("fails with a role that only reads", async () => {
    await bench.publish("output-2", policy);
    expect(failure(await read("output-2"))).toMatch(/^write: .*blobs\/write/);
  });
});

describe("a dataset in S3", () => {
  const { userOid, awsAccountId } = collaborator("contosso");
  const secrets = (name: string, value: string) =>
    bench.governance("PUT", `/contracts/${contractId}/secrets/${name}`, { value });
  const connection = (secret = "user-secret"): string =>
    Buffer.from(JSON.stringify({ awsAccessKeyId: "AKIAUSER", awsSecretAccessKey: secret })).toString("base64");
  const statement = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });

  beforeEach(() => {
    const policy = {
      Version: "2012-10-17",
      Statement: [
        statement("s3:ListBucket", `arn:aws:s3:::${bucket.name}`),
        statement("s3:GetObject", `arn:aws:s3:::${bucket.name}/*`),
      ],
    };
    const userArn = `arn:aws:iam::${awsAccountId}:user/user`;
    const secret = "user-secret";
    const policies = [JSON.stringify(policy)];
    bench.accessKeys = {
      AKIAUSER: { user: "user", userArn, account: awsAccountId, secret, status: "Active", policies },
    };
  });
  const put = async (Key: string, Body: Buffer): Promise<void> => {
    const env = bench.dataPlanes.env("contosso");
    const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
    const client = new S3Client({
      endpoint: env.AWS_ENDPOINT_URL_S3,
      region: bucket.region,
      forcePathStyle: true,
      credentials,
    });
    await client.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body }));
  };
  const s3 = (id: string) => {
    const { name, datasetSchema, datasetAccessPolicy } = bench.details(id);
    const store = {
      containerName: bucket.name,
      storageAccountUrl: "https://s3.amazonaws.com",
      storageAccountType: "Aws_S3" as const,
      encryptionMode: "SSE" as const,
      awsCgsSecretId: `${userOid}_connection`,
      subdirectory: id,
    };
    return { name, datasetSchema, datasetAccessPolicy, store, dek: null, kek: null, identity: null };
  };

  test("is read with the connection secret of the contract, in whichever region the bucket is", async () => {
    await secrets("connection", connection());
    await put("s3-plain/one.csv", Buffer.from(csv));
    await bench.publish("s3-plain", s3("s3-plain"));
    const result = await read("s3-plain");
    expect(result.steps.map(({ name }) => name)).toEqual([
      "document",
      "descriptor",
      "consent",
      "store",
      "connection secret",
      "list",
      "data",
    ]);
    expect(result).toMatchObject({ ok: true, totalRows: 2 });
  });

  test("is decrypted with the encryption key of the contract", async () => {
    await secrets("connection", connection());
    await secrets("dek", bench.dek.toString("base64"));
    await put("s3-cse/one.csv", encryptBlocks(Buffer.from(csv), bench.dek));
    await publishWithCgsKey("s3-cse");
    expect(await read("s3-cse")).toMatchObject({ ok: true, totalRows: 2 });
  });

  test("fails for another host data: governance keeps the secret", async () => {
    await secrets("connection", connection());
    await bench.publish("s3-other", s3("s3-other"));
    expect(failure(await read("s3-other", other))).toMatch(/^connection secret: /);
  });

  test("fails with keys that S3 does not accept", async () => {
    await secrets("connection", connection("another secret"));
    await bench.publish("s3-keys", s3("s3-keys"));
    expect(failure(await read("s3-keys"))).toMatch(/^list: .*signature/);
  });

  test("fails for a connection secret that is not base64 of its JSON", async () => {
    await secrets("connection", "awsAccessKeyId=AKIAUSER");
    await bench.publish("s3-secret", s3("s3-secret"));
    expect(failure(await read("s3-secret"))).toMatch(
      /^connection secret: .*-> set the connection secret in governance/,
    );
  });

  /** The frontend cannot say that a key is a secret of the contract: such a document goes through governance. */
  async function publishWithCgsKey(id: string): Promise<void> {
    const backingResource = {
      name: `${userOid}_dek`,
      type: "Cgs",
      id: "dek",
      provider: { protocol: "Cgs_Secret", url: "", configuration: "" },
    };
    const configuration = Buffer.from(JSON.stringify({ KeyType: "DEK", EncryptionMode: "CSE" })).toString("base64");
    const secretId = Buffer.from(JSON.stringify({ secretId: `${userOid}_connection` })).toString("base64");
    const provider = { protocol: "Aws_S3", url: "https://s3.amazonaws.com", configuration: secretId };
    const { datasetSchema, datasetAccessPolicy } = bench.details(id);
    const data = JSON.stringify({
      name: id,
      datasetSchema,
      datasetAccessPolicy,
      datasetAccessPoint: {
        name: id,
        type: "Volume_ReadOnly",
        path: "",
        store: { name: bucket.name, type: "Aws_S3", id, provider },
        protection: {
          proxyType: "SecureVolume__ReadOnly__Aws__S3",
          proxyMode: "Secure",
          configuration,
          encryptionSecrets: { dek: { name: "dek", secret: { secretType: "Key", backingResource } } },
        },
        subdirectory: id,
      },
    });
    const approvers = [{ approverId: userOid, approverIdType: "user" }];
    const path = `/userdocuments/${id}`;
    await bench.governance("PUT", path, { contractId, data, labels: { type: "dataset" }, approvers });
    const { version } = (await bench.governance("GET", path)) as { version: string };
    const { proposalId } = (await bench.governance("POST", `${path}/propose`, { version })) as { proposalId: string };
    await bench.governance("POST", `${path}/vote_accept`, { proposalId });
  }
});
