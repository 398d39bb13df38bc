// What a program imports.
export { BucketAccess, type BucketAccessArgs } from "./aws/bucket-access";
export { S3Dataset, type S3DatasetArgs } from "./aws/s3-dataset";
export { AzureDataset, type AzureDatasetArgs } from "./azure/azure-dataset";
export { BlobAccess, type BlobAccessArgs } from "./azure/blob-access";
export { BlobStore, type BlobStoreArgs } from "./azure/blob-store";
export { OidcIssuer, type OidcIssuerArgs } from "./azure/oidc-issuer";
export { OneLakeDataset, type OneLakeDatasetArgs } from "./azure/onelake-dataset";
export { PipelineIdentity, type PipelineIdentityArgs, type PipelineRegistration } from "./azure/pipeline-identity";
export type { AzureDevOpsTrust, GitHubTrust } from "./azure/pipeline-trust";
export type { GuardArgs, PrivateDnsZones } from "./azure/guard";
export { ReleaseKey, type ReleaseKeyArgs } from "./azure/release-key";
export { anyReleasePolicy, releasePolicyFor } from "./azure/release-policy";
export { rotationEvery, type RotationSchedule } from "./rotation";
export { WorkloadIdentity, type WorkloadIdentityArgs } from "./azure/workload-identity";
export {
  getCleanRoomDetails,
  getDataset,
  getQuery,
  type CleanRoomDetails,
  type CleanRoomDetailsOptions,
  type CollaborationOptions,
  type DatasetQuery,
  type PublishedDataset,
  type QueryLookup,
  type ReviewableQuery,
} from "./collaboration";
export {
  getAuditEvents,
  getDatasets,
  getPendingProposals,
  getQueries,
  type AuditEvent,
  type AuditEventsQuery,
  type DatasetEntry,
  type DatasetsQuery,
  type DocumentsQuery,
  type PendingProposal,
  type PendingProposalsQuery,
  type QueriesQuery,
  type QueryEntry,
} from "./documents";
export type { DatasetArgs } from "./dataset-args";
export { dataFile, jsonFile, sqlFile, type DataFile } from "./files";
export { AccessKeyProof, type AccessKeyProofArgs } from "./governance/access-key-proof";
export { ContractSecret, type ContractSecretArgs } from "./governance/contract-secret";
export { DataKey, type DataKeyArgs } from "./governance/data-key";
export { DatasetDocument, type DatasetDocumentArgs } from "./governance/dataset-document";
export { DocumentConsent, type DocumentConsentArgs } from "./governance/document-consent";
export { HsmKey, HsmRoleAssignment, type HsmKeyArgs, type HsmRoleAssignmentArgs } from "./governance/hsm-key";
export { QueryDraft, QueryProposal, type DatasetViewArgs, type SegmentArgs } from "./governance/query-documents";
export { TenantIssuer, type TenantIssuerArgs } from "./governance/tenant-issuer";
export { getIssuerKeys, getIssuerPlaces, type IssuerPlace, type IssuerQuery, type SigningKey } from "./issuer";
export { Query, type QueryArgs } from "./query/query";
export { QueryAmendment, type QueryAmendmentArgs } from "./query/query-amendment";
export { QueryApproval, type QueryApprovalArgs } from "./query/query-approval";
export { Upload, type UploadArgs } from "./upload";
export type { SchemaInput } from "./schema/dataset-schema";
export { inferSchema, type InferSchemaOptions } from "./schema/infer";
