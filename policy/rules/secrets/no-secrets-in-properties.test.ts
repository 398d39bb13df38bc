import { STORAGE_ACCOUNT } from "../../resources/azure";
import { testRule, UNKNOWN, secret } from "../../../test/helpers/rule-cases";
import { noSecretsInProperties } from "./no-secrets-in-properties";

const account = (note: unknown): { type: string; inputs: object } => ({
  type: STORAGE_ACCOUNT,
  inputs: { tags: { note } },
});
const TOKEN = `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.${"c".repeat(20)}`;
const holds = (kind: string): string => `Storage account 'sales' holds ${kind} in its plain property tags.note`;

testRule(noSecretsInProperties, {
  violations: [
    { what: "a token", given: account(TOKEN), says: holds("a signed token (JWT)") },
    {
      what: "a private key",
      given: account("-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
      says: holds("a private key"),
    },
    {
      what: "a connection string",
      given: account(
        `DefaultEndpointsProtocol=https;AccountName=sales;AccountKey=${"A".repeat(86)}==;EndpointSuffix=core.windows.net`,
      ),
      says: holds("a storage account's connection string"),
    },
    {
      what: "a shared access signature",
      given: account(`https://sales.blob.core.windows.net/?sv=2024&sig=${"x".repeat(40)}%3D`),
      says: holds("a shared access signature"),
    },
    {
      what: "an AWS key",
      given: account(JSON.stringify({ awsSecretAccessKey: "k".repeat(40) })),
      says: holds("an AWS secret access key"),
    },
    {
      what: "a url with a password",
      given: account("postgres://reader:hunter22@db.example/sales"),
      says: holds("a url with a password"),
    },
  ],
  complies: [
    { what: "a secret that is marked as one", given: account(secret(TOKEN)) },
    {
      what: "plain words, digests and ids",
      given: account(`sha256:${"ab".repeat(32)} of c0a70550-0000-4000-8000-0000000000a1`),
    },
    {
      what: "a release policy in base64url",
      given: account(Buffer.from(JSON.stringify({ version: "1.0.0", anyOf: [] })).toString("base64url")),
    },
    {
      what: "a property that is configured to be ignored",
      given: account(TOKEN),
      settings: { ignored: ["tags.note"] },
    },
  ],
  unknown: { what: "a property", given: account(UNKNOWN), path: "tags.note of Storage account 'sales'" },
  missing: { what: "a resource without properties", given: { type: STORAGE_ACCOUNT }, says: undefined },
});
