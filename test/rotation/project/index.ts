// A dataset with the labels of its keys and the earlier policies that KEYS names; one in S3 where it names a label for that.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import { AzureDataset, dataFile, S3Dataset, type AzureDatasetArgs, type S3DatasetArgs } from "../../../components";

type Keys = Pick<AzureDatasetArgs, "rotation" | "kekRotation" | "previousPolicies"> &
  Pick<S3DatasetArgs, "accessKeyRotation">;

const { accessKeyRotation, ...keys } = JSON.parse(process.env.KEYS ?? "{}") as Keys;

const group = new resources.ResourceGroup("rotation");
const common = {
  schema: {
    format: "csv" as const,
    fields: [
      { fieldName: "region", fieldType: "string" as const },
      { fieldName: "amount", fieldType: "number" as const },
    ],
  },
  allowedFields: ["region", "amount"],
  data: dataFile(join(__dirname, "data.csv")),
};
const sales = new AzureDataset("sales", { ...keys, ...common, resourceGroupName: group.name });
const members =
  accessKeyRotation === undefined
    ? undefined
    : new S3Dataset("members", { ...common, accessKeyRotation, region: "eu-west-1", prefix: "members" });

export const dataset = sales.documentId;
export const inBucket = members?.documentId;
