// Contosso, a retailer: shares its sales from Azure, encrypted before they leave, and votes on queries over them.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { AzureDataset, dataFile, getQuery, jsonFile, QueryApproval } from "../../components";

const config = new pulumi.Config();

const group = new resources.ResourceGroup("contosso-cleanroom");

const sales = new AzureDataset("contosso-sales", {
  resourceGroupName: group.name,
  schema: jsonFile(join(__dirname, "sales.schema.json")),
  // Days and products stay with us: no query may ask when a customer bought what.
  allowedFields: ["customer_key", "region", "amount"],
  encryptionMode: "CSE",
  allowedAddresses: config.getObject<string[]>("allowedAddresses"),
  deletable: config.getBoolean("deletable"),
  keyExpires: "2028-06-30",
  data: dataFile(join(__dirname, "sales.csv")),
});

// Fabrikam's query: accepted once we have reviewed it, and only as it was then.
const documentId = config.get("query") ?? "fabrikam-query";
const approve = config.get("approve");
const approval = new QueryApproval("fabrikam-query", { documentId, digest: approve });

export const dataset = sales.documentId;
export const queryUnderReview = getQuery({ documentId }).apply((query) => query?.text ?? ["none yet"]);
export const digestUnderReview = approval.pendingDigest;
export const vote = approval.ballot;
export const waitingFor = approval.reason;
