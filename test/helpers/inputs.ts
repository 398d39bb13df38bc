// Inputs as a program of a collaborator would give them, small enough to read in a test.
import type { Properties } from "./provider-process";

const fields = [
  { fieldName: "region", fieldType: "string" },
  { fieldName: "amount", fieldType: "number" },
];

/** A dataset in an Azure store; `change` replaces whole inputs. */
export function azureDataset(name: string, change: Properties = {}): Properties {
  return {
    name,
    store: {
      containerName: name,
      storageAccountUrl: `https://${name}.blob.example/`,
      storageAccountType: "Azure_BlobStorage",
      encryptionMode: "SSE",
    },
    identity: { name, clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer.example/" },
    datasetSchema: { format: "csv", fields },
    datasetAccessPolicy: { accessMode: "read", allowedFields: ["region", "amount"] },
    ...change,
  };
}

/** A dataset in a bucket, encrypted with a key that is a governance secret. */
export function s3Dataset(name: string, change: Properties = {}): Properties {
  return {
    name,
    store: {
      containerName: name,
      storageAccountUrl: "https://s3.eu-west-1.amazonaws.com",
      storageAccountType: "Aws_S3",
      encryptionMode: "CSE",
      awsCgsSecretId: `${name}-connection`,
    },
    dek: { cgsSecretId: `${name}-key` },
    datasetSchema: { format: "csv", fields },
    datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] },
    ...change,
  };
}
