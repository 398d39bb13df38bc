// The bodies that the frontend takes, with the rules that it checks itself before it asks anyone.
import type { DatasetDetails } from "../../contract";
import type { Field, ObjectModel } from "./binding";

const NAMESPACE = "FrontendSvc.Models";

const text: Field = { model: { kind: "string", notBlank: true }, required: true };
const plain: Field = { model: { kind: "string" }, nullable: true };
const orEmpty: Field = { model: { kind: "string" }, fallback: "" };
const choice = (name: string, ...members: string[]): Field => ({
  model: { kind: "enum", name: `${NAMESPACE}.${name}`, members },
  required: true,
});
const object = (name: string, fields: ObjectModel["fields"], rules?: ObjectModel["rules"]): ObjectModel => ({
  kind: "object",
  name: `${NAMESPACE}.${name}`,
  fields,
  rules,
});

const store = object(
  "CCF.DatasetStore",
  {
    containerName: text,
    storageAccountUrl: text,
    storageAccountType: choice(
      "ResourceType",
      "Azure_BlobStorage",
      "Azure_BlobStorage_DataLakeGen2",
      "Azure_OneLake",
      "AzureKeyVault",
      "Aws_S3",
      "Cgs",
      "AzureContainerRegistry",
    ),
    encryptionMode: choice("CCF.EncryptionMode", "CSE", "CPK", "SSE"),
    awsCgsSecretId: orEmpty,
    subdirectory: orEmpty,
  },
  ({ storageAccountType, awsCgsSecretId }) =>
    storageAccountType === "Aws_S3" && isBlank(awsCgsSecretId)
      ? [["", "AWS CGS Secret is required for AWS S3 stores."]]
      : [],
);

const identity = object("CCF.DatasetIdentity", { clientId: text, issuerUrl: text, tenantId: text, name: text });
const secret = object("CCF.DatasetEncryptionSecret", { secretId: text, keyVaultUrl: text, maaUrl: plain });
const field = object("DataField", {
  fieldName: text,
  fieldType: choice("DataFieldType", "string", "integer", "number", "boolean", "date", "long", "timestamp"),
});
const schema = object("DataSchema", {
  format: choice("DataFormat", "csv", "json", "parquet"),
  fields: { model: { kind: "list", of: field }, required: true },
});
const accessPolicy = object("DataAccessPolicy", {
  accessMode: choice("AccessMode", "read", "write"),
  allowedFields: { model: { kind: "list", of: { kind: "string" } }, required: true },
});

export const datasetDetails = object(
  "CCF.DatasetDetails",
  {
    name: text,
    datasetSchema: { model: schema, required: true },
    datasetAccessPolicy: { model: accessPolicy, required: true },
    dek: { model: secret, nullable: true },
    kek: { model: secret, nullable: true },
    identity: { model: identity, nullable: true },
    store: { model: store, required: true },
  },
  (value) => datasetRules(value as unknown as DatasetDetails),
);

function datasetRules({
  store: { storageAccountType, encryptionMode },
  identity: who,
  dek,
  kek,
}: DatasetDetails): [string, string][] {
  const found: [string, string][] = [];
  if (storageAccountType.toLowerCase().includes("azure") && who == null) {
    found.push(["Identity", "Identity is required when StorageAccountType is an Azure type."]);
  }
  if (encryptionMode === "CSE" || encryptionMode === "CPK") {
    if (dek == null || kek == null) found.push(["", "Dek & Kek details are required for encryption mode CSE and CPK."]);
    else if (encryptionMode === "CPK" && isBlank(kek.maaUrl)) {
      found.push(["", "MaaUrl is required for Kek details for encryption mode CPK."]);
    }
  }
  return found;
}

const queryData = object("CCF.QueryData", {
  postFilters: orEmpty,
  preConditions: orEmpty,
  executionSequence: { model: { kind: "integer" }, required: true },
  data: text,
});

export const queryDetails = object("CCF.QueryDetails", {
  queryData: { model: { kind: "list", of: queryData }, required: true },
  inputDatasets: text,
  outputDataset: text,
});

const request = (name: string, fields: ObjectModel["fields"]): ObjectModel => ({
  kind: "object",
  name: `FrontendSvc.Api.V2026_03_01_Preview.Models.${name}`,
  fields,
});
const there: Field = { model: { kind: "string" }, required: true };
const given: Field = { model: { kind: "string" } };

export const voteRequest = request("VoteRequest", { proposalId: given, voteAction: given });
export const consentRequest = request("ConsentActionRequest", { consentAction: given });
export const secretRequest = request("SecretValueRequest", { secretConfig: there });
export const issuerRequest = request("SetIssuerUrlInput", { url: there });
export const runRequest = request("QueryRunInput", { runId: there, startDate: plain, endDate: plain });

export const isBlank = (value: unknown): boolean => typeof value !== "string" || value.trim() === "";
