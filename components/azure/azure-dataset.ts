// Flow 1: a dataset in Azure storage, from the identity to the published document.
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionMode, ReleasePolicy } from "../../contract";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import type { DatasetArgs } from "../dataset-args";
import type { DataFile } from "../files";
import { DatasetDocument } from "../governance/dataset-document";
import { childAliases, componentOptions, NOT_DELETED_WITH } from "../options";
import { datasetSchema } from "../schema/dataset-schema";
import { objectName, Upload } from "../upload";
import { BlobAccess } from "./blob-access";
import { BlobStore } from "./blob-store";
import { guardOf, type GuardArgs } from "./guard";
import { ReleaseKey } from "./release-key";
import { assignRole, deployer } from "./role";
import { WorkloadIdentity } from "./workload-identity";

export interface AzureDatasetArgs extends DatasetArgs, GuardArgs {
  /** Resource group for whatever is created. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces what is created. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /**
   * CPK: the store encrypts, with our key. CSE: encrypted before it leaves. SSE: the store encrypts, with its own.
   * Another one publishes a new document. Caution: the analytics workload of release 8.0.0 reads CPK and SSE; its
   * application refuses CSE, which other clean room applications read.
   * @default "CPK"
   */
  readonly encryptionMode?: EncryptionMode;
  /** Folder in the container. Another one publishes a new document. @default the whole container */
  readonly subdirectory?: pulumi.Input<string>;
  /** File to encrypt and upload; again whenever it or its key changes. @default nothing is uploaded */
  readonly data?: DataFile;
  /** Where the data is. @default a new BlobStore */
  readonly store?: BlobStore;
  /** Whether the new store is one with real folders (ADLS Gen2). Another value publishes a new document. @default false */
  readonly hierarchicalNamespace?: boolean;
  /** As what the clean room reads it. @default a new WorkloadIdentity */
  readonly identity?: WorkloadIdentity;
  /** With what it is encrypted. @default a new ReleaseKey, unless the mode is SSE */
  readonly key?: ReleaseKey;
  /**
   * Whether what is overwritten in the new account is gone at once. A hierarchical namespace never keeps earlier versions.
   * @default false: it stays, as an earlier version
   */
  readonly keepNoVersions?: boolean;
  /** Last day on which the new KEK may be used, such as `2028-06-30` (UTC). Another one publishes a new document. @default none: it never expires */
  readonly keyExpires?: string;
  /** Label of the new KEK and DEK, as for ReleaseKey. Another one encrypts and uploads the data again, and publishes a new document. @default none */
  readonly rotation?: string;
  /** Label of the new KEK alone, as for ReleaseKey. Another one publishes a new document; nothing is uploaded. @default none */
  readonly kekRotation?: string;
  /** Policies of clean rooms that still run, as for ReleaseKey. A change is written to the existing key. @default none */
  readonly previousPolicies?: pulumi.Input<pulumi.Input<ReleasePolicy | string>[]>;
}

/**
 * Managed identity; its access to blobs and keys; the clean room's identity federated with it; a key that only the
 * attested clean room gets; the data, encrypted and uploaded; the dataset, published and accepted.
 *
 * @example
 * new AzureDataset("contosso-sales", {
 *   resourceGroupName: group.name,
 *   schema: { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] },
 *   allowedFields: ["region"],
 *   data: dataFile(join(__dirname, "sales.csv")),
 * });
 */
export class AzureDataset extends pulumi.ComponentResource {
  /** Id of the document: what a query names. */
  readonly documentId: pulumi.Output<string>;
  /** `sha256:<hex>` of its content. */
  readonly digest: pulumi.Output<string>;
  /** Object id of its owner. */
  readonly ownerId: pulumi.Output<string>;

