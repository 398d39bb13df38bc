// A dataset in OneLake: Fabric has the data and gives the rights to it by hand; identity, keys and document are made here.
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionMode } from "../../contract";
import { refusal } from "../../contract/combinations";
import { getCleanRoomDetails } from "../collaboration";
import type { DatasetArgs } from "../dataset-args";
import type { DataFile } from "../files";
import { DatasetDocument } from "../governance/dataset-document";
import { childAliases, componentOptions, NOT_DELETED_WITH } from "../options";
import { datasetSchema } from "../schema/dataset-schema";
import { objectName, Upload } from "../upload";
import { guardOf, type GuardArgs } from "./guard";
import { ReleaseKey } from "./release-key";
import { WorkloadIdentity } from "./workload-identity";

export interface OneLakeDatasetArgs extends DatasetArgs, GuardArgs {
  /** Resource group for the identity and the vault. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces what is created. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Workspace of Fabric: its name, without blanks, or its id. Another one publishes a new document. */
  readonly workspace: pulumi.Input<string>;
  /**
   * Item in it: its name with its type, such as `sales.Lakehouse`, or its id where the workspace is named by its id. Another
   * one publishes a new document.
   */
  readonly item: pulumi.Input<string>;
  /**
   * Folder in the item, such as `Files/sales/2026`. Caution: a table's folder also holds files of rows that were deleted.
   * Another one publishes a new document.
   */
  readonly path: pulumi.Input<string>;
  /** Where OneLake is reached. Another one publishes a new document. @default "https://onelake.dfs.fabric.microsoft.com" */
  readonly endpointUrl?: pulumi.Input<string>;
  /**
   * CSE: encrypted before it leaves. SSE: OneLake encrypts, with its own key. CPK is refused: OneLake ignores the key. Another
   * one publishes a new document. Caution: the analytics workload of release 8.0.0 refuses every dataset in OneLake; other
   * clean room applications read it.
   * @default "CSE"
   */
  readonly encryptionMode?: EncryptionMode;
  /**
   * File to encrypt and upload; again whenever it or its key changes. Whoever runs the program must be Contributor of the
   * workspace.
   * @default nothing is uploaded
   */
  readonly data?: DataFile;
  /** As what the clean room reads it. @default a new WorkloadIdentity */
  readonly identity?: WorkloadIdentity;
  /** With what it is encrypted. @default a new ReleaseKey, unless the mode is SSE */
  readonly key?: ReleaseKey;
  /** Last day on which the new KEK may be used, such as `2028-06-30` (UTC). Another one publishes a new document. @default none: it never expires */
  readonly keyExpires?: string;
}

const ENDPOINT = "https://onelake.dfs.fabric.microsoft.com";

/**
 * A dataset whose files are in OneLake, read by a managed identity. Nothing is made in Fabric: `rightsToGive` says what its
 * administrators must give by hand, and to whom.
 *
 * @example
 * new OneLakeDataset("contosso-visits", {
 *   resourceGroupName: group.name,
 *   workspace: "retail",
 *   item: "visits.Lakehouse",
 *   path: "Files/visits",
 *   schema: { format: "parquet", fields: [{ fieldName: "region", fieldType: "string" }] },
 *   allowedFields: ["region"],
 * });
 */
export class OneLakeDataset extends pulumi.ComponentResource {
  /** Id of the document: what a query names. */
  readonly documentId: pulumi.Output<string>;
  /** `sha256:<hex>` of its content. */
  readonly digest: pulumi.Output<string>;
  /** Object id of its owner. */
  readonly ownerId: pulumi.Output<string>;
  /** What must be given by hand in Fabric, and to which identity: a sentence. */
  readonly rightsToGive: pulumi.Output<string>;

