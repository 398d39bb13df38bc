// A dataset, its secret, and a vote on a query that is not there yet.
import * as pulumi from "@pulumi/pulumi";
import { ContractSecret, DatasetDocument, QueryApproval } from "../../../components";

const config = new pulumi.Config();

const connection = new ContractSecret("connection", {
  name: "sales-connection",
  value: config.requireSecret("connection"),
});

new DatasetDocument("sales", {
  name: "contosso-sales",
  store: {
    containerName: "sales",
    storageAccountUrl: "https://s3.eu-west-1.amazonaws.com",
    storageAccountType: "Aws_S3",
    encryptionMode: "SSE",
    awsCgsSecretId: connection.secretId,
  },
  datasetSchema: { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] },
  datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] },
});

new QueryApproval("vote", { documentId: "fabrikam-query" });
