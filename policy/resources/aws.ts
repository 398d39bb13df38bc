// What rules read of AWS' resources. Everything may be missing.
import { isObject, type Resource } from "../framework";

export const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;
export const PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
export const BUCKET_VERSIONINGS = [
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
] as const;
export const BUCKET_LOGGINGS = [
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketLoggingV2:BucketLoggingV2",
] as const;
export const USER = "aws:iam/user:User";
export const USER_POLICY = "aws:iam/userPolicy:UserPolicy";
/** Every type whose `policy` says what an identity may do. */
export const IDENTITY_POLICIES = [
  USER_POLICY,
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/groupPolicy:GroupPolicy",
] as const;

export interface BucketInputs {
  readonly bucket?: string;
  readonly region?: string;
  readonly acl?: string;
  readonly versioning?: { readonly enabled?: boolean };
  readonly loggings?: readonly unknown[];
  readonly logging?: unknown;
}

export interface OfBucket {
  readonly bucket?: string;
  readonly policy?: string;
  readonly versioningConfiguration?: { readonly status?: string };
  readonly targetBucket?: string;
}

export interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Statements of a policy document; undefined where the text is none. */
export function statementsOf(policy: unknown): readonly Statement[] | undefined {
  let document: unknown = policy;
  if (typeof policy === "string") {
    try {
      document = JSON.parse(policy);
    } catch {
      return undefined;
    }
  }
  const { Statement: given } = isObject(document) ? document : {};
  const statements: unknown = isObject(given) ? [given] : given;
  return Array.isArray(statements) && statements.every(isObject) ? statements : undefined;
}

/** Those of the resources that set something of this bucket. */
export function settingsOfBucket(bucket: Resource, settings: readonly Resource[]): readonly Resource[] {
  return settings.filter((setting) => {
    if (setting.dependsOn("bucket", bucket)) {
      return true;
    }
    const named = (setting.inputs as OfBucket).bucket;
    return named !== undefined && named === ((bucket.inputs as BucketInputs).bucket ?? bucket.outputs.bucket);
  });
}

/** IAM writes one or several alike. */
export function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : value == null ? [] : [value]).map(String);
}
