// Stores and vaults are reached from the networks that are named, and from no others.
import { cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { STORAGE_ACCOUNT, VAULT, type StorageAccountInputs, type VaultInputs } from "../../resources/azure";

export const networkDefaultDeny = defineRule({
  code: "network-default-deny",
  group: "stores",
  title: "Storage accounts and vaults deny every network that is not named.",
  risk: "A token or role in the wrong hands works from anywhere on the internet.",
  remedy:
    "Set the network rules' defaultAction to Deny and name the addresses of the clean room and of whoever uploads, or turn publicNetworkAccess off.",
  references: [
    cisAzure("3.7"),
    cisAzure("3.8"),
    mcsb("NS-2"),
    cleanRoom("the clean room reaches store and vault by their public addresses"),
  ],
  types: [STORAGE_ACCOUNT, VAULT],
  judge: ({ type, inputs }, { report }) => {
    const { publicNetworkAccess, rules } = networkOf(type, inputs);
    if (publicNetworkAccess?.toLowerCase() !== "disabled" && rules?.defaultAction !== "Deny") {
      report(rules === undefined ? "is open to every network" : `has the defaultAction '${rules.defaultAction ?? ""}'`);
    }
  },
});

interface Network {
  readonly publicNetworkAccess?: string;
  readonly rules?: { readonly defaultAction?: string };
}

function networkOf(type: string, inputs: object): Network {
  if (type === VAULT) {
    const { publicNetworkAccess, networkAcls } = (inputs as VaultInputs).properties ?? {};
    return { publicNetworkAccess, rules: networkAcls };
  }
  const { publicNetworkAccess, networkRuleSet } = inputs as StorageAccountInputs;
  return { publicNetworkAccess, rules: networkRuleSet };
}
