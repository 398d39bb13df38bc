// The wire types of the workload frontend and of clean room governance (CGS), release 8.0.0, as published in the
// sources of Azure/azure-cleanroom. Types only: provider and sandbox share these and nothing else.

/** `ODataError`, the error body of governance and of most frontend routes. */
export interface ODataErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

export type StoreType = "Azure_BlobStorage" | "Azure_BlobStorage_DataLakeGen2" | "Azure_OneLake" | "Aws_S3";
/** CSE: encrypted by the client. CPK: customer provided key, the store encrypts. SSE: the store's own encryption. */
export type EncryptionMode = "CSE" | "CPK" | "SSE";
export type DataFormat = "csv" | "json" | "parquet";
export type FieldType = "string" | "integer" | "number" | "boolean" | "date" | "long" | "timestamp";
export type AccessMode = "read" | "write";

export interface SchemaField {
  /** Once in a schema. Of CSV the fields stand in the order of the file's columns, which are read by position. */
  readonly fieldName: string;
  readonly fieldType: FieldType;
}

export interface DatasetSchema {
  readonly format: DataFormat;
  /** At least one. */
  readonly fields: readonly SchemaField[];
}

export interface DatasetAccessPolicy {
  readonly accessMode: AccessMode;
  /** Fields that queries may use: at least one, each in the schema. */
  readonly allowedFields: readonly string[];
}

export interface DatasetStore {
  /** Container, file system or bucket. */
  readonly containerName: string;
  /** `https://<account>.blob.core.windows.net/`, or the S3 endpoint. */
  readonly storageAccountUrl: string;
  readonly storageAccountType: StoreType;
  readonly encryptionMode: EncryptionMode;
  /** For `Aws_S3`: id of the governance secret with `{awsAccessKeyId, awsSecretAccessKey}`. */
  readonly awsCgsSecretId?: string | null;
  /** Folder in it, without '/' at its ends; the whole of it when left out. */
  readonly subdirectory?: string | null;
}

/** The managed identity that the clean room signs in as, for an Azure store. */
export interface DatasetIdentity {
  readonly clientId: string;
  readonly tenantId: string;
  /** Issuer that the identity's federated credential trusts. */
  readonly issuerUrl: string;
  readonly name: string;
}

/** A key or secret in a key vault. */
export interface DatasetEncryptionSecret {
  /** Its name in the vault. */
  readonly secretId: string;
  /** `https://<vault>.vault.azure.net/` */
  readonly keyVaultUrl: string;
  /** Of a KEK: the attestation service whose word the vault takes. */
  readonly maaUrl?: string | null;
}

/** What the frontend's dataset routes take and answer. */
export interface DatasetDetails {
  readonly name: string;
  readonly store: DatasetStore;
  readonly datasetSchema: DatasetSchema;
  readonly datasetAccessPolicy: DatasetAccessPolicy;
  readonly identity?: DatasetIdentity | null;
  readonly dek?: DatasetEncryptionSecret | null;
  readonly kek?: DatasetEncryptionSecret | null;
}

export interface ServiceEndpoint {
  readonly protocol: string;
  readonly url: string;
  readonly configuration: string;
}

export interface BackingResource {
  readonly name: string;
  readonly type: string;
  readonly id: string;
  readonly provider: ServiceEndpoint;
}

export interface SpecificationIdentity {
  readonly name: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly tokenIssuer: unknown;
}

export interface EncryptionSecret {
  readonly name: string;
  readonly secret: { readonly secretType: "Key" | "Secret" | "Certificate"; readonly backingResource: BackingResource };
}

/** The dataset descriptor: what governance stores, as a JSON string, in a dataset document's `data`. */
export interface DatasetSpecification {
  readonly name: string;
  readonly datasetSchema: DatasetSchema;
  readonly datasetAccessPolicy: DatasetAccessPolicy;
  readonly datasetAccessPoint: {
    readonly name: string;
    readonly type: "Volume_ReadOnly" | "Volume_ReadWrite";
    readonly path: string;
    readonly store: BackingResource;
    readonly identity?: SpecificationIdentity | null;
    readonly protection: {
      readonly proxyType: string;
      readonly proxyMode: "Secure" | "Open";
      readonly privacyPolicy?: unknown;
      readonly configuration: string;
      readonly encryptionSecrets?: { readonly dek: EncryptionSecret; readonly kek?: EncryptionSecret | null } | null;
      readonly encryptionSecretAccessIdentity?: SpecificationIdentity | null;
    };
    readonly subdirectory?: string | null;
  };
}

/** One segment of a query as the frontend takes it; `preConditions` is `view:minRows,…`, `postFilters` `column:min,…`. */
export interface QueryData {
  readonly executionSequence: number;
  readonly data: string;
  readonly preConditions: string;
  readonly postFilters: string;
}

export interface QueryDetails {
  readonly queryData: readonly QueryData[];
  /** `documentId:view,documentId:view` */
  readonly inputDatasets: string;
  /** `documentId:view` */
  readonly outputDataset: string;
}

export interface QuerySegment {
  readonly executionSequence: number;
  readonly data: string;
  readonly preConditions: readonly { readonly viewName: string; readonly minRowCount: number }[];
  readonly postFilters: readonly { readonly columnName: string; readonly value: number }[];
}

export interface QueryDataset {
  readonly specification: string;
  readonly view: string;
}

/** What governance stores, as a JSON string, in a query document's `data`; `query` is base64 of `{segments}` in JSON. */
export interface SparkApplicationSpecification {
  readonly name: string;
  readonly application: {
    readonly applicationType: "Spark-SQL";
    readonly inputDataset: readonly QueryDataset[];
    readonly outputDataset: QueryDataset;
    readonly query: string;
  };
}

export interface Approver {
  readonly approverId: string;
  readonly approverIdType: string;
}

export type DocumentState = "Draft" | "Proposed" | "Accepted";

export interface Ballot {
  readonly approverId: string;
  readonly ballot: "accepted" | "rejected";
}

/** A user document as governance answers it; `data` is a JSON string, `version` an opaque one. */
export interface UserDocument {
  readonly id: string;
  readonly version: string;
  readonly state: DocumentState;
  readonly contractId: string;
  readonly data: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly approvers: readonly Approver[];
  readonly proposalId?: string;
  readonly proposerId?: string;
  readonly finalVotes?: readonly Ballot[];
}

export type ProposalState = "Open" | "Accepted" | "Rejected" | "Withdrawn";

export interface ProposalStatus {
  readonly proposalId?: string;
  readonly proposerId: string;
  readonly state: ProposalState;
  readonly ballots: readonly Ballot[];
}

/** Secure key release policy, as Key Vault and the frontend's `skrpolicy` route write it. */
export interface ReleasePolicy {
  readonly version: string;
  readonly anyOf: readonly {
    readonly authority: string;
    readonly allOf: readonly { readonly claim: string; readonly equals: string }[];
  }[];
}
