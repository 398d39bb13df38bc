// What a collaborator's program does with identities, one function a scenario; its answer is the stack's outputs.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import {
  AzureDataset,
  dataFile,
  getCleanRoomDetails,
  getIssuerPlaces,
  OidcIssuer,
  PipelineIdentity,
  WorkloadIdentity,
  type CleanRoomDetails,
} from "../../../components";

/** The clean room's details, as those of another clean room of the same issuer. */
function room(contract: string): pulumi.Output<CleanRoomDetails> {
  return getCleanRoomDetails().apply((details) => ({
    ...details,
    cleanroomIdentity: { ...details.cleanroomIdentity, subject: `${contract}-${details.ownerId}` },
  }));
}

const shared = { resourceGroupName: "shared", existingIdentityName: "shared" };

/** On one identity that exists: our clean room and two others, from two components that know nothing of each other. */
export function several(): object {
  const first = new WorkloadIdentity("first", { ...shared, alsoTrusts: { staging: room("staging") } });
  const second = new WorkloadIdentity("second", { ...shared, details: room("other") });
  return { subject: first.subject, other: second.subject, issuer: first.issuerUrl };
}

/** A dataset that the clean room signs in for by an issuer of the tenant's own. */
export function ownIssuer(): object {
  const group = new resources.ResourceGroup("issuer");
  const issuer = new OidcIssuer("issuer", { resourceGroupName: group.name, deletable: true });
  const identity = new WorkloadIdentity("sales", { resourceGroupName: group.name, details: issuer.details });
  const sales = new AzureDataset("sales", {
    resourceGroupName: group.name,
    details: issuer.details,
    identity,
    openToEveryNetwork: true,
    deletable: true,
    encryptionMode: "SSE",
    schema: { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] },
    allowedFields: ["region"],
    data: dataFile(join(__dirname, "sales.csv")),
  });
  return {
    dataset: sales.documentId,
    issuerUrl: issuer.issuerUrl,
    places: getIssuerPlaces({
      issuerUrl: issuer.issuerUrl,
      identityId: identity.id,
      documentId: sales.documentId,
    }),
  };
}

/** A pipeline of a server whose issuer the test is, with rights in one of two resource groups. */
export function pipeline(): object {
  const group = new resources.ResourceGroup("stack");
  const other = new resources.ResourceGroup("other");
  const { ISSUER: issuer } = process.env;
  const made = new PipelineIdentity("pipeline", {
    github: { main: { repository: "contosso/cleanroom", branch: "main", issuer } },
    resourceGroupIds: { stack: group.id },
  });
  return {
    clientId: made.clientId,
    tenantId: made.tenantId,
    registration: made.registration,
    group: group.id,
    other: other.id,
  };
}

/** What a pipeline's run previews: the clean room as it is shown to whoever is signed in. */
export function asPipeline(): object {
  return { subject: getCleanRoomDetails().cleanroomIdentity.subject };
}

/** As above, and nothing of it. */
export function nothing(): object {
  return {};
}
