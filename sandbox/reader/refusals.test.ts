// What the reader refuses: on datasets that can be read, each test breaks one thing, and looks at the step that says so and
// at what it tells the collaborator to mend. One sandbox for all of them.
import * as tls from "node:tls";
import type { DatasetDetails, DatasetSchema, EncryptionMode } from "../../contract";
import type { ReadResult, ReadStep } from "../admin";
import { cleanRoomHostData, collaborator, contractId } from "../world";
import { encryptBlocks } from "./encrypt";
import { account, Bench, bucket, roles, vault } from "./testing";
import { bucketDetails, connection, giveAccess, publishWithSecretKey, putObject, setSecret } from "./testing-bucket";

const csv = "region,amount,customer\nnorth,1.5,Ada\nsouth,2,Bob\n";
const other = "ab".repeat(32);
const anotherKey = Buffer.alloc(32, 3);
const { userOid } = collaborator("contosso");
let bench: Bench;
let broken = 0;

beforeAll(async () => {
  bench = await Bench.start();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), bench.services.tls.ca]);
  bench.reset();
  await bench.makeKeys("kek");
  await bench.upload("data/one.csv", csv, bench.dek);
  await bench.publish("data");
  await setSecret(bench, "connection", connection());
  await setSecret(bench, "dek", bench.dek.toString("base64"));
  await putObject(bench, "s3/one.csv", Buffer.from(csv));
  await putObject(bench, "s3-cse/one.csv", encryptBlocks(Buffer.from(csv), bench.dek));
  await bench.publish("s3", bucketDetails(bench, "s3"));
  await publishWithSecretKey(bench, "s3-cse");
});
beforeEach(() => {
  bench.reset();
  giveAccess(bench);
});
afterAll(() => bench.end());

/** Publishes a dataset over the same data, with one change; its id. */
async function published(change: (details: DatasetDetails) => Partial<DatasetDetails>): Promise<string> {
  const id = `broken-${++broken}`;
  const details = bench.details(id);
  const same = { ...details, store: { ...details.store, subdirectory: "data" } };
  await bench.publish(id, { ...same, ...change(same) });
  return id;
}

/** The same, over a file of its own, encrypted as the dataset says. */
async function withFile(name: string, text: string, schema: Partial<DatasetSchema> = {}): Promise<string> {
  return published((details) => ({
    store: { ...details.store, subdirectory: `data-${broken}` },
    datasetSchema: { ...details.datasetSchema, ...schema },
  })).then(async (id) => {
    await bench.upload(`data-${broken}/${name}`, text, bench.dek);
    return id;
  });
}

/** The same, with keys of its own. */
async function withKeys(...[name, change]: Parameters<Bench["makeKeys"]>): Promise<string> {
  await bench.makeKeys(name, change);
  return published((details) => ({
    dek: { ...details.dek!, secretId: `wrapped-${name}` },
    kek: { ...details.kek!, secretId: name },
  }));
}

const withMode = (mode: EncryptionMode, subdirectory: string): Promise<string> =>
  published(({ store, dek, kek }) => ({
    store: { ...store, encryptionMode: mode, subdirectory },
    ...(mode === "SSE" ? { dek: null, kek: null } : { dek, kek }),
  }));

const credential = (change: object): void => {
  const [given] = bench.identity.credentials;
  bench.identity = { ...bench.identity, credentials: [{ ...given, ...change }] };
};

const denying = (Condition?: object): void => {
  const Statement = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition };
  bench.bucket = { ...bucket, policy: JSON.stringify({ Statement: [Statement] }) };
};
const elsewhere = { defaultAction: "Deny", ranges: ["198.51.100.0/24"] } as const;

interface Refusal {
  /** Breaks one thing. Answers the dataset that is read then. @default "data" */
  readonly by: () => Promise<string | void> | string | void;
  readonly step: string;
  readonly says: RegExp;
  /** Phrase of what is to be mended. */
  readonly mend: string;
  readonly caution?: string;
}

