// Role assignments: named by a GUID, on something that exists, to somebody who exists, and each only once. Whoever
// assigns to a principal that was made just now has to say of what type it is.
import { ServiceError } from "../../http";
import * as facts from "../facts-of";
import { type Cloud, type Current, type Model, text, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import { requireUnlocked } from "./management-lock";
import { requireAbsent, subscriptionScope, without } from "./arm";
import { type Principal, principalOf } from "./principals";
import { isKnownRole, knownRoles } from "./role-definitions";

/** How long it takes until the whole directory knows a new principal, in milliseconds. */
const SPREAD = 2 * 60 * 1000;
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DEFINITION = /^(\/subscriptions\/[^/]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/([^/]+)$/i;
const file = "sandbox/clouds/azure/role-assignment.ts";

export const roleAssignment: Model = {
  type: tokens.roleAssignment,
  file,
  inputs: {
    condition: typed,
    conditionVersion: text("2.0"),
    description: typed,
    principalId: typed,
    principalType: text("User", "Group", "ServicePrincipal"),
    roleAssignmentName: typed,
    roleDefinitionId: typed,
    scope: typed,
  },
  autoname: {
    property: "roleAssignmentName",
    unique: true,
    make: (_, random) => random(32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5"),
  },
  replaceOn: ["principalId", "roleAssignmentName", "scope"],
  computed: ["azureApiVersion", "createdBy", "createdOn", "type", "updatedBy", "updatedOn"],
  changing: ["updatedBy", "updatedOn"],
  echo: (inputs) => ({
    principalType: "User",
    ...without(inputs, "roleAssignmentName"),
    name: inputs.roleAssignmentName,
  }),
  create: async (cloud, inputs) => {
    const { scope, roleAssignmentName } = inputs as Record<string, string>;
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleAssignmentName}`;
    requireAbsent(cloud, tokens.roleAssignment, id);
    checkName(roleAssignmentName);
    await checkScope(cloud, String(scope));
    const roleDefinitionId = definitionOf(cloud, inputs);
    const principal = checkPrincipal(cloud, inputs);
    checkTwice(cloud, { ...inputs, roleDefinitionId });
    const { userOid } = cloud.collaborator;
    const at = cloud.clock().toISOString();
    const audit = { createdBy: userOid, createdOn: at, updatedBy: userOid, updatedOn: at };
    return { id, outputs: { ...fixed, ...audit, roleDefinitionId, principalType: principal.type } };
  },
  delete: (cloud, { id }) => {
    requireUnlocked(cloud, id);
    return Promise.resolve();
  },
  update: (cloud, { outputs }, inputs) => {
    const same = outputs.roleDefinitionId === definitionOf(cloud, inputs);
    if (!same || (inputs.principalType ?? outputs.principalType) !== outputs.principalType) {
      const message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
      throw new ServiceError(409, "RoleAssignmentUpdateNotPermitted", message);
    }
    const { roleDefinitionId, principalType } = outputs;
    const audit = { updatedBy: cloud.collaborator.userOid, updatedOn: cloud.clock().toISOString() };
    return Promise.resolve({ outputs: { ...audit, roleDefinitionId, principalType } });
  },
};

const fixed = { azureApiVersion: "2022-04-01", type: "Microsoft.Authorization/roleAssignments" };

function checkName(name: string | undefined): void {
  if (GUID.test(name ?? "")) return;
  const message = `The role assignment ID '${String(name)}' is not valid. The role assignment ID must be a GUID.`;
  throw new ServiceError(400, "InvalidRoleAssignmentId", message);
}

/** @throws ServiceError 403 for another's subscription, 404 for what is not there */
async function checkScope(cloud: Cloud, scope: string): Promise<void> {
  const { collaborator, state } = cloud;
  const [given, own] = [scope.toLowerCase(), subscriptionScope(cloud).toLowerCase()];
  if (given === own) return;
  if (!given.startsWith(`${own}/`)) {
    throw new ServiceError(
      403,
      "AuthorizationFailed",
      `The client '${collaborator.upn}' with object id '${collaborator.userOid}' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '${scope}' or the scope is invalid.`,
    );
  }
  const isScope = ({ owner, type, id }: Resource): boolean =>
    owner === collaborator.name && type !== tokens.roleAssignment && id.toLowerCase() === given;
  if (state.records.all().some(isScope)) return;
  if (await existsInVault(cloud, scope)) return;
  throw new ServiceError(
    404,
    scope.includes("/providers/") ? "ResourceNotFound" : "ResourceGroupNotFound",
    `The scope '${scope}' was not found.`,
  );
}

/** Keys and secrets that were made through the vault itself are scopes as well. */
async function existsInVault({ state }: Cloud, scope: string): Promise<boolean> {
  const [, vaultId, kind, name] = /^(.*\/vaults\/[^/]+)\/(keys|secrets)\/([^/]+)$/i.exec(scope) ?? [];
  const vault = state.vaults().find((each) => each.id.toLowerCase() === vaultId?.toLowerCase());
  if (vault === undefined || name === undefined) return false;
  const found = kind?.toLowerCase() === "keys" ? state.hooks.keyRead(vault, name) : state.hooks.secretRead(vault, name);
  return (await found) !== undefined;
}

/** @returns the definition's id as ARM answers it, in the subscription. @throws ServiceError 400 */
function definitionOf(cloud: Cloud, { roleDefinitionId }: Properties): string {
  const given = String(roleDefinitionId);
  const [, subscription, id] = DEFINITION.exec(given) ?? [];
  const own = subscriptionScope(cloud);
  const foreign = subscription !== undefined && subscription.toLowerCase() !== own.toLowerCase();
  if (id === undefined || foreign || !isKnownRole(id)) {
    throw new ServiceError(
      400,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${given}' does not exist. The sandbox knows: ${knownRoles()}.`,
    );
  }
  return `${own}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

/** @throws ServiceError 400 PrincipalNotFound or UnmatchedPrincipalType */
function checkPrincipal(cloud: Cloud, { principalId, principalType }: Properties): Principal {
  const { clock, collaborator } = cloud;
  const principal = principalOf(cloud, String(principalId));
  const fresh = principal !== undefined && clock().getTime() - principal.since < SPREAD;
  if (principal === undefined || (fresh && principalType !== principal.type)) {
    throw new ServiceError(
      400,
      "PrincipalNotFound",
      `Principal ${String(principalId).replaceAll("-", "")} does not exist in the directory ${collaborator.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    );
  }
  if (typeof principalType === "string" && principalType !== principal.type) {
    throw new ServiceError(
      400,
      "UnmatchedPrincipalType",
      `The PrincipalId '${String(principalId)}' has type '${principal.type}', which is different from specified PrincipalType '${principalType}'.`,
    );
  }
  return principal;
}

function checkTwice({ state }: Cloud, given: Properties): void {
  const lower = (value: unknown): string => String(value).toLowerCase();
  const keys = ["scope", "principalId", "roleDefinitionId"] as const;
  const isSame = (each: Current): boolean =>
    keys.every((key) => lower(facts.roleAssignment(each as Resource)[key]) === lower(given[key]));
  const found = state.records.list(tokens.roleAssignment).find(isSame);
  if (found === undefined) return;
  const name = found.id.slice(found.id.lastIndexOf("/") + 1).replaceAll("-", "");
  throw new ServiceError(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the existing role assignment is ${name}.`,
  );
}
