// Every branch of a release policy says which code, on which hardware, in which state.
import { cleanRoom, defineRule, isObject, mcsb } from "../../framework";
import { KEY, parseReleasePolicy, type KeyInputs } from "../../resources/azure";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";
const EXPECTED = { "x-ms-attestation-type": "sevsnpvm", "x-ms-compliance-status": "azure-compliant-uvm" };

export const releaseBranchesAreComplete = defineRule({
  code: "release-branches-are-complete",
  group: "keys",
  title: "Every branch of a release policy names host data, attestation type and compliance.",
  risk: "A branch that leaves one out releases the key to other code, other hardware, or a machine that is not in order; one such branch is enough.",
  remedy: "Take the policy from getCleanRoomDetails, which names all three.",
  references: [mcsb("DP-6"), cleanRoom("GET skrpolicy: claims of a branch")],
  types: [KEY],
  judge: ({ inputs }, { report }) => {
    const policy = parseReleasePolicy((inputs as KeyInputs).properties?.releasePolicy?.data);
    const branches = isObject(policy) && Array.isArray(policy.anyOf) ? (policy.anyOf as readonly unknown[]) : [];
    for (const [index, branch] of branches.entries()) {
      const problem = problemOf(branch);
      if (problem !== undefined) {
        report(`has a release policy whose branch anyOf[${index}] ${problem}`);
        return;
      }
    }
  },
});

function problemOf(branch: unknown): string | undefined {
  const claims = isObject(branch) && Array.isArray(branch.allOf) ? branch.allOf.filter(isObject) : [];
  const valueOf = (name: string): unknown => claims.find(({ claim }) => claim === name)?.equals;
  const hostData = valueOf(HOST_DATA);
  if (typeof hostData !== "string" || !/^[0-9a-f]{64}$/i.test(hostData)) {
    return `${hostData === undefined ? "names no host data" : `names host data ${JSON.stringify(hostData)}`}: ${HOST_DATA} must equal the 64 digits of one clean room policy`;
  }
  for (const [claim, expected] of Object.entries(EXPECTED)) {
    const found = valueOf(claim);
    if (found !== expected) {
      return `${found === undefined ? `does not name ${claim}` : `has ${claim} ${JSON.stringify(found)}`}: it must equal '${expected}'`;
    }
  }
  return undefined;
}