const inGovernance: Record<string, Refusal> = {
  "a document that is not there": {
    by: () => "none",
    step: "document",
    says: /^governance has no document "none"/,
    mend: "publish the dataset and have it accepted",
  },
  "a document that is only proposed": {
    by: async () => {
      const { data } = (await bench.governance("GET", "/userdocuments/data")) as { data: string };
      const approvers = [{ approverId: userOid, approverIdType: "user" }];
      const draft = { contractId, data, labels: { type: "dataset" }, approvers };
      await bench.governance("PUT", "/userdocuments/open", draft);
      const { version } = (await bench.governance("GET", "/userdocuments/open")) as { version: string };
      await bench.governance("POST", "/userdocuments/open/propose", { version });
      return "open";
    },
    step: "document",
    says: /^document open is Proposed, not Accepted/,
    mend: "publish the dataset and have it accepted",
  },
  "a consent that was disabled": {
    by: async () => {
      const id = await published(() => ({}));
      await bench.governance("POST", `/userdocuments/${id}/runtimeoptions/execution/disable`, {});
      return id;
    },
    step: "consent",
    says: /^execution is disabled: .*disabled by the following approver/,
    mend: 'DocumentConsent with the argument `consent: "enabled"`',
  },
};

const ofIdentity: Record<string, Refusal> = {
  "another federated subject": {
    by: () => credential({ subject: "analytics-somebody" }),
    step: "identity",
    says: /^AADSTS700213: .*Subjects of its credentials: analytics-somebody/,
    mend: `federated credential with subject ${contractId}-${userOid}, the contract and the object id of the document's owner (WorkloadIdentity`,
  },
  "another federated issuer": {
    by: () => credential({ issuer: "https://elsewhere" }),
    step: "identity",
    says: /^AADSTS700211: .*Issuers of its credentials: https:\/\/elsewhere/,
    mend: "the issuer must be the same in governance, its discovery document, the credential and the dataset",
  },
  "another issuer in the dataset": {
    by: () => published(({ identity }) => ({ identity: { ...identity!, issuerUrl: "https://elsewhere" } })),
    step: "identity",
    says: /^AADSTS700211: .*assertion issuer 'https:\/\/elsewhere'/,
    mend: "the issuer must be the same in governance, its discovery document, the credential and the dataset",
  },
  "another audience": {
    by: () => credential({ audiences: ["api://Somewhere"] }),
    step: "identity",
    says: /^AADSTS700212: .*Audiences of its credentials: api:\/\/Somewhere/,
    mend: "federated credential with audience api://AzureADTokenExchange (WorkloadIdentity",
  },
  "an identity that was deleted": {
    by: () => {
      bench.identity = { ...bench.identity, clientId: "another" };
    },
    step: "identity",
    says: /^AADSTS700016: .*was not found in the directory/,
    mend: "managed identity that exists: AzureDataset takes them from its argument `identity`",
  },
  "no role on the container": {
    by: () => bench.revoke(roles.blobReader),
    step: "list",
    says: /has no role for .*blobs\/read on .*containers\/sales/,
    mend: "the role Storage Blob Data Reader on the container sales: BlobAccess does, with the arguments `principalId` and `containerId`",
  },
  "no role on the key": {
    by: () => bench.revoke(roles.releaseUser),
    step: "key release",
    says: /keys\/release\/action/,
    mend: "the role Key Vault Crypto Service Release User on the key kek: ReleaseKey does, with the argument `principalId`",
  },
  "no role on the secret": {
    by: () => bench.revoke(roles.secretsUser),
    step: "data key",
    says: /secrets\/getSecret\/action/,
    mend: "the role Key Vault Secrets User on the secret wrapped-kek: ReleaseKey does, with the argument `principalId`",
  },
};

