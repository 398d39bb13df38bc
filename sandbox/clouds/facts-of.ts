// Facts from records: the one place that knows which output of a resource holds what the data planes ask for.
import { collaborator } from "../world";
import type {
  AccessKeyFacts,
  AccountFacts,
  BucketFacts,
  ContainerFacts,
  FederatedCredentialFacts,
  IdentityFacts,
  NetworkFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from "./facts";
import type { Resource } from "./records";

/** When what an earlier release of the sandbox has made is said to be made. */
const EARLIER = "2024-01-01T00:00:00Z";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

interface VaultProperties {
  readonly tenantId: string;
  readonly sku: { readonly name: "standard" | "premium" };
  readonly enableRbacAuthorization?: boolean;
  readonly enablePurgeProtection?: boolean;
  readonly softDeleteRetentionInDays: number;
  readonly networkAcls?: Rules;
  readonly publicNetworkAccess?: string;
}

interface Rules {
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly iPAddressOrRange?: string; readonly value?: string }[];
}

export function vault({ id, owner, outputs }: Resource): VaultFacts {
  const properties = outputs.properties as VaultProperties;
  return {
    name: text(outputs.name),
    id,
    owner,
    tenantId: properties.tenantId,
    sku: properties.sku.name,
    rbac: properties.enableRbacAuthorization ?? false,
    purgeProtection: properties.enablePurgeProtection ?? false,
    retentionDays: properties.softDeleteRetentionInDays,
    network: network(properties.networkAcls, properties.publicNetworkAccess),
  };
}

export function account({ id, owner, inputs, outputs }: Resource): AccountFacts {
  const { tenantId } = collaborator(owner);
  const hierarchical = inputs.isHnsEnabled === true;
  const rules = network(outputs.networkRuleSet as Rules, outputs.publicNetworkAccess);
  const allowsPublicAccess = outputs.allowBlobPublicAccess === true;
  return { name: text(outputs.name), id, owner, tenantId, hierarchical, network: rules, allowsPublicAccess };
}

function network(rules: Rules | undefined, publicAccess: unknown): NetworkFacts | undefined {
  if (text(publicAccess).toLowerCase() === "disabled") return { defaultAction: "Deny", ranges: [] };
  if (rules === undefined) return undefined;
  const ranges = (rules.ipRules ?? []).map(({ iPAddressOrRange, value }) => iPAddressOrRange ?? value ?? "");
  return { defaultAction: rules.defaultAction === "Deny" ? "Deny" : "Allow", ranges };
}

export function container({ id, inputs, outputs }: Resource): ContainerFacts {
  const { publicAccess } = outputs;
  return {
    account: text(inputs.accountName),
    name: text(outputs.name),
    id,
    publicAccess: publicAccess === "Blob" || publicAccess === "Container" ? publicAccess : "None",
  };
}

export function identity({ outputs }: Resource, credentials: readonly FederatedCredentialFacts[]): IdentityFacts {
  const { clientId, principalId, tenantId } = outputs;
  return { clientId: text(clientId), principalId: text(principalId), tenantId: text(tenantId), credentials };
}

/** @param principal the application's service principal: what roles are assigned to */
export function application(principal: Resource, credentials: readonly FederatedCredentialFacts[]): IdentityFacts {
  const { clientId, objectId } = principal.outputs;
  const { tenantId } = collaborator(principal.owner);
  return { clientId: text(clientId), principalId: text(objectId), tenantId, credentials };
}

export function federatedCredential({ outputs }: Resource): FederatedCredentialFacts {
  const { issuer, subject, audiences } = outputs;
  return { issuer: text(issuer), subject: text(subject), audiences: audiences as string[] };
}

export function roleAssignment({ outputs }: Resource): RoleAssignmentFacts {
  const { scope, principalId, roleDefinitionId } = outputs;
  return { scope: text(scope), principalId: text(principalId), roleDefinitionId: text(roleDefinitionId) };
}

/** @param policy the resource that sets the bucket's own policy */
export function bucket({ id, owner, outputs, hidden }: Resource, policy?: Resource): BucketFacts {
  return {
    name: id,
    owner,
    account: collaborator(owner).awsAccountId,
    region: text(outputs.region),
    created: text(hidden?.createdAt) || EARLIER,
    policy: policy && text(policy.outputs.policy),
  };
}

export function accessKey(key: Resource, user: Resource, policies: readonly Resource[]): AccessKeyFacts {
  return {
    user: text(key.outputs.user),
    userArn: text(user.outputs.arn),
    account: collaborator(key.owner).awsAccountId,
    secret: text(key.hidden?.secret),
    status: key.outputs.status === "Inactive" ? "Inactive" : "Active",
    policies: policies.map(({ outputs }) => text(outputs.policy)),
  };
}

/** Whether a private endpoint leads to the resource of this id. */
export function leadsTo({ inputs }: Resource, id: string): boolean {
  const connections = (inputs.privateLinkServiceConnections ?? []) as readonly { privateLinkServiceId?: string }[];
  return connections.some(({ privateLinkServiceId = "" }) => privateLinkServiceId.toLowerCase() === id.toLowerCase());
}
