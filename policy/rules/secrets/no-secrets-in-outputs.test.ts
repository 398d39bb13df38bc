import { STACK } from "../../resources/clean-room";
import { testRule, UNKNOWN, secret } from "../../../test/helpers/rule-cases";
import { noSecretsInOutputs } from "./no-secrets-in-outputs";

const TOKEN = `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.${"c".repeat(20)}`;
const stack = (outputs: object): { type: string; outputs: object } => ({ type: STACK, outputs });

testRule(noSecretsInOutputs, {
  violations: [
    {
      what: "a token",
      given: stack({ access: TOKEN }),
      says: "Stack 'sales' holds a signed token (JWT) in its plain output access",
    },
    {
      what: "an output that is named like a secret",
      given: stack({ members: { encryptionKey: "not-really-a-key" } }),
      says: "Stack 'sales' holds what its name says in its plain output members.encryptionKey",
    },
    {
      what: "a component's plain secret",
      given: {
        type: "cleanroom:aws:BucketAccess",
        outputs: { connection: JSON.stringify({ awsSecretAccessKey: "k".repeat(40) }) },
      },
      says: "Bucket access 'sales' holds an AWS secret access key in its plain output connection",
    },
  ],
  complies: [
    {
      what: "secrets that are marked as such",
      given: stack({ access: secret(TOKEN), encryptionKey: secret("not-really-a-key") }),
    },
    { what: "ids and digests", given: stack({ dataset: "sales-22655f9c2985", digest: `sha256:${"ab".repeat(32)}` }) },
    {
      what: "what was asked for, which is judged there",
      given: { type: "azure-native:storage:StorageAccount", inputs: { tags: { note: TOKEN } }, outputs: {} },
    },
  ],
  unknown: { what: "an output", given: stack({ access: UNKNOWN }), path: "access of Stack 'sales'" },
  missing: { what: "a stack without outputs", given: { type: STACK, outputs: {} }, says: undefined },
});
