// A dataset through the frontend; and a secret with a dataset that names it, through governance.
import * as pulumi from "@pulumi/pulumi";
import { ContractSecret, DatasetDocument, type DatasetDocumentArgs } from "../../../components";

const tag = pulumi.getStack();

const datasetSchema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const datasetAccessPolicy: DatasetDocumentArgs["datasetAccessPolicy"] = {
  accessMode: "read",
  allowedFields: ["region"],
};

const sales = new DatasetDocument("sales", {
  name: `${tag}-sales`,
  store: {
    containerName: "sales",
    storageAccountUrl: "https://sales.blob.example/",
    storageAccountType: "Azure_BlobStorage",
    encryptionMode: "SSE",
  },
  identity: { name: "sales", clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer.example/" },
  datasetSchema,
  datasetAccessPolicy,
});

const key = new ContractSecret(
  "key",
  { name: `${tag}-key`, value: Buffer.alloc(32, 7).toString("base64"), encoding: "base64" },
  { dependsOn: sales },
);

new DatasetDocument("members", {
  name: `${tag}-members`,
  store: {
    containerName: "members",
    storageAccountUrl: "https://s3.eu-west-1.amazonaws.com",
    storageAccountType: "Aws_S3",
    encryptionMode: "CSE",
    awsCgsSecretId: key.secretId,
  },
  dek: { cgsSecretId: key.secretId },
  datasetSchema,
  datasetAccessPolicy,
});
