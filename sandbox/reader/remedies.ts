// What a collaborator must mend, by the step that fails and the code with which it is refused: the resource and argument
// of a program where there is one, the cloud's own command where there is none.
import type { Remedies } from "./steps";

export interface Federation {
  readonly identity: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export function identityRemedies({ identity, issuer, subject, audience }: Federation): Remedies {
  const credential = `give the managed identity ${identity} a federated credential`;
  const made = "WorkloadIdentity makes it of the collaboration's details";
  return {
    AADSTS700016:
      "publish the dataset with clientId and tenantId of a managed identity that exists: AzureDataset takes them from its argument `identity`",
    AADSTS700211: `${credential} with issuer ${issuer} (${made}); the issuer must be the same in governance, its discovery document, the credential and the dataset`,
    AADSTS700213: `${credential} with subject ${subject}, the contract and the object id of the document's owner (${made})`,
    AADSTS700212: `${credential} with audience ${audience} (${made})`,
    AADSTS50013: `let the discovery document and the keys of ${issuer} be those of governance: fetch the keys again, and set them where the issuer serves them`,
    VerifySnpAttestationFailed:
      "read as a clean room whose host data is in the contract's accepted policy, or have that policy accepted: governance vouches for no other",
    otherwise: `${credential} with issuer ${issuer}, subject ${subject} and audience ${audience} (${made})`,
  };
}

export interface KeyPlace {
  readonly vault: string;
  readonly key: string;
  readonly identity: string;
  readonly hostData: string;
  readonly authority: string;
}

export function releaseRemedies({ vault, key, identity, hostData, authority }: KeyPlace): Remedies {
  return {
    ForbiddenByRbac: `give ${identity} the role Key Vault Crypto Service Release User on the key ${key}: ReleaseKey does, with the argument \`principalId\``,
    AccessForbidden: `give ${identity} the HSM's local role Managed HSM Crypto Service Release User on the key ${key}: ReleaseKey does, with the arguments \`hsmUrl\` and \`principalId\``,
    ForbiddenByFirewall: admitted(vault, "ReleaseKey or AzureDataset"),
    KeyDisabled: `enable the key: az keyvault key set-attributes --id ${idOf(vault, `keys/${key}`)} --enabled true`,
    KeyExpired: "publish with a key that has not expired: the argument `keyExpires` of ReleaseKey or AzureDataset",
    KeyNotYetValid: `wait until the key is valid, or let it be so now: az keyvault key set-attributes --id ${idOf(vault, `keys/${key}`)} --not-before <now>`,
    KeyNotExportable:
      "publish with another key: exportable can't be changed on one that exists, and ReleaseKey's keys are exportable, under a release policy",
    KeyNotFound: `bring the key back (az keyvault key recover), or publish with one that exists: the argument \`key\` of AzureDataset`,
    AccessDenied: `let the key's release policy admit host data ${hostData}, x-ms-attestation-type sevsnpvm and the authority ${authority}: ReleaseKey writes it of its argument \`details\`, and \`pulumi up\` brings a changed one to the key; \`previousPolicies\` keeps the clean room before beside it`,
    otherwise: `see that the key ${key} is in the vault ${vault} and that the clean room reaches it`,
  };
}

export function wrappedKeyRemedies({ vault, identity }: KeyPlace, secret: string): Remedies {
  return {
    ForbiddenByRbac: `give ${identity} the role Key Vault Secrets User on the secret ${secret}: ReleaseKey does, with the argument \`principalId\``,
    ForbiddenByFirewall: admitted(vault, "ReleaseKey or AzureDataset"),
    SecretNotFound: `bring the secret back (az keyvault secret recover), or let \`pulumi up\` wrap the key again: ReleaseKey`,
    SecretDisabled: `enable the secret: az keyvault secret set-attributes --id ${idOf(vault, `secrets/${secret}`)} --enabled true`,
    otherwise: REWRAP,
  };
}

export const REWRAP =
  "wrap the data encryption key with this key encryption key by RSA-OAEP-256 and store it in base64: `pulumi refresh`, then `pulumi up`, lets ReleaseKey do so";

export function blobRemedies(identity: string, account: string, container: string, role: string): Remedies {
  return {
    AuthorizationPermissionMismatch: `give ${identity} the role ${role} on the container ${container}: BlobAccess does, with the arguments \`principalId\` and \`containerId\``,
    AuthorizationFailure: admitted(account, "BlobStore or AzureDataset"),
    ContainerNotFound:
      "publish the dataset with a container that exists: AzureDataset takes it from its argument `store`",
    ResourceNotFound:
      "publish the dataset with an account that exists: AzureDataset takes it from its argument `store`",
    BlobUsesCustomerSpecifiedEncryption:
      "publish the dataset with encryptionMode CPK, or bring the data up without a key: the argument `encryptionMode` of AzureDataset sets both",
    BlobDoesNotUseCustomerSpecifiedEncryption:
      "bring the data up with the dataset's data encryption key as customer provided key: the argument `data` of AzureDataset does, or Upload with encryptionMode CPK",
    BlobCustomerSpecifiedEncryptionMismatch:
      "bring the data up again with the data encryption key that is wrapped for this dataset: the argument `data` of AzureDataset, or Upload with the `key` of the same ReleaseKey",
    otherwise: `see that the container ${container} can be reached, and the data in it`,
  };
}

/** Fabric is nobody's resource here: its rights are given by hand. */
export function oneLakeRemedies(identity: string, workspace: string, item: string, writes: boolean): Remedies {
  const right = writes
    ? `add ${identity} to the workspace ${workspace} as Contributor`
    : `share the item ${item} of the workspace ${workspace} with ${identity}, with Read and ReadAll`;
  return {
    Forbidden: `${right}: by hand, in Fabric (\`rightsToGive\` of OneLakeDataset says it, too)`,
    WorkspaceNotFound: "publish the dataset with a workspace that exists: the argument `workspace` of OneLakeDataset",
    ArtifactNotFound: "publish the dataset with an item that exists: the argument `item` of OneLakeDataset",
    PathNotFound: "publish the dataset with a folder that exists: the argument `path` of OneLakeDataset",
    otherwise: `see that the workspace ${workspace} and the data in it can be reached`,
  };
}

export function bucketRemedies(secret: string, key: string, bucket: string): Remedies {
  const again = `put a key that works into the secret ${secret}: BucketAccess makes one, ContractSecret (or S3Dataset) sets it`;
  return {
    InvalidAccessKeyId: `the access key ${key} was deleted or is inactive; ${again}`,
    SignatureDoesNotMatch: `awsSecretAccessKey is not that of ${key}; ${again}`,
    AccessDenied: `allow the user s3:ListBucket on the bucket ${bucket} and s3:GetObject (to write: s3:PutObject and s3:DeleteObject, too) on its objects: BucketAccess does, with the arguments \`bucket\`, \`prefix\` and \`accessMode\``,
    DeniedByBucket: `take from the bucket ${bucket}'s own policy the statement that denies it to the clean room's user, or except that user from it: aws s3api get-bucket-policy --bucket ${bucket}`,
    NoSuchBucket: "publish the dataset with a bucket that exists: the argument `existingBucket` of S3Dataset",
    otherwise: `see that the bucket ${bucket} can be reached, and the data in it`,
  };
}

const idOf = (vault: string, path: string): string => `${vault.replace(/\/*$/, "/")}${path}`;

const admitted = (store: string, component: string): string =>
  `let the clean room's address into ${store}: the argument \`allowedAddresses\` of ${component}`;