const ofKeys: Record<string, Refusal> = {
  "another host data in the key's policy": {
    by: () => withKeys("host-data", { hostData: other }),
    step: "key release",
    says: /do not meet the policy: x-ms-sevsnpvm-hostdata$/,
    mend: `let the key's release policy admit host data ${cleanRoomHostData}`,
  },
  "another x-ms-attestation-type in the key's policy": {
    by: () => withKeys("attestation-type", { attestationType: "tdxvm" }),
    step: "key release",
    says: /do not meet the policy: x-ms-attestation-type$/,
    mend: "x-ms-attestation-type sevsnpvm",
  },
  "another authority in the key's policy": {
    by: () => withKeys("authority", { authority: "https://attest.example" }),
    step: "key release",
    says: /is not an authority of the policy \(https:\/\/attest.example\)$/,
    mend: "ReleaseKey writes it of its argument `details`, and `pulumi up` brings a changed one to the key",
  },
  "another authority in the document": {
    by: () => published(({ kek }) => ({ kek: { ...kek!, maaUrl: "https://attest.example" } })),
    step: "key release",
    says: /^the descriptor's attestation service is "https:\/\/attest.example", the clean room's is https:\/\/localhost/,
    mend: "publish the dataset with the clean room's attestation service as maaUrl of its key encryption key",
  },
  "a key that is not exportable": {
    by: () => withKeys("kept", { exportable: false }),
    step: "key release",
    says: /^The key is not exportable, or has no release policy/,
    mend: "publish with another key: exportable can't be changed on one that exists",
  },
  "a key that was disabled": {
    by: () => withKeys("disabled", { attributes: { enabled: false } }),
    step: "key release",
    says: /not allowed on a disabled key/,
    mend: "az keyvault key set-attributes --id https://localhost",
  },
  "a key that has expired": {
    by: () => withKeys("expired", { attributes: { expiresOn: new Date(Date.now() - 1_000) } }),
    step: "key release",
    says: /key expired expired at/,
    mend: "the argument `keyExpires` of ReleaseKey or AzureDataset",
  },
  "a key that is not valid yet": {
    by: () => withKeys("early", { attributes: { notBefore: new Date(Date.now() + 3_600_000) } }),
    step: "key release",
    says: /key early is not valid before/,
    mend: "wait until the key is valid",
  },
  "a key that is not there": {
    by: () => published(({ kek }) => ({ kek: { ...kek!, secretId: "nowhere" } })),
    step: "key release",
    says: /\(name\/id\) nowhere was not found/,
    mend: "bring the key back (az keyvault key recover)",
  },
  "a data key wrapped with another key encryption key": {
    by: () =>
      withKeys("other-kek").then(async (id) => {
        const { value = "" } = await bench.secrets.getSecret("wrapped-kek");
        await bench.secrets.setSecret("wrapped-other-kek", value);
        return id;
      }),
    step: "data key",
    says: /^secret wrapped-other-kek was wrapped with another key encryption key than the one released/,
    mend: "`pulumi refresh`, then `pulumi up`, lets ReleaseKey do so",
  },
  "a data key wrapped by another algorithm": {
    by: () => withKeys("sha1", { hash: "sha1" }),
    step: "data key",
    says: /^secret wrapped-sha1 was wrapped by RSA-OAEP, with SHA-1, not by RSA-OAEP-256$/,
    mend: "wrap the data encryption key with this key encryption key by RSA-OAEP-256",
  },
  "a wrapped data key that was overwritten": {
    by: () =>
      withKeys("overwritten").then(async (id) => {
        await bench.secrets.setSecret("wrapped-overwritten", "bm8ga2V5");
        return id;
      }),
    step: "data key",
    says: /^secret wrapped-overwritten holds 6 bytes in base64, which is no key wrapped by an RSA key of 2048 bits/,
    mend: "`pulumi refresh`, then `pulumi up`, lets ReleaseKey do so",
  },
  "a wrapped data key that was disabled": {
    by: async () => {
      const id = await withKeys("secret-disabled");
      const { properties } = await bench.secrets.getSecret("wrapped-secret-disabled");
      await bench.secrets.updateSecretProperties(properties.name, properties.version ?? "", { enabled: false });
      return id;
    },
    step: "data key",
    says: /not allowed on a disabled secret/,
    mend: "secrets/wrapped-secret-disabled --enabled true",
  },
  "a wrapped data key of another size": {
    by: () => withKeys("short", { dek: Buffer.alloc(16) }),
    step: "data key",
    says: /^the data encryption key has 16 bytes, not 32$/,
    mend: "wrap the data encryption key",
  },
};

