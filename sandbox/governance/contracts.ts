// Contracts, and the clean room policy that members have accepted for one: whoever attests to it is the clean room.
import { CleanRoomRefusal } from "../context";
import { ServiceError } from "../http";
import type { State } from "./state";
import { memberId } from "./members";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

export function getContract(state: State, id: string): unknown {
  const contract = state.contracts.get(id);
  if (contract === undefined) {
    throw new ServiceError(404, "ContractNotFound", "A contract with the specified id was not found.");
  }
  const finalVotes = [{ memberId, vote: true }];
  return {
    id,
    version: contract.version,
    state: "Accepted",
    data: contract.value,
    proposalId: proposalIdOf(id),
    finalVotes,
  };
}

export function listContracts(state: State, wanted: string | null): unknown {
  if (wanted && !["Draft", "Proposed", "Accepted"].includes(wanted)) {
    const message = "The state query parameter must be either 'Draft', 'Accepted' or 'Proposed'.";
    throw new ServiceError(400, "InvalidParameter", message);
  }
  const ids = wanted && wanted !== "Accepted" ? [] : [...state.contracts.keys()];
  return { value: ids.map((id) => ({ id })) };
}

/** An unknown contract has an empty policy, as one without an accepted policy has. */
export function getCleanRoomPolicy(state: State, contractId: string): unknown {
  const hostData = state.policies.get(contractId) ?? [];
  return { proposalIds: [], policy: hostData.length === 0 ? {} : { [HOST_DATA]: hostData } };
}

/** @throws CleanRoomRefusal when nobody of this host data is the contract's clean room */
export function requireCleanRoom(state: State, contractId: string, hostData: string): void {
  const accepted = state.policies.get(contractId) ?? [];
  if (accepted.includes(hostData.toLowerCase())) return;
  const message =
    accepted.length === 0
      ? "The clean room policy is missing. Please propose a new clean room policy."
      : "Attestation claims do not match the contract policy, or the delegated policies.";
  throw new CleanRoomRefusal("VerifySnpAttestationFailed", message);
}

/** Members' proposals are outside the sandbox; the id of the one that would have set the contract. */
const proposalIdOf = (contractId: string): string =>
  Buffer.from(contractId).toString("hex").padEnd(64, "0").slice(0, 64);
