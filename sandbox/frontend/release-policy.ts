// The secure key release policy that the frontend suggests for a dataset: the first host data of the clean room policy,
// and the attestation service that the dataset's published KEK names, which for an unpublished one is nobody.
import type { ReleasePolicy } from "../../contract";
import type { GovernanceClient } from "../governance";
import { ServiceError } from "../http";
import { contractId } from "../world";
import { toDetails } from "./specification";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

export async function releasePolicy(client: GovernanceClient, datasetId: string): Promise<ReleasePolicy> {
  const { policy } = (await client.getCleanRoomPolicy(contractId)) as { policy: Record<string, string[]> };
  const authority = (await authorityOf(client, datasetId)) ?? "";
  const hostData = policy[HOST_DATA]?.[0];
  if (hostData === undefined) {
    throw new ServiceError(500, "InvalidOperationException", `${HOST_DATA} not found in policy`);
  }
  const allOf = [
    { claim: HOST_DATA, equals: hostData },
    { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
    { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
  ];
  return { anyOf: [{ allOf, authority }], version: "1.0.0" };
}

/** A dataset that cannot be read has no authority either: the service logs the failure and goes on. */
async function authorityOf(client: GovernanceClient, datasetId: string): Promise<string | undefined> {
  try {
    const { kek } = toDetails((await client.getDocument(datasetId)).data) as { kek: { maaUrl: string | null } | null };
    return kek?.maaUrl ?? undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