const ofData: Record<string, Refusal> = {
  "another data key than the data was encrypted with": {
    by: () => withKeys("other-dek", { dek: anotherKey }),
    step: "data",
    says: /^block 0 is not authentic: encrypted with another key than the dataset's, or changed since$/,
    mend: "encrypt the file with the dataset's data encryption key, in blocks of 16 MiB",
  },
  "another data key than the data's own marks name": {
    by: async () => {
      const id = await withMode("CSE", "marked");
      await bench.upload("marked/one.csv", csv, anotherKey, { cleanroommode: "CSE", cleanroomkey: "0123456789abcdef" });
      return id;
    },
    step: "data",
    says: /^marked\/one.csv was encrypted with the key of fingerprint 0123456789abcdef, the dataset's is [0-9a-f]{16}: encrypted with one key, wrapped another$/,
    mend: "with the key that is wrapped for it",
  },
  "data in the store that nobody encrypted (CSE)": {
    by: async () => {
      await bench.upload("plain/one.csv", csv);
      return withMode("CSE", "plain");
    },
    step: "data",
    says: /is not client-side encrypted with this block size$/,
    mend: "before it leaves: the argument `data` of AzureDataset or S3Dataset does, or Upload with encryptionMode CSE",
  },
  "data in the store that nobody encrypted (CPK)": {
    by: async () => {
      await bench.upload("plain-cpk/one.csv", csv);
      return withMode("CPK", "plain-cpk");
    },
    step: "data",
    says: /^The blob is not encrypted with customer specified encryption, but one was provided in the request/,
    mend: "as customer provided key: the argument `data` of AzureDataset does, or Upload with encryptionMode CPK",
  },
  "client-side encrypted data where the store encrypts": {
    by: async () => {
      await bench.upload("sse/one.csv", csv, bench.dek, { cleanroommode: "CSE" });
      return withMode("SSE", "sse");
    },
    step: "data",
    says: /^sse\/one.csv was brought up as CSE, the dataset says SSE$/,
    mend: "bring the data up again: the argument `data` of AzureDataset and S3Dataset encrypts as the dataset says",
  },
  "the wrong subdirectory": {
    by: () => withMode("CSE", "dato"),
    step: "list",
    says: /^there is no data in sales\/dato\/$/,
    mend: "`subdirectory` of AzureDataset, `prefix` of S3Dataset (there is data in data",
    caution: "the query runs over no rows",
  },
  "a file in another format": {
    by: () => withFile("one.json", '{"region":"north","amount":1,"customer":"Ada"}\n'),
    step: "list",
    says: /^there is no \.csv file in sales\/data-\d+\/, but data-\d+\/one\.json$/,
    mend: "whose name ends in .csv, or publish the dataset with the schema's format that the file has",
    caution: "files that do not end in .csv are passed over, and the query runs over no rows",
  },
  "a file whose content is of another format than its name": {
    by: () => withFile("one.json", csv, { format: "json" }),
    step: "data",
    says: /one\.json, line 1: not a JSON object$/,
    mend: "let file and schema say the same",
    caution: "read as null, and the query runs",
  },
  "a field of the schema that the file lacks": {
    by: () => withFile("one.csv", "region,customer\nnorth,Ada\n"),
    step: "data",
    says: /the schema's field amount is missing; there are region, customer$/,
    mend: "the arguments `data` and `schema` of AzureDataset or S3Dataset",
    caution: "read as null, and the query runs",
  },
  "a row that is too short": {
    by: () => withFile("one.csv", "north\n"),
    step: "data",
    says: /row 1: the schema's field amount is missing; there are region$/,
    mend: "the arguments `data` and `schema` of AzureDataset or S3Dataset",
    caution: "read as null, and the query runs",
  },
  "columns in another order than the schema's fields": {
    by: () => withFile("one.csv", "amount,region,customer\n1,north,Ada\n"),
    step: "data",
    says: /its columns are amount, region, customer, the schema's fields region, amount, customer, and a CSV file is read by position$/,
    mend: "the arguments `data` and `schema` of AzureDataset or S3Dataset",
    caution: "each column is read as the field at its place",
  },
  "a value of another type than the schema's": {
    by: () => withFile("one.csv", "region,amount,customer\nnorth,much,Ada\n"),
    step: "data",
    says: /row 1: amount is "much", which is not of type number$/,
    mend: "the arguments `data` and `schema` of AzureDataset or S3Dataset",
    caution: "read as null, and the query runs",
  },
};

const ofNetworks: Record<string, Refusal> = {
  "network rules of the account that do not let it in": {
    by: () => {
      bench.account = { ...account, network: elsewhere };
    },
    step: "list",
    says: /^This request is not authorized to perform this operation/,
    mend: "into account: the argument `allowedAddresses` of BlobStore or AzureDataset",
  },
  "network rules of the vault that do not let it in": {
    by: () => {
      bench.vault = { ...vault, network: elsewhere };
    },
    step: "key release",
    says: /^Client address is not authorized and caller is not a trusted service/,
    mend: "the argument `allowedAddresses` of ReleaseKey or AzureDataset",
  },
};

