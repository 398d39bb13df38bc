// For the reader's tests: a dataset in S3, of a collaborator who did everything right.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { collaborator, contractId } from "../world";
import { type Bench, bucket } from "./testing";

const { userOid, awsAccountId } = collaborator("contosso");
const SECRET = "user-secret";
const statement = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });

/** A user whose policy lets it list and get, and no more. */
export function giveAccess(bench: Bench, change: { actions?: readonly string[]; status?: "Inactive" } = {}): void {
  const { actions = ["s3:ListBucket", "s3:GetObject"], status = "Active" } = change;
  const Statement = actions.map((action) =>
    statement(action, `arn:aws:s3:::${bucket.name}${action === "s3:ListBucket" ? "" : "/*"}`),
  );
  const userArn = `arn:aws:iam::${awsAccountId}:user/user`;
  const policies = [JSON.stringify({ Version: "2012-10-17", Statement })];
  bench.accessKeys = {
    AKIAUSER: { user: "user", userArn, account: awsAccountId, secret: SECRET, status, policies },
  };
}

export const connection = (secret = SECRET): string =>
  Buffer.from(JSON.stringify({ awsAccessKeyId: "AKIAUSER", awsSecretAccessKey: secret })).toString("base64");

export async function setSecret(bench: Bench, name: string, value: string): Promise<void> {
  await bench.governance("PUT", `/contracts/${contractId}/secrets/${name}`, { value });
}

/** As the account's administrator. */
export async function putObject(bench: Bench, Key: string, Body: Buffer): Promise<void> {
  const env = bench.dataPlanes.env("contosso");
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL_S3,
    region: bucket.region,
    forcePathStyle: true,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
  });
  await client.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body }));
  client.destroy();
}

export function bucketDetails(bench: Bench, id: string, secret = "connection") {
  const { name, datasetSchema, datasetAccessPolicy } = bench.details(id);
  const store = {
    containerName: bucket.name,
    storageAccountUrl: "https://s3.amazonaws.com",
    storageAccountType: "Aws_S3" as const,
    encryptionMode: "SSE" as const,
    awsCgsSecretId: `${userOid}_${secret}`,
    subdirectory: id,
  };
  return { name, datasetSchema, datasetAccessPolicy, store, dek: null, kek: null, identity: null };
}

/** The frontend cannot say that a key is a secret of the contract: such a document goes through governance. */
export async function publishWithSecretKey(bench: Bench, id: string, { subdirectory = id, key = "dek" } = {}) {
  const backingResource = {
    name: `${userOid}_${key}`,
    type: "Cgs",
    id: key,
    provider: { protocol: "Cgs_Secret", url: "", configuration: "" },
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64");
  const configuration = encode({ KeyType: "DEK", EncryptionMode: "CSE" });
  const secretId = encode({ secretId: `${userOid}_connection` });
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
      subdirectory,
    },
  });
  const approvers = [{ approverId: userOid, approverIdType: "user" }];
  const path = `/userdocuments/${id}`;
  await bench.governance("PUT", path, { contractId, data, labels: { type: "dataset" }, approvers });
  const { version } = (await bench.governance("GET", path)) as { version: string };
  const { proposalId } = (await bench.governance("POST", `${path}/propose`, { version })) as { proposalId: string };
  await bench.governance("POST", `${path}/vote_accept`, { proposalId });
}
