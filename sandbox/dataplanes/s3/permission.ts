// Who may do what to which bucket: the account's administrator everything, its users what their policies allow.
import type { AccessKeyFacts, BucketFacts } from "../../clouds";
import { administratorOf } from "../../clouds/aws/administrator";
import { SANDBOX_ADDRESS } from "../network";
import { accessDenied, S3Error } from "./errors";
import { evaluate, isDeniedByBucket } from "./policy";
import type { RootKeys } from "./root-keys";

/** The holder of an access key. */
export interface Caller {
  readonly arn: string;
  /** AWS account. */
  readonly account: string;
  readonly secret: string;
  /** Left out for the account's administrator. */
  readonly policies?: readonly string[];
}

interface Permission {
  readonly action: string;
  readonly bucket: string;
  /** Empty: the bucket itself. */
  readonly key: string;
  /** `prefix` and `delimiter` of a listing, for conditions. */
  readonly query: URLSearchParams;
}

/** @returns undefined for a key that does not exist or is not active */
export function callerOf(
  accessKeyId: string,
  rootKeys: RootKeys,
  iam: (accessKeyId: string) => AccessKeyFacts | undefined,
): Caller | undefined {
  const root = rootKeys.find(accessKeyId);
  if (root !== undefined) {
    return { arn: administratorOf(root.owner).arn, account: root.owner.awsAccountId, secret: root.secret };
  }
  const key = iam(accessKeyId);
  if (key === undefined || key.status !== "Active") return undefined;
  return { arn: key.userArn, account: key.account, secret: key.secret, policies: key.policies };
}

/** @throws S3Error 403 that names user, action and resource */
export function checkPermission(caller: Caller, bucket: BucketFacts, permission: Permission): void {
  const why = refusal(caller, bucket, permission);
  if (why !== undefined) throw accessDenied(why);
}

export function mayList(caller: Caller, bucket: BucketFacts): boolean {
  const permission = { action: "s3:ListBucket", bucket: bucket.name, key: "", query: new URLSearchParams() };
  return refusal(caller, bucket, permission) === undefined;
}

function refusal(caller: Caller, bucket: BucketFacts, { action, key, query }: Permission): string | undefined {
  const resource = `arn:aws:s3:::${bucket.name}${key === "" ? "" : `/${key}`}`;
  const refused = `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}"`;
  if (caller.account !== bucket.account) return `${refused} because the bucket belongs to account ${bucket.account}`;
  const optional = (name: string): string | undefined => query.get(name) ?? undefined;
  const context = {
    "s3:prefix": optional("prefix"),
    "s3:delimiter": optional("delimiter"),
    "s3:max-keys": optional("max-keys"),
    "aws:securetransport": "true",
    "aws:sourceip": SANDBOX_ADDRESS,
    "aws:principalarn": caller.arn,
  };
  if (bucket.policy !== undefined && isDeniedByBucket(bucket.policy, caller.arn, { action, resource, context })) {
    return `${refused} with an explicit deny in a resource-based policy`;
  }
  if (caller.policies === undefined) return undefined;
  switch (evaluate(caller.policies, { action, resource, context })) {
    case "allowed":
      return undefined;
    case "denied":
      return `${refused} with an explicit deny in an identity-based policy`;
    case "notAllowed":
      return `${refused} because no identity-based policy allows the ${action} action`;
  }
}

export function noSuchBucket(name: string): S3Error {
  return new S3Error(404, "NoSuchBucket", `The specified bucket does not exist: ${name}`);
}