const inS3: Record<string, Refusal> = {
  "a connection secret that was overwritten": {
    by: async () => {
      await setSecret(bench, "overwritten", "awsAccessKeyId=AKIAUSER");
      const id = `broken-${++broken}`;
      await bench.publish(id, bucketDetails(bench, id, "overwritten"));
      return id;
    },
    step: "connection secret",
    says: /_overwritten is not base64 of JSON$/,
    mend: "set the connection secret again, JSON of awsAccessKeyId and awsSecretAccessKey: S3Dataset does",
  },
  "a connection secret that was never set": {
    by: async () => {
      const id = `broken-${++broken}`;
      await bench.publish(id, bucketDetails(bench, id, "unset"));
      return id;
    },
    step: "connection secret",
    says: /_unset' was not found/,
    mend: "set the connection secret again",
  },
  "a connection secret with another secret access key": {
    by: async () => {
      await setSecret(bench, "stale", connection("another secret"));
      const id = `broken-${++broken}`;
      await bench.publish(id, bucketDetails(bench, id, "stale"));
      return id;
    },
    step: "list",
    says: /^The request signature we calculated does not match/,
    mend: "awsSecretAccessKey is not that of AKIAUSER; put a key that works into the secret",
  },
  "an encryption key that was overwritten with another": {
    by: async () => {
      await setSecret(bench, "other-dek", anotherKey.toString("base64"));
      await publishWithSecretKey(bench, "s3-other-dek", { subdirectory: "s3-cse", key: "other-dek" });
      return "s3-other-dek";
    },
    step: "data",
    says: /^block 0 is not authentic/,
    mend: "encrypt the file with the dataset's data encryption key",
  },
  "an encryption key that was overwritten with no key": {
    by: async () => {
      await setSecret(bench, "no-dek", "bm8ga2V5");
      await publishWithSecretKey(bench, "s3-no-dek", { subdirectory: "s3-cse", key: "no-dek" });
      return "s3-no-dek";
    },
    step: "data key",
    says: /^the data encryption key has 6 bytes, not 32$/,
    mend: "the argument `encryptionKey` of S3Dataset",
  },
  "an access key that is inactive": {
    by: () => (giveAccess(bench, { status: "Inactive" }), "s3"),
    step: "list",
    says: /does not exist in our records/,
    mend: "the access key AKIAUSER was deleted or is inactive; put a key that works into the secret",
  },
  "an access key that was deleted": {
    by: () => ((bench.accessKeys = {}), "s3"),
    step: "list",
    says: /does not exist in our records/,
    mend: "BucketAccess makes one, ContractSecret (or S3Dataset) sets it",
  },
  "a user that may not list": {
    by: () => (giveAccess(bench, { actions: ["s3:GetObject"] }), "s3"),
    step: "list",
    says: /because no identity-based policy allows the s3:ListBucket action/,
    mend: "allow the user s3:ListBucket on the bucket bucket",
  },
  "a user that may list and not get": {
    by: () => (giveAccess(bench, { actions: ["s3:ListBucket"] }), "s3"),
    step: "data",
    says: /because no identity-based policy allows the s3:GetObject action/,
    mend: "BucketAccess does, with the arguments `bucket`, `prefix` and `accessMode`",
  },
  "a bucket policy that denies": {
    by: () => (denying(), "s3"),
    step: "data",
    says: /with an explicit deny in a resource-based policy$/,
    mend: "take from the bucket bucket's own policy the statement that denies it",
  },
  "a bucket policy that denies every other address": {
    by: () => (denying({ NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } }), "s3"),
    step: "data",
    says: /with an explicit deny in a resource-based policy$/,
    mend: "aws s3api get-bucket-policy --bucket bucket",
  },
  "a bucket that was deleted": {
    by: () => {
      bench.bucket = { ...bucket, name: "another" };
      return "s3";
    },
    step: "list",
    says: /bucket does not exist: bucket$/,
    mend: "the argument `existingBucket` of S3Dataset",
  },
};

const last = ({ steps }: ReadResult): ReadStep | undefined => steps.at(-1);

test.each(["data", "s3", "s3-cse"])("%s is read when nothing is broken", async (id) => {
  const result = await bench.reader.read(id);
  expect(last(result)).toMatchObject({ name: "data", ok: true });
  expect(result).toMatchObject({ ok: true, totalRows: 2 });
});

describe.each([
  ["in governance", inGovernance],
  ["of the identity", ofIdentity],
  ["of the keys", ofKeys],
  ["of the data", ofData],
  ["of networks", ofNetworks],
  ["in S3", inS3],
])("fails, %s, and says what to mend:", (_where, refusals) => {
  test.each(Object.entries(refusals))("%s", async (_what, { by, step, says, mend, caution }) => {
    const result = await bench.reader.read((await by()) || "data");
    expect(result.ok).toBe(false);
    expect(last(result)).toMatchObject({ name: step, ok: false, detail: expect.stringMatching(says) as string });
    expect(last(result)?.remedy).toContain(mend);
    expect(last(result)?.caution ?? "").toContain(caution ?? "");
    expect(last(result)?.caution === undefined).toBe(caution === undefined);
  });
});