  constructor(name: string, args: OneLakeDatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:OneLakeDataset", name, {}, componentOptions("OneLakeDataset", name, opts, NOT_DELETED_WITH));
    const child = { parent: this };
    const { collaboration, resourceGroupName, location, accessMode = "read", encryptionMode = "CSE" } = args;
    requirePossible(name, args);
    const details = pulumi.output(args.details ?? getCleanRoomDetails({ collaboration }));
    const common = { resourceGroupName, location };
    const { keyExpires, workspace, item, path, endpointUrl = ENDPOINT } = args;

    // These have children whose names do not begin with theirs.
    const renamed = { ...child, aliases: childAliases(opts, name) };
    const identity =
      args.identity ?? new WorkloadIdentity(name, { ...common, collaboration, details, tags: args.tags }, renamed);
    const { principalId } = identity;
    const key =
      encryptionMode === "SSE"
        ? undefined
        : (args.key ??
          new ReleaseKey(name, { ...common, principalId, details, ...guardOf(args), keyExpires }, renamed));
    const upload =
      args.data &&
      new Upload(
        name,
        {
          objectName: objectName(args.datasetName ?? name, args.data),
          file: args.data,
          destination: {
            kind: "blob",
            url: pulumi.output(endpointUrl).apply(blobEndpoint),
            container: workspace,
            subdirectory: pulumi.interpolate`${item}/${path}`,
          },
          encryptionMode,
          key: key && { vaultUrl: key.vaultUrl, secretName: key.secretName, fingerprint: key.fingerprint },
        },
        child,
      );

    const document = new DatasetDocument(
      name,
      {
        collaboration,
        name: args.datasetName ?? name,
        documentId: args.documentId,
        store: {
          containerName: workspace,
          storageAccountUrl: pulumi.interpolate`${endpointUrl}/${workspace}/${item}/${path}`,
          storageAccountType: "Azure_OneLake",
          encryptionMode,
        },
        identity: {
          name: identity.name,
          clientId: identity.clientId,
          tenantId: identity.tenantId,
          issuerUrl: identity.issuerUrl,
        },
        dek: key?.dek,
        kek: key?.kek,
        datasetSchema: datasetSchema(`OneLakeDataset '${name}'`, args, this),
        datasetAccessPolicy: { accessMode, allowedFields: args.allowedFields },
        federatedSubject: identity.subject,
        onDelete: args.onDelete,
        adopt: args.adopt,
      },
      { ...child, dependsOn: upload ? [upload] : [] },
    );
    this.documentId = document.documentId;
    this.digest = document.digest;
    this.ownerId = document.ownerId;
    const who = pulumi.interpolate`${identity.name} (object id ${principalId})`;
    this.rightsToGive =
      accessMode === "write"
        ? pulumi.interpolate`In Fabric, add ${who} to the workspace ${workspace} as Contributor.`
        : pulumi.interpolate`In Fabric, share the item ${item} of the workspace ${workspace} with ${who}: Read and ReadAll ("Read all OneLake data").`;
    this.registerOutputs({
      documentId: this.documentId,
      digest: this.digest,
      ownerId: this.ownerId,
      rightsToGive: this.rightsToGive,
    });
  }
}

/** OneLake's address for clients of blob storage; elsewhere both are one. */
const blobEndpoint = (endpoint: string): string => `${endpoint.replace("//onelake.dfs.", "//onelake.blob.")}/`;

/** @throws RunError for a mode that OneLake can't have, and for a key that would have no effect */
function requirePossible(name: string, { encryptionMode = "CSE", key }: OneLakeDatasetArgs): void {
  const place = encryptionMode === "SSE" && key === undefined ? "none" : "keyVault";
  const why = refusal({ store: "Azure_OneLake", mode: encryptionMode, key: place, access: "read" });
  if (why !== undefined) {
    throw new pulumi.RunError(
      `OneLakeDataset '${name}': encryptionMode is ${encryptionMode}${key === undefined ? "" : ", and key is given"}, but ${why.reason}. ${why.remedy}`,
    );
  }
}
