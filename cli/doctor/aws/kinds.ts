// What AWS asks of whoever creates, reads and deletes each type of resource that the components create. Actions are those
// of AWS's service authorization reference.

export interface AwsKind {
  /** Actions without which `pulumi up` fails. */
  readonly needed: readonly string[];
  /** Actions without which `pulumi destroy` fails. */
  readonly toDelete: readonly string[];
}

const s3 = (...names: readonly string[]): readonly string[] => names.map((name) => `s3:${name}`);
const iam = (...names: readonly string[]): readonly string[] => names.map((name) => `iam:${name}`);

/** What the provider reads of every bucket, whatever is set of it. */
const BUCKET_READS = [
  "GetAccelerateConfiguration",
  "GetBucketAcl",
  "GetBucketCORS",
  "GetBucketLocation",
  "GetBucketLogging",
  "GetBucketObjectLockConfiguration",
  "GetBucketPolicy",
  "GetBucketRequestPayment",
  "GetBucketTagging",
  "GetBucketVersioning",
  "GetBucketWebsite",
  "GetEncryptionConfiguration",
  "GetLifecycleConfiguration",
  "GetReplicationConfiguration",
  "ListBucket",
];

/** What uploading to it takes, and going on with an upload that broke off. */
const UPLOADS = [
  "AbortMultipartUpload",
  "GetObject",
  "ListBucketMultipartUploads",
  "ListMultipartUploadParts",
  "PutObject",
];

/** What every dataset in S3 has. */
const usual: Readonly<Record<string, AwsKind>> = {
  "aws:s3/bucket:Bucket": {
    needed: s3("CreateBucket", "PutBucketTagging", ...UPLOADS, ...BUCKET_READS),
    toDelete: s3("DeleteBucket", "DeleteObject", "DeleteObjectVersion", "ListBucketVersions"),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    needed: s3("GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
    toDelete: [],
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    needed: s3("GetBucketPolicy", "PutBucketPolicy"),
    toDelete: s3("DeleteBucketPolicy"),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    needed: s3("GetEncryptionConfiguration", "PutEncryptionConfiguration"),
    toDelete: [],
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    needed: s3("GetBucketVersioning", "PutBucketVersioning"),
    toDelete: [],
  },
  "aws:iam/user:User": {
    needed: iam("CreateUser", "GetUser", "TagUser"),
    toDelete: iam("DeleteUser", "ListGroupsForUser"),
  },
  "aws:iam/userPolicy:UserPolicy": { needed: iam("GetUserPolicy", "PutUserPolicy"), toDelete: iam("DeleteUserPolicy") },
  "aws:iam/accessKey:AccessKey": {
    needed: iam("CreateAccessKey", "ListAccessKeys"),
    toDelete: iam("DeleteAccessKey"),
  },
};

/** What only some arguments ask for. */
const further: Readonly<Record<string, AwsKind>> = {
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    needed: s3("GetBucketOwnershipControls", "PutBucketOwnershipControls"),
    toDelete: [],
  },
  "aws:s3/bucketLogging:BucketLogging": { needed: s3("GetBucketLogging", "PutBucketLogging"), toDelete: [] },
};

const all: Readonly<Record<string, AwsKind>> = { ...usual, ...further };

export const KINDS = {
  /** Pulumi's tokens of what every dataset in S3 has. */
  usual: Object.keys(usual),
  /** Undefined for a type of which this release does not know what it asks for. */
  of: (token: string): AwsKind | undefined => (Object.hasOwn(all, token) ? all[token] : undefined),
} as const;
