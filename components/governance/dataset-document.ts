// A dataset's document in governance: published, accepted by its owner, read back.
import type * as pulumi from "@pulumi/pulumi";
import type { AccessMode, DatasetEncryptionSecret, DatasetIdentity, DatasetSchema, DatasetStore } from "../../contract";
import { GovernanceResource } from "./resource";

export interface DatasetDocumentArgs {
  /** Namespace of the stack configuration of the collaboration. Another one publishes anew. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Begins the document's id. Letters, digits, '.', '_', '-'. Another one publishes anew. */
  readonly name: pulumi.Input<string>;
  /**
   * The whole id, instead of one that ends in the content's digest. With it a change of content is refused in preview,
   * since a published document can't be changed.
   * @default `<name>-<first 12 digits of the content's digest>`
   */
  readonly documentId?: pulumi.Input<string>;
  /** Where the data is. Another one publishes anew. */
  readonly store: pulumi.Input<DatasetStoreArgs>;
  /** With what the clean room reads an Azure store. Another one publishes anew. @default none, for S3 */
  readonly identity?: pulumi.Input<DatasetIdentityArgs>;
  /** The data encryption key: a vault's secret, or a governance secret. For CSE and CPK. @default none, for SSE */
  readonly dek?: pulumi.Input<VaultSecretArgs | GovernanceKeyArgs>;
  /** The key that wraps the dek in the vault. @default none, for SSE and for a key in governance */
  readonly kek?: pulumi.Input<VaultSecretArgs>;
  /** Format and fields of the data. Another one publishes anew. */
  readonly datasetSchema: pulumi.Input<DatasetSchema>;
  /** How queries may use it, and which fields. Another one publishes anew. */
  readonly datasetAccessPolicy: pulumi.Input<DatasetAccessPolicyArgs>;
  /** Subject of the federated credential, to be compared with the owner that governance records. @default not compared */
  readonly federatedSubject?: pulumi.Input<string>;
  /**
   * What deleting does: the document itself stays in any case.
   * @default "disableConsent"
   */
  readonly onDelete?: pulumi.Input<"disableConsent" | "leave">;
  /**
   * Takes over a document that exists already, accepted and ours, and writes nothing. Other content is refused, in
   * preview, with the difference.
   * @default false: published where it is missing
   */
  readonly adopt?: pulumi.Input<boolean>;
}

type Inputs<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };
/** See {@link DatasetStore} for what each means. */
export type DatasetStoreArgs = Inputs<DatasetStore>;
export interface DatasetAccessPolicyArgs {
  /** Whether queries read the data or write it. */
  readonly accessMode: pulumi.Input<AccessMode>;
  /** At least one; names of the schema. */
  readonly allowedFields: pulumi.Input<string[]>;
}
export type DatasetIdentityArgs = Inputs<DatasetIdentity>;
export type VaultSecretArgs = Inputs<DatasetEncryptionSecret>;
export interface GovernanceKeyArgs {
  /** Id of the governance secret that holds the key: `<owner>_<name>`. */
  readonly cgsSecretId: pulumi.Input<string>;
}

/**
 * A dataset document. It counts as published only when governance shows it accepted, ours, and with the content that was
 * sent; the service itself ignores other content of the same id without a word.
 *
 * Create publishes. Another content makes a new document and disables the use of the old one. Delete disables its use.
 */
export class DatasetDocument extends GovernanceResource {
  /** Id of the document: what a query names. */
  declare readonly documentId: pulumi.Output<string>;
  /** `sha256:<hex>` of the content. */
  declare readonly digest: pulumi.Output<string>;
  /** Object id of its owner, as governance recorded it. */
  declare readonly ownerId: pulumi.Output<string>;
  /** Contract under which it is published. */
  declare readonly contractId: pulumi.Output<string>;

  constructor(name: string, { documentId, ...args }: DatasetDocumentArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = { documentId: undefined, digest: undefined, ownerId: undefined, contractId: undefined };
    super("DatasetDocument", name, { ...args, chosenId: documentId, ...observed }, opts);
  }
}
