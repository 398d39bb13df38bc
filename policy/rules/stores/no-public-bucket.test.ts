import { BUCKET_POLICY, BUCKETS, PUBLIC_ACCESS_BLOCK } from "../../resources/aws";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noPublicBucket } from "./no-public-bucket";

const bucket = (inputs: object = {}): { type: string; inputs: object } => ({
  type: BUCKETS[0],
  inputs: { bucket: "members", ...inputs },
});
const closed = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (inputs: object): { type: string; name: string; inputs: object } => ({
  type: PUBLIC_ACCESS_BLOCK,
  name: "block",
  inputs,
});
const policy = (statement: object): { type: string; name: string; inputs: object } => ({
  type: BUCKET_POLICY,
  name: "policy",
  inputs: { bucket: "members", policy: JSON.stringify({ Statement: statement }) },
});

testRule(noPublicBucket, {
  violations: [
    { what: "a bucket without a block", given: bucket(), says: "Bucket 'sales' has no BucketPublicAccessBlock" },
    {
      what: "a bucket with another's block",
      given: [bucket(), block({ ...closed, bucket: "other" })],
      says: "Bucket 'sales' has no BucketPublicAccessBlock",
    },
    {
      what: "a block that leaves a way open",
      given: block({ ...closed, restrictPublicBuckets: false }),
      says: "Bucket public access block 'block' does not set restrictPublicBuckets",
    },
    {
      what: "a policy for everybody",
      given: policy({ Effect: "Allow", Principal: { AWS: ["*"] }, Action: "s3:GetObject", Resource: "*" }),
      says: "Bucket policy 'policy' allows s3:GetObject to everybody (Principal '*')",
    },
    {
      what: "a public ACL",
      given: [bucket({ acl: "public-read" }), block({ ...closed, bucket: "members" })],
      says: "Bucket 'sales' has the ACL 'public-read'",
    },
  ],
  complies: [
    { what: "a block by the bucket's name", given: [bucket(), block({ ...closed, bucket: "members" })] },
    {
      what: "a block of a bucket whose name is not known yet",
      given: [bucket({ bucket: UNKNOWN }), { ...block({ ...closed, bucket: UNKNOWN }), from: { bucket: ["sales"] } }],
    },
    {
      what: "a policy that denies everybody something",
      given: policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }),
    },
  ],
  unknown: {
    what: "a block's bucket",
    given: [bucket(), block({ ...closed, bucket: UNKNOWN })],
    path: "bucket of Bucket 'sales'",
  },
  missing: {
    what: "a block that says nothing",
    given: block({}),
    says: "Bucket public access block 'block' does not set blockPublicAcls",
  },
});
