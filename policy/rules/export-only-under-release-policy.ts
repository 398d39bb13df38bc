// A key that may leave the vault does so only to attested code.
import type { KeyArgs } from "@pulumi/azure-native/keyvault";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";

const KEY = "azure-native:keyvault:Key";

export const exportOnlyUnderReleasePolicy: ResourceValidationPolicy = {
  name: "export-only-under-release-policy",
  description:
    "An exportable key has a release policy whose every branch names an attestation service and what it must attest. Without it, whoever may release the key gets it, attested or not.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type !== KEY) {
      return;
    }
    const { properties, keyName } = props as Partial<Unwrap<KeyArgs>>;
    if (properties?.attributes?.exportable !== true) {
      return;
    }
    const problem = problemOf(properties.releasePolicy?.data);
    if (problem !== undefined) {
      report(
        `Key '${keyName ?? "(name made by the provider)"}' is exportable, but ${problem}. Use ReleaseKey, which makes the policy from the clean room's details, or set exportable to false.`,
      );
    }
  },
};

function problemOf(data: string | undefined): string | undefined {
  if (data === undefined || data === "") {
    return "has no release policy";
  }
  let policy: Partial<ReleasePolicy> | null;
  try {
    policy = JSON.parse(Buffer.from(data, "base64url").toString("utf8")) as Partial<ReleasePolicy> | null;
  } catch {
    return "its release policy is not base64url of JSON";
  }
  const branches = policy?.anyOf;
  if (!Array.isArray(branches) || branches.length === 0) {
    return "its release policy has no branch (anyOf)";
  }
  const open = branches.findIndex(
    ({ authority, allOf }: ReleasePolicy["anyOf"][number]) =>
      !/^https:\/\/[^*\s]+$/.test(authority) || !Array.isArray(allOf) || allOf.length === 0,
  );
  return open < 0 ? undefined : `branch anyOf[${open}] of its release policy names no https authority or no claims`;
}
