import { KEY } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { exportOnlyUnderReleasePolicy } from "./export-only-under-release-policy";

const encoded = (policy: unknown): object => ({
  data: Buffer.from(JSON.stringify(policy), "utf8").toString("base64url"),
});
const key = (releasePolicy: unknown, exportable: unknown = true): { type: string; inputs: object } => ({
  type: KEY,
  inputs: {
    properties: {
      kty: "RSA-HSM",
      attributes: { exportable },
      ...(releasePolicy === undefined ? {} : { releasePolicy }),
    },
  },
});

testRule(exportOnlyUnderReleasePolicy, {
  violations: [
    { what: "no release policy", given: key(undefined), says: "Key 'sales' is exportable, but has no release policy" },
    {
      what: "an empty release policy",
      given: key({ data: "" }),
      says: "Key 'sales' is exportable, but has no release policy",
    },
    {
      what: "something that is no policy",
      given: key({ data: "bm90IGpzb24" }),
      says: "Key 'sales' is exportable, but its release policy is not base64url of JSON",
    },
    {
      what: "a policy that is null",
      given: key(encoded(null)),
      says: "Key 'sales' is exportable, but its release policy has no branch (anyOf)",
    },
    {
      what: "no branch, in an older version of the type",
      given: { ...key(encoded({ anyOf: [] })), type: "azure-native:keyvault/v20230701:Key" },
      says: "Key 'sales' is exportable, but its release policy has no branch (anyOf)",
    },
  ],
  complies: [
    { what: "a release policy", given: key(encoded({ version: "1.0.0", anyOf: [{}] })) },
    { what: "a key that stays in its vault", given: key(undefined, false) },
  ],
  unknown: {
    what: "a release policy",
    given: key({ data: UNKNOWN }),
    path: "properties.releasePolicy.data of Key 'sales'",
  },
  missing: { what: "a key that says nothing", given: { type: KEY, inputs: {} }, says: undefined },
});
