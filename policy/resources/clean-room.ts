// What rules read of the clean room's own resources: inputs, and outputs where only governance knows. Everything may be
// missing.
import type { DatasetAccessPolicy, DatasetIdentity, DatasetSchema, DatasetStore, ReleasePolicy } from "../../contract";

const dynamic = (kind: string): string => `pulumi-nodejs:dynamic/cleanroom:${kind}`;

export const DATA_KEY = dynamic("DataKey");
export const CONTRACT_SECRET = dynamic("ContractSecret");
export const DATASET_DOCUMENT = dynamic("DatasetDocument");
export const DOCUMENT_CONSENT = dynamic("DocumentConsent");
export const QUERY_DRAFT = dynamic("QueryDraft");
export const QUERY_PROPOSAL = dynamic("QueryProposal");
export const QUERY_AMENDMENT = dynamic("QueryAmendment");
export const QUERY_APPROVAL = dynamic("QueryApproval");
export const STACK = "pulumi:pulumi:Stack";

export interface DataKeyInputs {
  readonly vaultUrl?: string;
  readonly keyName?: string;
  readonly releasePolicy?: ReleasePolicy;
  readonly wrappedSecretName?: string;
}

export interface DatasetInputs {
  readonly name?: string;
  readonly store?: Partial<DatasetStore>;
  readonly identity?: Partial<DatasetIdentity>;
  readonly dek?: { readonly secretId?: string; readonly keyVaultUrl?: string; readonly cgsSecretId?: string };
  readonly kek?: { readonly secretId?: string; readonly keyVaultUrl?: string; readonly maaUrl?: string };
  readonly datasetSchema?: Partial<DatasetSchema>;
  readonly datasetAccessPolicy?: Partial<DatasetAccessPolicy>;
  readonly federatedSubject?: string;
}

/** What governance says of a dataset. */
export interface DatasetOutputs {
  readonly documentId?: string;
  readonly ownerId?: string;
  readonly contractId?: string;
}

export interface SegmentInputs {
  readonly sequence?: number;
  readonly sql?: string;
  readonly preConditions?: Readonly<Record<string, number>>;
  readonly postFilters?: Readonly<Record<string, number>>;
}

export interface QueryInputs {
  readonly documentId?: string;
  readonly segments?: readonly SegmentInputs[];
  readonly inputs?: readonly { readonly documentId?: string; readonly view?: string }[];
  readonly output?: { readonly documentId?: string; readonly view?: string };
}

export interface QueryOutputs {
  readonly approvers?: readonly string[];
  readonly owners?: Readonly<Record<string, string>>;
}

export interface ApprovalInputs {
  readonly documentId?: string;
  readonly digest?: string;
  readonly decision?: string;
}

export interface ApprovalOutputs {
  readonly ballot?: string;
  /** The query that was voted on. */
  readonly reviewed?: QueryInputs;
}

export interface ConsentInputs {
  readonly documentId?: string;
  readonly consent?: string;
}