  constructor(name: string, args: AzureDatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:AzureDataset", name, {}, componentOptions("AzureDataset", name, opts, NOT_DELETED_WITH));
    const child = { parent: this };
    const { collaboration, resourceGroupName, location, accessMode = "read", encryptionMode = "CPK" } = args;
    requirePossible(name, args);
    const details = pulumi.output(args.details ?? getCleanRoomDetails({ collaboration }));
    const { keyExpires, rotation, kekRotation, previousPolicies } = args;
    const guarding = guardOf(args);
    const common = { resourceGroupName, location };

    // These have children whose names do not begin with theirs.
    const renamed = { ...child, aliases: childAliases(opts, name) };

    const { keepNoVersions, hierarchicalNamespace } = args;
    const store =
      args.store ?? new BlobStore(name, { ...common, ...guarding, keepNoVersions, hierarchicalNamespace }, renamed);
    const identity =
      args.identity ?? new WorkloadIdentity(name, { ...common, collaboration, details, tags: args.tags }, renamed);
    const { principalId } = identity;
    const access = new BlobAccess(name, { containerId: store.containerId, principalId, accessMode }, child);
    const key =
      encryptionMode === "SSE"
        ? undefined
        : (args.key ??
          new ReleaseKey(
            name,
            { ...common, principalId, details, ...guarding, keyExpires, rotation, kekRotation, previousPolicies },
            renamed,
          ));
    const upload = args.data && this.#upload(name, args.data, { store, key, details }, args);

    const document = new DatasetDocument(
      name,
      {
        collaboration,
        name: args.datasetName ?? name,
        documentId: args.documentId,
        store: {
          containerName: store.containerName,
          storageAccountUrl: store.storageAccountUrl,
          storageAccountType: store.storageAccountType,
          encryptionMode,
          subdirectory: args.subdirectory,
        },
        identity: {
          name: identity.name,
          clientId: identity.clientId,
          tenantId: identity.tenantId,
          issuerUrl: identity.issuerUrl,
        },
        dek: key?.dek,
        kek: key?.kek,
        datasetSchema: datasetSchema(`AzureDataset '${name}'`, args, this),
        datasetAccessPolicy: { accessMode, allowedFields: args.allowedFields },
        federatedSubject: identity.subject,
        onDelete: args.onDelete,
        adopt: args.adopt,
      },
      { ...child, dependsOn: [access, ...(upload ? [upload] : [])] },
    );
    this.documentId = document.documentId;
    this.digest = document.digest;
    this.ownerId = document.ownerId;
    this.registerOutputs({ documentId: this.documentId, digest: this.digest, ownerId: this.ownerId });
  }

  #upload(name: string, file: DataFile, { store, key, details }: Parts, args: AzureDatasetArgs): Upload {
    const access = assignRole(
      `${name}-deployer-blobs`,
      { scope: store.containerId, role: "Storage Blob Data Contributor", ...deployer(details, { parent: this }) },
      { parent: this },
    );
    return new Upload(
      name,
      {
        objectName: objectName(args.datasetName ?? name, file),
        file,
        destination: { kind: "blob", url: store.url, container: store.containerName, subdirectory: args.subdirectory },
        encryptionMode: args.encryptionMode ?? "CPK",
        key: key && { vaultUrl: key.vaultUrl, secretName: key.secretName, fingerprint: key.fingerprint },
      },
      { parent: this, dependsOn: access },
    );
  }
}

interface Parts {
  readonly store: BlobStore;
  readonly key: ReleaseKey | undefined;
  readonly details: pulumi.Output<CleanRoomDetails>;
}

/** What is given and would have no effect is refused, as is what no store could do. */
function requirePossible(name: string, args: AzureDatasetArgs): void {
  const { store, key, encryptionMode, hierarchicalNamespace } = args;
  const idle =
    key && (["rotation", "kekRotation", "previousPolicies"] as const).find((each) => args[each] !== undefined);
  if (idle !== undefined) {
    throw new pulumi.RunError(
      `AzureDataset '${name}': ${idle} is of a key that is made, and key brings its own: say it there.`,
    );
  }
  if (store !== undefined && hierarchicalNamespace !== undefined) {
    throw new pulumi.RunError(
      `AzureDataset '${name}': hierarchicalNamespace is said of a new store, but store is given: say it to that BlobStore.`,
    );
  }
  if (key !== undefined && encryptionMode === "SSE") {
    throw new pulumi.RunError(
      `AzureDataset '${name}': key is given, but encryptionMode is SSE: the store itself encrypts. Leave key out, or use CSE or CPK.`,
    );
  }
}
