// Datasets in stores with real folders and in OneLake, one function a scenario; its answer is the stack's outputs.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import { AzureDataset, dataFile, OneLakeDataset, WorkloadIdentity } from "../../../components";

const data = dataFile(join(__dirname, "visits.json"));
const allowedFields = ["region", "visits"];

/** Data lake and OneLake, each with a schema that is read from the data. */
export function lakes(): object {
  const group = new resources.ResourceGroup("stores");
  const common = { resourceGroupName: group.name, schema: "inferred", allowedFields, data } as const;
  const identity = new WorkloadIdentity("visits", { resourceGroupName: group.name });
  const lake = new AzureDataset("lake", { ...common, identity, hierarchicalNamespace: true, subdirectory: "2026/q1" });
  const oneLake = new OneLakeDataset("one-lake", {
    ...common,
    identity,
    workspace: "contosso-workspace",
    item: "data.Lakehouse",
    path: "Files/visits",
    endpointUrl: process.env.ONE_LAKE,
  });
  return {
    lake: lake.documentId,
    oneLake: oneLake.documentId,
    rightsToGive: oneLake.rightsToGive,
    principalId: identity.principalId,
  };
}
