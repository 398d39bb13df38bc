import { USER_POLICY } from "../../resources/aws";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { iamWithoutWildcards } from "./iam-without-wildcards";

const policy = (...Statement: object[]): { type: string; inputs: object } => ({
  type: USER_POLICY,
  inputs: { policy: JSON.stringify({ Version: "2012-10-17", Statement }) },
});
const OBJECTS = "arn:aws:s3:::members/members/*";

testRule(iamWithoutWildcards, {
  violations: [
    {
      what: "every action",
      given: policy(
        { Effect: "Allow", Action: "s3:GetObject", Resource: OBJECTS },
        { Effect: "Allow", Action: "s3:*", Resource: OBJECTS },
      ),
      says: "User policy 'sales' has a policy whose Statement[1] allows the action 's3:*'",
    },
    {
      what: "every resource",
      given: policy({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }),
      says: "User policy 'sales' has a policy whose Statement[0] allows it on '*'",
    },
    {
      what: "every bucket of a name",
      given: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::members-*/members/*" }),
      says: "User policy 'sales' has a policy whose Statement[0] allows it on 'arn:aws:s3:::members-*/members/*'",
    },
    {
      what: "everything but a list",
      given: policy({ Effect: "Allow", NotAction: "iam:*", Resource: OBJECTS }),
      says: "User policy 'sales' has a policy whose Statement[0] allows everything but a list (NotAction)",
    },
    {
      what: "something that is no policy document",
      given: { type: "aws:iam/policy:Policy", inputs: { policy: "Allow *" } },
      says: "Policy 'sales' has a policy that is no policy document in JSON",
    },
  ],
  complies: [
    {
      what: "what a user needs to read one folder",
      given: policy(
        { Effect: "Allow", Action: "s3:GetObject", Resource: OBJECTS },
        { Effect: "Deny", Action: "*", Resource: "*" },
      ),
    },
  ],
  unknown: {
    what: "a policy",
    given: { type: USER_POLICY, inputs: { policy: UNKNOWN } },
    path: "policy of User policy 'sales'",
  },
  missing: { what: "a policy that says nothing", given: { type: USER_POLICY }, says: undefined },
});
