// Azure's built-in roles as far as they grant data actions, and the question every data plane asks of them: may this
// caller do this here? Names, ids and actions are those of Azure's documentation of built-in roles.
import type { RoleAssignmentFacts } from "../clouds";

interface DataRole {
  readonly name: string;
  readonly id: string;
  /** Data actions, and the few control actions that a data plane honours; `*` stands for any run of characters. */
  readonly actions: readonly string[];
}

const VAULT = "Microsoft.KeyVault/vaults";
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers";

const roles: readonly DataRole[] = [
  { name: "Key Vault Administrator", id: "00482a5a-887f-4fb3-b363-3b7fe8e74483", actions: [`${VAULT}/*`] },
  {
    name: "Key Vault Reader",
    id: "21090545-7ca7-4776-b22c-e363652d74d2",
    actions: [`${VAULT}/*/read`, `${VAULT}/secrets/readMetadata/action`],
  },
  { name: "Key Vault Crypto Officer", id: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603", actions: [`${VAULT}/keys/*`] },
  {
    name: "Key Vault Crypto User",
    id: "12338af0-0e69-4776-bea7-57ae8d297424",
    actions: ["read", "update/action", "encrypt/action", "decrypt/action", "wrap/action", "unwrap/action"].map(
      (action) => `${VAULT}/keys/${action}`,
    ),
  },
  {
    name: "Key Vault Crypto Service Encryption User",
    id: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    actions: ["read", "wrap/action", "unwrap/action"].map((action) => `${VAULT}/keys/${action}`),
  },
  {
    name: "Key Vault Crypto Service Release User",
    id: "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
    actions: [`${VAULT}/keys/release/action`],
  },
  { name: "Key Vault Secrets Officer", id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", actions: [`${VAULT}/secrets/*`] },
  {
    name: "Key Vault Secrets User",
    id: "4633458b-17de-408a-b874-0445c86b69e6",
    actions: [`${VAULT}/secrets/getSecret/action`, `${VAULT}/secrets/readMetadata/action`],
  },
  { name: "Storage Blob Data Owner", id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", actions: [`${BLOBS}/*`] },
  {
    name: "Storage Blob Data Contributor",
    id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    actions: [
      ...["delete", "read", "write"].map((action) => `${BLOBS}/${action}`),
      ...["delete", "read", "write", "move/action", "add/action"].map((action) => `${BLOBS}/blobs/${action}`),
    ],
  },
  {
    name: "Storage Blob Data Reader",
    id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    actions: [`${BLOBS}/read`, `${BLOBS}/blobs/read`],
  },
];

/** Whether one of the caller's grants covers `scope` (or what contains it) and its role allows `action`. */
export function isAllowed(grants: readonly RoleAssignmentFacts[], oid: string, action: string, scope: string): boolean {
  return grants.some(
    (grant) =>
      same(grant.principalId, oid) && contains(grant.scope, scope) && allows(idOf(grant.roleDefinitionId), action),
  );
}

/** The roles that would allow `action`, least powerful first: what a refusal tells the reader to assign. */
export function rolesFor(action: string): readonly string[] {
  return roles
    .filter((role) => role.actions.some((pattern) => matches(pattern, action)))
    .sort((a, b) => a.actions.join().split("*").length - b.actions.join().split("*").length)
    .map((role) => role.name);
}

function allows(roleId: string, action: string): boolean {
  const role = roles.find((each) => same(each.id, roleId));
  return role !== undefined && role.actions.some((pattern) => matches(pattern, action));
}

function contains(outer: string, inner: string): boolean {
  const [prefix, path] = [outer.toLowerCase().replace(/\/+$/, ""), inner.toLowerCase()];
  return path === prefix || path.startsWith(`${prefix}/`);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const idOf = (definition: string): string => definition.slice(definition.lastIndexOf("/") + 1);

/** `*` matches any run of characters, slashes included; everything else stands for itself, in any case. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.?+^$()|[\]{}\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`, "i").test(text);
}
