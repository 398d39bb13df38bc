// Role assignments on exactly one thing, named so that a second run finds the first one's.
import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRoomDetails } from "../collaboration";
import { guidFrom } from "../names";

/** Azure's built-in data roles that this package assigns, and no others (Azure built-in roles, learn.microsoft.com). */
export const ROLES = {
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Key Vault Crypto Officer": "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Key Vault Crypto Service Release User": "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
} as const;

/** Those that deploy a stack, or read one: for pipelines, on its resource groups. */
const STACK_ROLES = {
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
} as const;

const ALL = { ...ROLES, ...STACK_ROLES };

export interface RoleArgs {
  /** Azure resource id of the one thing the role is for. */
  readonly scope: pulumi.Input<string>;
  /** Name of the built-in role. */
  readonly role: keyof typeof ALL;
  /** Object id of who gets it. */
  readonly principalId: pulumi.Input<string>;
  /** Azure can't look up a fresh identity, and "User" is what the SDK fills in: so it is always said. */
  readonly principalType: pulumi.Input<"User" | "ServicePrincipal">;
  /** Within which the role counts (Azure attribute based access control, version 2.0). @default none */
  readonly condition?: string;
}

export function assignRole(
  name: string,
  { scope, role, principalId, principalType, condition }: RoleArgs,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  const inputs = pulumi.output({ scope, principalId });
  return new authorization.RoleAssignment(
    name,
    {
      scope,
      principalId,
      principalType,
      condition,
      conditionVersion: condition === undefined ? undefined : "2.0",
      roleDefinitionId: inputs.scope.apply(
        (id) => `${subscriptionOf(id)}/providers/Microsoft.Authorization/roleDefinitions/${ALL[role]}`,
      ),
      roleAssignmentName: inputs.apply(({ scope: id, principalId: who }) => guidFrom(id.toLowerCase(), who, ALL[role])),
    },
    createdFirst(opts),
  );
}

/**
 * Made before the one that it replaces is deleted, which the provider does the other way round unless told so: everything
 * that depends on it, a published document too, would be given up before there is another. Only for what has another name
 * whenever it is replaced.
 */
export function createdFirst(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return { ...opts, deleteBeforeReplace: false };
}

function subscriptionOf(resourceId: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(resourceId)?.[0];
  if (subscription === undefined) {
    throw new pulumi.RunError(`'${resourceId}' is no Azure resource id: it has to begin with /subscriptions/<id>.`);
  }
  return subscription;
}

/** Whoever runs the program, as a principal for roles. */
export function deployer(
  details: pulumi.Output<CleanRoomDetails>,
  opts: pulumi.InvokeOptions,
): Pick<RoleArgs, "principalId" | "principalType"> {
  const { objectId } = authorization.getClientConfigOutput(opts);
  return { principalId: objectId, principalType: details.ownerType };
}
