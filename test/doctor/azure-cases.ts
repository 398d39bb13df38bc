// What can be wrong in Azure, one thing at a time: by a stack that asks for it, or by another answer of Azure Resource
// Manager in the place of the sandbox's.
import { needsOf, type Needs } from "../../cli/doctor/needs";
import type { Caller } from "../../provider/services/token";
import { collaborator } from "../../sandbox";
import type { FaultRule } from "../../sandbox/faults";

const { tenantId: tid, userOid: oid, subscriptionId } = collaborator("contosso");
export const SCOPE = `/subscriptions/${subscriptionId}`;
export const me: Caller = { oid, tid, type: "User" };

/** As a preview tells them: `type name {inputs}`. */
export function planned(...resources: readonly (readonly [type: string, inputs: object, op?: string])[]): Needs {
  const steps = resources.map(([type, inputs, op = "create"], index) => ({
    op,
    urn: `urn:pulumi:dev::p::${type}::r${index}`,
    newState: { type, inputs },
  }));
  return needsOf({ steps });
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const resourceGroupName = "new-group";
const GROUP = ["azure-native:resources:ResourceGroup", { resourceGroupName, location: "westeurope" }] as const;
const ACCOUNT = {
  resourceGroupName,
  accountName: "newaccount1",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
};
export const account = (change: object = {}) =>
  ["azure-native:storage:StorageAccount", { ...ACCOUNT, ...change }] as const;
const vault = (vaultName: string) =>
  ["azure-native:keyvault:Vault", { resourceGroupName, vaultName, location: "westeurope" }] as const;
const ROLE = ["azure-native:authorization:RoleAssignment", { scope: UNKNOWN, principalId: UNKNOWN }] as const;
/** What a stack with one dataset has. */
export const whole = planned(GROUP, account(), vault("new-vault"), ROLE);

export interface Change {
  readonly needs?: Needs;
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly governs?: Caller;
}

const given = (path: string, body: unknown): FaultRule => ({
  kind: "answer",
  service: "resource-manager",
  path,
  answer: { status: 200, text: JSON.stringify(body) },
});
const list = (...value: unknown[]) => ({ value });
const permission = (actions: readonly string[], notActions: readonly string[] = [], more: object = {}) =>
  given("/permissions?", list({ actions, notActions, dataActions: [], notDataActions: [], ...more }));
const subscription = (change: object) =>
  given("/subscriptions?", list({ subscriptionId, displayName: "main", state: "Enabled", tenantId: tid, ...change }));

export interface Case {
  readonly title: string;
  readonly rule?: FaultRule;
  readonly change?: Change;
  /** `<what>: <result>` of everything that is not ok. */
  readonly lines: readonly string[];
  readonly found: RegExp;
  readonly remedy: RegExp;
}

export const cases: readonly Case[] = [
  {
    title: "another tenant than governance knows",
    change: { governs: { ...me, tid: "elsewhere" } },
    lines: ["same person: problem"],
    found: /of tenant elsewhere, Azure as User c0a70550.*the identity would be of one tenant/,
    remedy: /^az login --tenant elsewhere/,
  },
  {
    title: "a user, where governance knows a pipeline",
    change: { governs: { ...me, type: "ServicePrincipal" } },
    lines: ["same person: problem"],
    found: /roles for a principal of the wrong type are refused/,
    remedy: /leave cleanroom:token out/,
  },
  {
    title: "a colleague of whom governance knows",
    change: { governs: { ...me, oid: "somebody" } },
    lines: ["same person: warning"],
    found: /asked as User somebody .* Azure as User c0a70550.*two people of one tenant/,
    remedy: /^az login --tenant /,
  },
  {
    title: "a provider that signs in as an application",
    change: { env: { ARM_CLIENT_ID: "app" } },
    lines: ["provider's sign-in: unchecked"],
    found: /as application app/,
    remedy: /AZURE_CLIENT_ID=app/,
  },
  {
    title: "a subscription that we do not see",
    change: { config: { "azure-native:subscriptionId": "other" } },
    lines: ["subscription: problem", "rights, providers, regions, quotas, names: unchecked"],
    found: /^other is none of those that we see: c0a70550/,
    remedy: /pulumi config set --stack dev azure-native:subscriptionId c0a70550/,
  },
  {
    title: "several subscriptions, of which none is named",
    rule: given(
      "/subscriptions?",
      list(...["a", "b"].map((id) => ({ subscriptionId: id, displayName: id, state: "Enabled" }))),
    ),
    lines: ["subscription: warning", "rights, providers, regions, quotas, names: unchecked"],
    found: /Azure CLI's default would be taken, of a \(a\), b \(b\)/,
    remedy: /azure-native:subscriptionId a$/,
  },
  {
    title: "no subscription at all",
    rule: given("/subscriptions?", list()),
    lines: ["subscription: problem", "rights, providers, regions, quotas, names: unchecked"],
    found: /sees no subscription/,
    remedy: /az role assignment create/,
  },
  {
    title: "a subscription that is disabled",
    rule: subscription({ state: "Disabled" }),
    lines: ["subscription: problem"],
    found: /is Disabled$/,
    remedy: /enable it/,
  },
  {
    title: "a subscription of another tenant",
    rule: subscription({ tenantId: "elsewhere" }),
    lines: ["subscription: problem"],
    found: /is of tenant elsewhere/,
    remedy: /az login --tenant elsewhere/,
  },
  {
    title: "Contributor, who may assign no roles",
    rule: permission(["*"], ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"]),
    lines: ["rights: problem"],
    found: /1 of \d+ actions are missing: Microsoft\.Authorization\/roleAssignments\/write$/,
    remedy: new RegExp(`--role "Role Based Access Control Administrator" --scope ${SCOPE}\nor the custom role`),
  },
  {
    title: "Reader",
    rule: permission(["*/read"]),
    lines: ["rights: problem"],
    found: /Microsoft\.KeyVault\/vaults\/write/,
    remedy: /--role "Contributor"[^]*--role "Role Based/,
  },
  {
    title: "who may make what nobody may delete",
    rule: permission(["*"], ["*/delete"]),
    lines: ["rights: warning"],
    found: /pulumi destroy would fail for want of .*vaults\/delete/,
    remedy: /Contributor/,
  },
  {
    title: "rights under a condition",
    rule: permission(["*"], [], { condition: "@Request[…]", conditionVersion: "2.0" }),
    lines: ["rights: unchecked"],
    found: /given under a condition/,
    remedy: /docs\/azure\.md/,
  },
  {
    title: "a type of which the rights are not known",
    change: { needs: planned(GROUP, ["azure-native:search:Service", { resourceGroupName }]) },
    lines: ["rights: unchecked"],
    found: /does not know which rights azure-native:search:Service takes/,
    remedy: /resource provider operations/,
  },
  {
    title: "rights that may not be read",
    rule: {
      kind: "answer",
      service: "resource-manager",
      path: "/permissions?",
      answer: { status: 403, text: '{"error":{"code":"AuthorizationFailed","message":"no"}}' },
    },
    lines: ["rights: unchecked"],
    found: /AuthorizationFailed/,
    remedy: /Microsoft\.Authorization\/permissions\/read/,
  },
  {
    title: "a resource provider that is not registered",
    rule: given("/providers/Microsoft.KeyVault?", {
      registrationState: "NotRegistered",
      resourceTypes: [{ resourceType: "vaults", locations: ["West Europe"] }],
    }),
    lines: ["resource providers: problem"],
    found: /^Microsoft\.KeyVault is NotRegistered$/,
    remedy: new RegExp(`^az provider register --namespace Microsoft.KeyVault --subscription ${subscriptionId} --wait$`),
  },
  {
    title: "a region without vaults",
    rule: given("/providers/Microsoft.KeyVault?", {
      registrationState: "Registered",
      resourceTypes: [{ resourceType: "vaults", locations: ["East US"] }],
    }),
    lines: ["region: problem"],
    found: /^Microsoft\.KeyVault\/vaults is not offered in westeurope$/,
    remedy: /azure-native:location/,
  },
  {
    title: "a SKU that the region does not have",
    change: { needs: planned(GROUP, account({ sku: { name: "Standard_XRS" } })) },
    lines: ["storage SKU: problem"],
    found: /StorageV2 accounts of Standard_XRS are not offered in westeurope/,
    remedy: /another region/,
  },
  {
    title: "a SKU that the subscription may not have",
    rule: given(
      "/Microsoft.Storage/skus?",
      list({
        name: "Standard_LRS",
        kind: "StorageV2",
        locations: ["westeurope"],
        restrictions: [{ reasonCode: "NotAvailableForSubscription" }],
      }),
    ),
    lines: ["storage SKU: problem"],
    found: /NotAvailableForSubscription/,
    remedy: /support/,
  },
  {
    title: "a quota that is used up",
    rule: given("/usages?", list({ currentValue: 250, limit: 250, name: { value: "StorageAccounts" } })),
    lines: ["quota: problem"],
    found: /^250 of 250 storage accounts in westeurope, 1 more wanted$/,
    remedy: /existingAccountName/,
  },
  {
    title: "no region",
    change: { needs: planned(["azure-native:keyvault:Vault", { vaultName: "new-vault" }]) },
    lines: ["region: unchecked"],
    found: /no region is named/,
    remedy: /pulumi config set --stack dev azure-native:location/,
  },
];
