// Release policies as a program makes them: one for a clean room, or one for any of several.
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

/**
 * One policy with the branches of all, each once, in their order: whoever one of them admits is admitted.
 * @throws RunError where there is no branch, since nobody could ever have the key released
 */
export function anyReleasePolicy(policies: readonly ReleasePolicy[]): ReleasePolicy {
  const branches = policies.flatMap(({ anyOf }) => anyOf);
  const known = new Set<string>();
  const anyOf = branches.filter((branch) => {
    const identity = identityOf(branch);
    const isNew = !known.has(identity);
    known.add(identity);
    return isNew;
  });
  if (anyOf.length === 0) {
    throw new pulumi.RunError(
      "A release policy without a branch releases a key to nobody, ever: name at least one clean room's policy.",
    );
  }
  return { version: "1.0.0", anyOf };
}

/**
 * A policy with the conditions of another one, for clean rooms with this host data.
 * @param hostData 64 hexadecimal digits, as `getCleanRoomDetails().cleanroomPolicy.hostData` names them
 */
export function releasePolicyFor(hostData: string, like: ReleasePolicy): ReleasePolicy {
  if (!/^[0-9a-f]{64}$/.test(hostData)) {
    throw new pulumi.RunError(
      `'${hostData}' is no host data: give the 64 hexadecimal digits (0-9, a-f) of a clean room policy.`,
    );
  }
  const [pattern] = like.anyOf;
  if (pattern?.allOf.some(({ claim }) => claim === HOST_DATA) !== true) {
    throw new pulumi.RunError(
      `The clean room's release policy names no ${HOST_DATA}, so none can be made like it: give a whole policy instead of host data.`,
    );
  }
  const allOf = pattern.allOf.map((each) => (each.claim === HOST_DATA ? { ...each, equals: hostData } : each));
  return { version: "1.0.0", anyOf: [{ authority: pattern.authority, allOf }] };
}

/** The order of claims makes no difference to a vault. */
function identityOf({ authority, allOf }: ReleasePolicy["anyOf"][number]): string {
  return JSON.stringify([authority, allOf.map(({ claim, equals }) => JSON.stringify([claim, equals])).sort()]);
}
