import { BUCKET_POLICY, BUCKETS } from "../../resources/aws";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { bucketTlsOnly } from "./bucket-tls-only";

const bucket = { type: BUCKETS[0], inputs: { bucket: "members" } };
const deny = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (Statement: object): { type: string; name: string; inputs: object } => ({
  type: BUCKET_POLICY,
  name: "policy",
  inputs: { bucket: "members", policy: JSON.stringify({ Statement }) },
});

testRule(bucketTlsOnly, {
  violations: [
    {
      what: "a bucket without a policy",
      given: bucket,
      says: "Bucket 'sales' has no policy, and so takes requests without TLS",
    },
    {
      what: "a policy that denies other things",
      given: [bucket, policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      says: "Bucket 'sales' has a policy that does not deny requests without TLS",
    },
    {
      what: "a policy that denies one action only",
      given: [bucket, policy([{ ...deny, Action: "s3:PutObject" }])],
      says: "Bucket 'sales' has a policy that does not deny requests without TLS",
    },
  ],
  complies: [
    { what: "a policy that denies them", given: [bucket, policy(deny)] },
    {
      what: "a policy that denies them to every principal",
      given: [bucket, policy([{ ...deny, Principal: { AWS: "*" } }])],
    },
  ],
  unknown: {
    what: "a policy",
    given: [bucket, { ...policy(deny), inputs: { bucket: "members", policy: UNKNOWN } }],
    path: "policy of Bucket 'sales'",
  },
  missing: {
    what: "a policy that says nothing",
    given: [bucket, { type: BUCKET_POLICY, name: "policy", inputs: { bucket: "members" } }],
    says: "Bucket 'sales' has a policy that does not deny requests without TLS",
  },
});
