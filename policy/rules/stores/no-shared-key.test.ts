import { STORAGE_ACCOUNT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noSharedKey } from "./no-shared-key";

const account = (inputs: object): { type: string; inputs: object } => ({ type: STORAGE_ACCOUNT, inputs });

testRule(noSharedKey, {
  violations: [
    {
      what: "an account that takes them",
      given: account({ allowSharedKeyAccess: true }),
      says: "Storage account 'sales' takes shared keys",
    },
    {
      what: "an account of an older version that takes them",
      given: { ...account({ allowSharedKeyAccess: true }), type: "azure-native:storage/v20220901:StorageAccount" },
      says: "Storage account 'sales' takes shared keys",
    },
  ],
  complies: [{ what: "an account that does not", given: account({ allowSharedKeyAccess: false }) }],
  unknown: {
    what: "whether an account does",
    given: account({ allowSharedKeyAccess: UNKNOWN }),
    path: "allowSharedKeyAccess of Storage account 'sales'",
  },
  missing: {
    what: "an account that does not say",
    given: account({}),
    says: "Storage account 'sales' takes shared keys",
  },
});
