// A key that may leave the vault does so only under a release policy.
import { cleanRoom, defineRule, isObject, mcsb } from "../../framework";
import { KEY, parseReleasePolicy, type KeyInputs } from "../../resources/azure";

export const exportOnlyUnderReleasePolicy = defineRule({
  code: "export-only-under-release-policy",
  group: "keys",
  title: "An exportable key has a release policy.",
  risk: "Without one, whoever may release the key gets it, attested or not.",
  remedy: "Use ReleaseKey, which makes the policy from the clean room's details, or set exportable to false.",
  references: [mcsb("DP-6"), cleanRoom("secure key release of the KEK")],
  types: [KEY],
  judge: ({ inputs }, { report }) => {
    const { properties } = inputs as KeyInputs;
    if (properties?.attributes?.exportable !== true) {
      return;
    }
    const data = properties.releasePolicy?.data;
    const policy = parseReleasePolicy(data);
    if (data === undefined || data === "") {
      report("is exportable, but has no release policy");
    } else if (policy === undefined) {
      report("is exportable, but its release policy is not base64url of JSON");
    } else if (!isObject(policy) || !Array.isArray(policy.anyOf) || policy.anyOf.length === 0) {
      report("is exportable, but its release policy has no branch (anyOf)");
    }
  },
});
