import { BLOB_CONTAINER, STORAGE_ACCOUNT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noPublicBlobAccess } from "./no-public-blob-access";

const account = (inputs: object): { type: string; inputs: object } => ({ type: STORAGE_ACCOUNT, inputs });
const container = (inputs: object): { type: string; inputs: object } => ({ type: BLOB_CONTAINER, inputs });

testRule(noPublicBlobAccess, {
  violations: [
    {
      what: "an account that allows it",
      given: account({ allowBlobPublicAccess: true }),
      says: "Storage account 'sales' does not forbid public access to blobs",
    },
    {
      what: "a container that is open",
      given: container({ publicAccess: "Blob" }),
      says: "Blob container 'sales' has publicAccess 'Blob'",
    },
  ],
  complies: [
    { what: "an account that forbids it", given: account({ allowBlobPublicAccess: false }) },
    { what: "a container that has none", given: container({ publicAccess: "None" }) },
    { what: "a container that does not say", given: container({}) },
  ],
  unknown: {
    what: "a container's access",
    given: container({ publicAccess: UNKNOWN }),
    path: "publicAccess of Blob container 'sales'",
  },
  missing: {
    what: "an account that does not say",
    given: account({}),
    says: "Storage account 'sales' does not forbid public access to blobs",
  },
});
