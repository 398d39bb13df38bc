// The rules of the pack, in the order they are shown.
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { approversAreOwners } from "./approvers-are-owners";
import { exportOnlyUnderReleasePolicy } from "./export-only-under-release-policy";
import { noPublicBlobAccess } from "./no-public-blob-access";

export const rules: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = [
  exportOnlyUnderReleasePolicy,
  noPublicBlobAccess,
  approversAreOwners,
];
