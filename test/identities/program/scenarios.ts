// What a collaborator's program does with identities, one function a scenario; its answer is the stack's outputs.
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails, WorkloadIdentity, type CleanRoomDetails } from "../../../components";

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

/** As above, and nothing of it. */
export function nothing(): object {
  return {};
}
