// Litware, which runs the loyalty programme and owns the clean room: shares its members from S3, provides the place for
// results, writes its part of Fabrikam's query, and votes on the whole.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import {
  AzureDataset,
  dataFile,
  getQuery,
  jsonFile,
  QueryAmendment,
  QueryApproval,
  S3Dataset,
  sqlFile,
} from "../../components";

const config = new pulumi.Config();

const members = new S3Dataset("litware-members", {
  region: new pulumi.Config("aws").require("region"),
  prefix: "members",
  schema: jsonFile(join(__dirname, "members.schema.json")),
  allowedFields: ["customer_key", "tier"],
  encryptionKey: config.requireSecret("encryptionKey"),
  deletable: config.getBoolean("deletable"),
  data: dataFile(join(__dirname, "members.csv")),
});

const group = new resources.ResourceGroup("litware-cleanroom");

const results = new AzureDataset("litware-results", {
  resourceGroupName: group.name,
  accessMode: "write",
  schema: jsonFile(join(__dirname, "results.schema.json")),
  allowedFields: ["region", "tier", "customers", "revenue"],
  allowedAddresses: config.getObject<string[]>("allowedAddresses"),
  deletable: config.getBoolean("deletable"),
  keyExpires: "2028-06-30",
});

// Our part of Fabrikam's draft: who counts as a member is ours to say.
const documentId = config.get("query") ?? "fabrikam-query";
const approve = config.get("approve");
const amendment = new QueryAmendment("fabrikam-query", {
  documentId,
  segments: [{ sequence: 2, sql: sqlFile(join(__dirname, "members.sql")), preConditions: { members: 500 } }],
});

const approval = new QueryApproval("fabrikam-query", { documentId, digest: approve }, { dependsOn: amendment });

export const dataset = members.documentId;
export const output = results.documentId;
export const queryUnderReview = getQuery({ documentId }).apply((query) => query?.text ?? ["none yet"]);
export const digestUnderReview = approval.pendingDigest;
export const vote = approval.ballot;
export const waitingFor = pulumi
  .all([amendment.reason, approval.reason])
  .apply((reasons) => reasons.filter((r) => r !== ""));
