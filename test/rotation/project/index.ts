// A dataset with the labels of its keys and the earlier policies that KEYS names; one in S3 where it names a label for that;
// two under a Managed HSM instead, where it names one.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import {
  AzureDataset,
  dataFile,
  ReleaseKey,
  S3Dataset,
  WorkloadIdentity,
  type AzureDatasetArgs,
  type ReleaseKeyArgs,
  type S3DatasetArgs,
} from "../../../components";

type Keys = Pick<AzureDatasetArgs, "rotation" | "kekRotation" | "previousPolicies"> &
  Pick<S3DatasetArgs, "accessKeyRotation"> &
  Pick<ReleaseKeyArgs, "existingHsmUrl">;

const { accessKeyRotation, existingHsmUrl, ...keys } = JSON.parse(process.env.KEYS ?? "{}") as Keys;

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
const resourceGroupName = group.name;
/** A rehearsal, which ends in a destroy. */
const rehearsal = { resourceGroupName, openToEveryNetwork: true, deletable: true };

/** Two datasets under one KEK of the HSM, each with a DEK of its own; in the vault's mode and in ours. */
function inHsm(hsmUrl: NonNullable<ReleaseKeyArgs["existingHsmUrl"]>): readonly pulumi.Output<string>[] {
  const identity = new WorkloadIdentity("hsm", { resourceGroupName });
  const { principalId } = identity;
  const key = new ReleaseKey("hsm", { ...rehearsal, principalId, existingHsmUrl: hsmUrl });
  const second = new ReleaseKey("hsm-second", { ...rehearsal, principalId, sharedKek: key });
  const datasets = [
    new AzureDataset("hsm", { ...common, ...rehearsal, identity, key }),
    new AzureDataset("hsm-second", { ...common, ...rehearsal, identity, key: second, encryptionMode: "CSE" }),
  ];
  return datasets.map(({ documentId }) => documentId);
}

const sales =
  existingHsmUrl === undefined ? new AzureDataset("sales", { ...keys, ...common, ...rehearsal }) : undefined;
const members =
  accessKeyRotation === undefined
    ? undefined
    : new S3Dataset("members", {
        ...common,
        accessKeyRotation,
        region: "eu-west-1",
        prefix: "members",
        deletable: true,
      });

export const dataset = sales?.documentId;
export const underHsm = existingHsmUrl === undefined ? [] : inHsm(existingHsmUrl);
export const inBucket = members?.documentId;
