import { USER, USER_POLICY } from "../../resources/aws";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { iamUserHasPrefix } from "./iam-user-has-prefix";

const policy = (...Statement: object[]): { type: string; inputs: object } => ({
  type: USER_POLICY,
  inputs: { policy: JSON.stringify({ Version: "2012-10-17", Statement }) },
});
const list = (Condition?: object): object => ({
  Effect: "Allow",
  Action: "s3:ListBucket",
  Resource: "arn:aws:s3:::members",
  Condition,
});

testRule(iamUserHasPrefix, {
  violations: [
    {
      what: "objects of the whole bucket",
      given: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::members/*" }),
      says: "User policy 'sales' has a policy whose Statement[0] allows s3:GetObject on the whole bucket (arn:aws:s3:::members/*)",
    },
    {
      what: "a list of the whole bucket",
      given: policy(list()),
      says: "User policy 'sales' has a policy whose Statement[0] allows s3:ListBucket without a condition on s3:prefix",
    },
    {
      what: "a list of any prefix",
      given: policy(list({ StringLike: { "s3:prefix": ["*"] } })),
      says: "User policy 'sales' has a policy whose Statement[0] allows s3:ListBucket without a condition on s3:prefix",
    },
    {
      what: "a user in another path than is configured",
      given: { type: USER, inputs: { path: "/" } },
      settings: { userPath: "/cleanroom/" },
      says: "User 'sales' is in the path '/', and must be in '/cleanroom/'. Set path to '/cleanroom/'.",
    },
  ],
  complies: [
    {
      what: "a folder",
      given: policy(list({ StringLike: { "s3:prefix": ["members/*"] } }), {
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::members/members/*",
      }),
    },
    { what: "any path where none is configured", given: { type: USER, inputs: { path: "/" } } },
  ],
  unknown: {
    what: "a policy",
    given: { type: USER_POLICY, inputs: { policy: UNKNOWN } },
    path: "policy of User policy 'sales'",
  },
  missing: { what: "a policy that says nothing", given: { type: USER_POLICY }, says: undefined },
});
