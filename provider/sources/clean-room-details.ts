// The clean room as a data owner has to trust it: whose tokens to accept, and to what code keys may be released. Read
// live, at preview too.
import { setTimeout as sleep } from "node:timers/promises";
import type { ReleasePolicy } from "../../contract";
import { InvalidInputError, RefusedError } from "../errors";
import { say } from "../log";
import type { CleanRoom } from "../services/clean-room";

export interface CleanRoomDetails {
  /** What a federated credential names. */
  readonly cleanroomIdentity: {
    readonly issuerUrl: string;
    /** `<contract id>-<owner's object id>` */
    readonly subject: string;
    readonly audience: string;
  };
  readonly cleanroomPolicy: {
    /** Host data (hex) of the clean rooms that the contract admits. */
    readonly hostData: readonly string[];
    /** Secure key release policy with one branch for each of them. */
    readonly releasePolicy: ReleasePolicy;
  };
  readonly contractId: string;
  /** Attestation service whose word the vault takes. */
  readonly attestationUrl: string;
  /** Object id of the caller, who will own what is published. */
  readonly ownerId: string;
  /** What Azure calls the caller, for roles that are given to whoever runs the program. */
  readonly ownerType: "User" | "ServicePrincipal";
  /** S3 endpoint, where it is not AWS's own. */
  readonly s3EndpointUrl?: string;
}

const AUDIENCE = "api://AzureADTokenExchange";
const HOST_DATA = "x-ms-sevsnpvm-hostdata";
/** Names no dataset: the service answers the clean room's claims for any name. */
const NO_DATASET = "cleanroom";
const POLL = 5_000;

/** `waitSeconds`: how long to wait for the members to accept a clean room policy; 0 fails at once. */
export async function readCleanRoomDetails(room: CleanRoom, waitSeconds = 0): Promise<CleanRoomDetails> {
  await room.verify();
  const [contractId, caller, issuer] = await Promise.all([
    room.contractId(),
    room.caller(),
    room.frontend.issuerInfo(),
  ]);
  if (!issuer.enabled || issuer.issuerUrl === undefined) {
    throw new InvalidInputError(
      "The clean room has no identity yet (its token issuer is not enabled). Ask the collaboration's owner to enable the OIDC issuer.",
    );
  }
  const claims = await policyClaims(room, waitSeconds);
  const hostData = await admitted(room, contractId, claims);
  const { attestationUrl, s3EndpointUrl } = room.settings;
  return {
    cleanroomIdentity: { issuerUrl: issuer.issuerUrl, subject: `${contractId}-${caller.oid}`, audience: AUDIENCE },
    cleanroomPolicy: {
      hostData,
      releasePolicy: {
        version: "1.0.0",
        anyOf: hostData.map((value) => ({
          authority: attestationUrl,
          allOf: claims.map(({ claim, equals }) => ({ claim, equals: claim === HOST_DATA ? value : equals })),
        })),
      },
    },
    contractId,
    attestationUrl,
    ownerId: caller.oid,
    ownerType: caller.type,
    ...(s3EndpointUrl === undefined ? {} : { s3EndpointUrl }),
  };
}

type Claims = ReleasePolicy["anyOf"][number]["allOf"];

async function policyClaims(room: CleanRoom, waitSeconds: number): Promise<Claims> {
  const end = Date.now() + waitSeconds * 1_000;
  for (;;) {
    const found = await acceptedClaims(room);
    if (found !== undefined) {
      return found;
    }
    if (Date.now() >= end) {
      throw new InvalidInputError(
        "The contract has no accepted clean room policy: a key bound to nothing could never be released. Wait until the members have accepted one (getCleanRoomDetails({ waitSeconds }) waits), or ask the collaboration's owner to propose it.",
      );
    }
    say(`waiting for an accepted clean room policy, ${Math.ceil((end - Date.now()) / 1_000)} s left`);
    await sleep(Math.min(POLL, Math.max(0, end - Date.now())));
  }
}

/** The claims of the clean room's release policy, or undefined while the contract has none: the frontend answers 500 then. */
async function acceptedClaims(room: CleanRoom): Promise<Claims | undefined> {
  if (room.hasGovernance && (await room.governance.cleanRoomHostData(await room.contractId())).length === 0) {
    return undefined;
  }
  let policy: ReleasePolicy;
  try {
    policy = await room.frontend.releasePolicy(NO_DATASET);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 500 && !room.hasGovernance) {
      return undefined;
    }
    throw error;
  }
  const claims = policy.anyOf[0]?.allOf ?? [];
  return claims.some(({ claim, equals }) => claim === HOST_DATA && equals !== "") ? claims : undefined;
}

/** All admitted host data. The frontend names the first only; governance names all, where it can be asked. */
async function admitted(room: CleanRoom, contractId: string, claims: Claims): Promise<readonly string[]> {
  const first = claims.filter(({ claim }) => claim === HOST_DATA).map(({ equals }) => equals);
  if (!room.hasGovernance) {
    return first;
  }
  const all = await room.governance.cleanRoomHostData(contractId);
  if (!first.every((value) => all.includes(value))) {
    throw new InvalidInputError(
      `The frontend and governance disagree on the clean room's host data (${first.join(", ")} against ${all.join(", ")}): they are not of the same collaboration. Check frontendUrl and governanceUrl.`,
    );
  }
  return all;
}
