// The clean room as this collaborator meets it: services that answer, a token they take, a membership that was accepted,
// a policy that keys can be bound to.
import { messageOf, RefusedError } from "../../provider/errors";
import type { CleanRoom } from "../../provider/services/clean-room";
import { type Caller, expiryOf } from "../../provider/services/token";
import { type Found, looked, ok, problem, some, unchecked, warning } from "./check";
import { checkIssuer } from "./issuer";
import { checkReach } from "./reach";

/** A token that ends sooner may end in the middle of an `up`, in milliseconds. */
const SOON = 15 * 60_000;

export interface CleanRoomFound {
  readonly found: readonly Found[];
  /** As whom it was asked; undefined where that could not be told. */
  readonly caller: Caller | undefined;
}

export async function checkCleanRoom(room: CleanRoom, stack: string): Promise<CleanRoomFound> {
  const { namespace, frontendUrl, governanceUrl } = room.settings;
  const reach = async (what: string, address: string | undefined, key: string): Promise<readonly Found[]> =>
    address === undefined ? [] : [await checkReach(what, address, `${namespace}:${key}`)];
  const services = await Promise.all([
    reach("frontend", frontendUrl, "frontendUrl"),
    reach("governance", governanceUrl, "governanceUrl"),
  ]);
  const { token, caller } = await checkToken(room, stack);
  const reached = [...services.flat(), token];
  const broken = reached.filter(({ result }) => result === "problem").map(({ what }) => what);
  if (broken.length > 0 || caller === undefined) {
    const rest = "membership, clean room policy, issuer";
    return { found: [...reached, unchecked(rest, `see ${some(broken)}`, "mend it, and run the doctor again")], caller };
  }
  const checks = [checkMembership, checkTenant, checkContract, checkPolicy, checkIssuer];
  const found = await Promise.all(checks.map((check) => check(room, caller)));
  return { found: [...reached, ...found.flat()], caller };
}

async function checkToken(
  room: CleanRoom,
  stack: string,
): Promise<{ readonly token: Found; readonly caller: Caller | undefined }> {
  const { namespace, token } = room.settings;
  const set = `pulumi config set --stack ${stack} --secret ${namespace}:token "$(az account get-access-token --query accessToken --output tsv)"`;
  const remedy =
    token === undefined ? "az login, or give the pipeline a workload identity" : `${set}, or CLEANROOM_TOKEN`;
  let caller: Caller;
  try {
    caller = await room.caller();
  } catch (error) {
    return { token: problem("token", messageOf(error), remedy), caller: undefined };
  }
  const who = `${caller.type} ${caller.oid} of tenant ${caller.tid}`;
  const expires = token === undefined ? undefined : expiryOf(token, namespace);
  if (expires === undefined) {
    return { token: ok("token", who), caller };
  }
  const until = `${who}; until ${new Date(expires).toISOString()}`;
  return { token: expires - Date.now() > SOON ? ok("token", until) : warning("token", until, remedy), caller };
}

/** Whether the frontend knows the caller as a collaborator who has accepted the invitation. */
async function checkMembership(room: CleanRoom): Promise<readonly Found[]> {
  const what = "membership";
  const { collaborationId: id = "", namespace } = room.settings;
  if (!room.hasFrontend) {
    return [unchecked(what, `${namespace}:frontendUrl is not set`, `set ${namespace}:frontendUrl`)];
  }
  return refusedIsProblem(
    what,
    `check ${namespace}:collaborationId, and az managedcleanroom frontend invitation list --collaboration-id ${id}`,
    async () => {
      const { name, userStatus } = await room.frontend.collaboration();
      const accept = `az managedcleanroom frontend invitation list --collaboration-id ${id}\naz managedcleanroom frontend invitation accept --collaboration-id ${id} --invitation-id <the one listed>`;
      return userStatus === "Active"
        ? ok(what, `active in '${name}'`)
        : problem(what, `'${name}' has us as ${userStatus ?? "nobody"}: the invitation is not accepted`, accept);
    },
  );
}

/** Whether governance knows the caller, and by this tenant: the frontend does not compare it. */
async function checkTenant(room: CleanRoom, { oid, tid }: Caller): Promise<readonly Found[]> {
  const what = "tenant";
  const { namespace } = room.settings;
  if (!room.hasGovernance) {
    return [unchecked(what, `${namespace}:governanceUrl is not set`, `set ${namespace}:governanceUrl`)];
  }
  const remedy = `ask the collaboration's owner to register ${oid} with tenant ${tid}, or sign in as the one who is`;
  return refusedIsProblem(what, remedy, async () => {
    await room.governance.cleanRoomHostData(await room.contractId());
    return ok(what, `governance knows ${oid} of tenant ${tid}`);
  });
}

async function checkContract(room: CleanRoom): Promise<readonly Found[]> {
  const what = "contract";
  const { contractId, namespace } = room.settings;
  if (!room.hasFrontend) {
    const isSet = contractId !== undefined;
    const remedy = `set ${namespace}:frontendUrl, or ${namespace}:contractId`;
    return [isSet ? ok(what, contractId) : problem(what, "neither frontend nor contract is set", remedy)];
  }
  return looked(what, "see the membership's line", async () => {
    const its = await room.frontend.contractId();
    const remedy = `pulumi config rm ${namespace}:contractId, and leave CLEANROOM_CONTRACT_ID out: the frontend is asked then`;
    return contractId === undefined || contractId === its
      ? ok(what, its)
      : problem(what, `${namespace}:contractId is '${contractId}', the collaboration's contract '${its}'`, remedy);
  });
}

async function checkPolicy(room: CleanRoom): Promise<readonly Found[]> {
  const what = "clean room policy";
  if (!room.hasGovernance) {
    const { namespace } = room.settings;
    return [unchecked(what, `${namespace}:governanceUrl is not set`, `set ${namespace}:governanceUrl`)];
  }
  return looked(what, "see the tenant's line", async () => {
    const hostData = await room.governance.cleanRoomHostData(await room.contractId());
    const remedy = "ask the collaboration's owner to propose it, and its members to accept it";
    return hostData.length > 0
      ? ok(what, `admits host data ${some(hostData.map((each) => `${each.slice(0, 12)}…`))}`)
      : problem(what, "none is accepted: a key bound to nothing could never be released", remedy);
  });
}

/** What a service refuses us by name is a problem; what it does not answer can't be checked. */
async function refusedIsProblem(what: string, remedy: string, look: () => Promise<Found>): Promise<readonly Found[]> {
  return looked(what, remedy, async () => {
    try {
      return await look();
    } catch (error) {
      if (error instanceof RefusedError && [400, 401, 403, 404].includes(error.status)) {
        return problem(what, messageOf(error), remedy);
      }
      throw error;
    }
  });
}
