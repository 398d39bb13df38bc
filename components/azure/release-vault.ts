// The vault of a key that is released: Premium, with role based access and purge protection, made or taken as it is.
import * as authorization from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { vaultName } from "../names";
import { childAliases } from "../options";
import { denying, guard, protectionOf, publicAccessOf, type GuardArgs } from "./guard";
import type { ReleaseKeyArgs } from "./release-key";

export interface ReleaseVault {
  /** Azure resource id. */
  readonly id: pulumi.Output<string>;
  /** Name of the vault. */
  readonly name: pulumi.Output<string>;
  /** `https://<vault>.vault.azure.net/` */
  readonly url: pulumi.Output<string>;
}

/** What of a ReleaseKey's arguments is the vault's. */
export type ReleaseVaultArgs = GuardArgs &
  Pick<ReleaseKeyArgs, "resourceGroupName" | "location" | "existingVaultName" | "existingHsmUrl">;

/**
 * @param parent the component that it belongs to
 * @param name that component's name
 * @param opts that component's options
 */
export function releaseVault(
  parent: pulumi.ComponentResource,
  name: string,
  args: ReleaseVaultArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): ReleaseVault {
  const { resourceGroupName, existingVaultName } = args;
  if (existingVaultName !== undefined) {
    const found = keyvault.getVaultOutput({ resourceGroupName, vaultName: existingVaultName }, { parent });
    return {
      id: found.id,
      name: found.name,
      url: found.properties.apply((properties) => requireUsable(existingVaultName, properties, args)),
    };
  }
  const vault = newVault(parent, name, args, childAliases(opts, name, keyVaultName));
  const guarded = guard(
    {
      kind: "ReleaseKey",
      name,
      what: "vault",
      id: vault.id,
      resourceGroupName,
      location: args.location,
      services: [{ groupId: "vault", zone: args.privateDnsZones?.vault }],
      logs: { of: vault.id, categories: ["AuditEvent"] },
    },
    args,
    parent,
  );
  // What goes through the vault's data plane finds a way to it.
  const url = pulumi
    .all([vault.properties, pulumi.all(guarded.map(({ urn }) => urn))])
    .apply(([{ vaultUri }]) => vaultUri ?? "");
  return { id: vault.id, name: vault.name, url };
}

function newVault(
  parent: pulumi.ComponentResource,
  name: string,
  args: ReleaseVaultArgs,
  aliases: pulumi.Input<pulumi.Alias>[],
): keyvault.Vault {
  const { resourceGroupName, location, tags } = args;
  const { tenantId } = authorization.getClientConfigOutput({ parent });
  return new keyvault.Vault(
    keyVaultName(name),
    {
      resourceGroupName,
      location,
      properties: {
        tenantId,
        sku: { family: "A", name: "premium" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 90,
        publicNetworkAccess: publicAccessOf(args),
        networkAcls: denying(args, (value) => ({ value })),
      },
      tags,
    },
    { parent, aliases, protect: protectionOf(args) },
  );
}

/** What a vault may be called, with room for what the provider puts behind it. */
const keyVaultName = (name: string): string => vaultName(name, 15);

/**
 * Only a Premium vault keeps RSA-HSM keys, and only such keys can be released (Key Vault documentation, SKR); where an HSM
 * has the key, any vault keeps the secrets.
 */
function requireUsable(
  name: unknown,
  {
    vaultUri,
    sku,
    enableRbacAuthorization,
  }: { vaultUri?: string; sku: { name: string }; enableRbacAuthorization?: boolean },
  { existingHsmUrl }: ReleaseVaultArgs,
): string {
  const which = typeof name === "string" ? `Vault '${name}'` : "The vault";
  if (sku.name.toLowerCase() !== "premium" && existingHsmUrl === undefined) {
    throw new pulumi.RunError(
      `${which} is of tier '${sku.name}': a key that a clean room may have released needs a Premium vault. Name another one, or leave existingVaultName out to have one created.`,
    );
  }
  if (enableRbacAuthorization !== true) {
    throw new pulumi.RunError(
      `${which} works with access policies: the clean room's rights are given as roles. Turn role based access control on, or name another vault.`,
    );
  }
  return vaultUri ?? "";
}
