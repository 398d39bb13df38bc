// Every rule of the pack, in the order in which they are documented.
import type { Rule } from "../framework";
import { datasetIsReachable } from "./documents/dataset-is-reachable";
import { datasetNamesAllowedFields } from "./documents/dataset-names-allowed-fields";
import { noPersonalFields } from "./documents/no-personal-fields";
import { writeOnlyForOutputs } from "./documents/write-only-for-outputs";
import { federatedAudience } from "./identities/federated-audience";
import { federatedIssuer } from "./identities/federated-issuer";
import { federatedSubject } from "./identities/federated-subject";
import { iamUserHasPrefix } from "./identities/iam-user-has-prefix";
import { iamWithoutWildcards } from "./identities/iam-without-wildcards";
import { identityServesOneOwner } from "./identities/identity-serves-one-owner";
import { noBroadRoles } from "./identities/no-broad-roles";
import { noClientSecrets } from "./identities/no-client-secrets";
import { roleScopeIsNarrow } from "./identities/role-scope-is-narrow";
import { exportOnlyUnderReleasePolicy } from "./keys/export-only-under-release-policy";
import { keyExpiresOrRotates } from "./keys/key-expires-or-rotates";
import { keyIsHsmBacked } from "./keys/key-is-hsm-backed";
import { keySize } from "./keys/key-size";
import { releaseAuthorityIsNamed } from "./keys/release-authority-is-named";
import { releaseBranchesAreComplete } from "./keys/release-branches-are-complete";
import { releasedToThisContractOnly } from "./keys/released-to-this-contract-only";
import { vaultPurgeProtection } from "./keys/vault-purge-protection";
import { vaultUsesRoles } from "./keys/vault-uses-roles";
import { packConfiguration } from "./pack/pack-configuration";
import { approvalPinsDigest } from "./queries/approval-pins-digest";
import { approversAreOwners } from "./queries/approvers-are-owners";
import { noApprovalWithoutConsent } from "./queries/no-approval-without-consent";
import { queryDropsSmallGroups } from "./queries/query-drops-small-groups";
import { queryNamesMinimumRows } from "./queries/query-names-minimum-rows";
import { dekStaysInVault } from "./secrets/dek-stays-in-vault";
import { noSecretsInCommands } from "./secrets/no-secrets-in-commands";
import { noSecretsInOutputs } from "./secrets/no-secrets-in-outputs";
import { noSecretsInProperties } from "./secrets/no-secrets-in-properties";
import { querySqlPassesChecks } from "./queries/query-sql-passes-checks";
import { bucketTlsOnly } from "./stores/bucket-tls-only";
import { encryptionMode } from "./stores/encryption-mode";
import { locationAllowed } from "./stores/location-allowed";
import { networkDefaultDeny } from "./stores/network-default-deny";
import { noPublicBlobAccess } from "./stores/no-public-blob-access";
import { noPublicBucket } from "./stores/no-public-bucket";
import { noSharedKey } from "./stores/no-shared-key";
import { requiredTags } from "./stores/required-tags";
import { storageTlsOnly } from "./stores/storage-tls-only";
import { storesAreLogged } from "./stores/stores-are-logged";
import { storesKeepVersions } from "./stores/stores-keep-versions";

export const rules: readonly Rule[] = [
  packConfiguration,
  exportOnlyUnderReleasePolicy,
  keyExpiresOrRotates,
  keyIsHsmBacked,
  keySize,
  releaseAuthorityIsNamed,
  releaseBranchesAreComplete,
  releasedToThisContractOnly,
  vaultPurgeProtection,
  vaultUsesRoles,
  federatedAudience,
  federatedIssuer,
  federatedSubject,
  iamUserHasPrefix,
  iamWithoutWildcards,
  identityServesOneOwner,
  noBroadRoles,
  noClientSecrets,
  roleScopeIsNarrow,
  bucketTlsOnly,
  encryptionMode,
  locationAllowed,
  networkDefaultDeny,
  noPublicBlobAccess,
  noPublicBucket,
  noSharedKey,
  requiredTags,
  storageTlsOnly,
  storesAreLogged,
  storesKeepVersions,
  dekStaysInVault,
  noSecretsInCommands,
  noSecretsInOutputs,
  noSecretsInProperties,
  datasetIsReachable,
  datasetNamesAllowedFields,
  noPersonalFields,
  writeOnlyForOutputs,
  approvalPinsDigest,
  approversAreOwners,
  noApprovalWithoutConsent,
  queryDropsSmallGroups,
  queryNamesMinimumRows,
  querySqlPassesChecks,
];
