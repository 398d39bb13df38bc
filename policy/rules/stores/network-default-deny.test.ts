import { STORAGE_ACCOUNT, VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { networkDefaultDeny } from "./network-default-deny";

const account = (inputs: object): { type: string; inputs: object } => ({ type: STORAGE_ACCOUNT, inputs });

const vault = (properties: object): { type: string; inputs: object } => ({ type: VAULT, inputs: { properties } });

testRule(networkDefaultDeny, {
  violations: [
    {
      what: "an account that is open by default",
      given: account({ networkRuleSet: { defaultAction: "Allow" } }),
      says: "Storage account 'sales' has the defaultAction 'Allow'",
    },
    {
      what: "a vault without network rules",
      given: vault({ publicNetworkAccess: "enabled" }),
      says: "Vault 'sales' is open to every network",
    },
  ],
  complies: [
    { what: "an account that denies by default", given: account({ networkRuleSet: { defaultAction: "Deny" } }) },
    { what: "a vault that denies by default", given: vault({ networkAcls: { defaultAction: "Deny" } }) },
    { what: "a vault that no public network reaches", given: vault({ publicNetworkAccess: "Disabled" }) },
  ],
  unknown: {
    what: "an account's rules",
    given: account({ networkRuleSet: UNKNOWN }),
    path: "networkRuleSet of Storage account 'sales'",
  },
  missing: {
    what: "an account that does not say",
    given: account({}),
    says: "Storage account 'sales' is open to every network",
  },
});
