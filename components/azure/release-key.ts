// A dataset's keys: a key encryption key (KEK) that the vault releases to the attested clean room alone, and a data
// encryption key (DEK) wrapped with it.
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import { DataKey } from "../governance/data-key";
import { shortened, vaultObjectName } from "../names";
import { componentOptions } from "../options";
import { releaseVault, type ReleaseVault } from "./release-vault";
import { assignRole, deployer } from "./role";

export interface ReleaseKeyArgs {
  /** Resource group of the vault. Another one replaces it. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces the vault. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Name of a vault that exists in the resource group, Premium and with role based access. @default one is created */
  readonly existingVaultName?: pulumi.Input<string>;
  /** Name of an exportable RSA-HSM key that exists in that vault. @default one is created */
  readonly existingKeyName?: pulumi.Input<string>;
  /** Object id of the identity that the clean room signs in as: it may have the KEK released and read the wrapped DEK. */
  readonly principalId: pulumi.Input<string>;
  /** To which clean rooms the KEK may be released. A change is written to the existing key. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
  /** Size of the KEK in bits; another one replaces it. @default 3072 */
  readonly keySize?: 2048 | 3072 | 4096;
  /**
   * Last day on which the KEK may be used, such as `2028-06-30` (UTC). Another one makes another KEK, since nothing writes
   * to an existing key's, and so another DEK and another document.
   * @default none: it never expires
   */
  readonly keyExpires?: string;
  /**
   * Public IPv4 addresses and ranges from which the new vault can be reached: the clean room's, and of whoever deploys and
   * uploads. Every other network is denied.
   * @default none are named, and every network is let in
   */
  readonly allowedAddresses?: pulumi.Input<string[]>;
  /**
   * Whether to give the identity that runs this program the two data roles it needs on the vault (Crypto Officer, Secrets
   * Officer). Without them it must have them already.
   * @default true
   */
  readonly grantDeployer?: boolean;
}

/**
 * KEK: RSA-HSM, exportable, under a secure key release policy made from the clean room's details, in a Premium vault with
 * purge protection. DEK: 32 random bytes that never enter the state; one secret for the owner, one, wrapped, for the
 * clean room.
 */
export class ReleaseKey extends pulumi.ComponentResource {
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUrl: pulumi.Output<string>;
  /** For a dataset's `kek`. */
  readonly kek: pulumi.Output<{ secretId: string; keyVaultUrl: string; maaUrl: string }>;
  /** For a dataset's `dek`. */
  readonly dek: pulumi.Output<{ secretId: string; keyVaultUrl: string }>;
  /** Name of the secret with the DEK itself, for encrypting data on its way up. */
  readonly secretName: pulumi.Output<string>;
  /** Tells which DEK it is, and nothing of its bytes. */
  readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: ReleaseKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:ReleaseKey", name, {}, componentOptions("ReleaseKey", name, opts));
    const { principalId, grantDeployer = true } = args;
    const child = { parent: this };
    const details = pulumi.output(args.details ?? getCleanRoomDetails());
    const vault = releaseVault(this, name, args, opts);
    // The provider deletes keys through the vault's data plane, so these roles come before keys, and go after them.
    const roles = grantDeployer ? this.#deployerRoles(name, vault.id, details) : [];
    const keyName = this.#kek(name, args, vault, details, roles);
    const secretName = shortened(`${vaultObjectName(name)}-dek`, 50);
    const wrappedSecretName = pulumi.interpolate`wrapped-${secretName}-${keyName}`;
    const dataKey = new DataKey(
      `${name}-dek`,
      {
        vaultUrl: vault.url,
        keyName,
        releasePolicy: details.cleanroomPolicy.releasePolicy,
        secretName,
        wrappedSecretName,
      },
      { ...child, dependsOn: roles },
    );
    const access = [
      assignRole(
        `${name}-release`,
        {
          scope: pulumi.interpolate`${vault.id}/keys/${keyName}`,
          role: "Key Vault Crypto Service Release User",
          principalId,
          principalType: "ServicePrincipal",
        },
        child,
      ),
      assignRole(
        `${name}-unwrap`,
        {
          scope: pulumi.interpolate`${vault.id}/secrets/${wrappedSecretName}`,
          role: "Key Vault Secrets User",
          principalId,
          principalType: "ServicePrincipal",
        },
        { ...child, dependsOn: dataKey },
      ),
    ];
    // Whoever uses the key waits until it can be used.
    const usable = pulumi.all(access.map(({ id }) => id));
    this.vaultUrl = vault.url;
    this.kek = pulumi
      .all([keyName, vault.url, details.attestationUrl, usable])
      .apply(([secretId, keyVaultUrl, maaUrl]) => ({ secretId, keyVaultUrl, maaUrl }));
    this.dek = pulumi
      .all([wrappedSecretName, vault.url, dataKey.fingerprint])
      .apply(([secretId, keyVaultUrl]) => ({ secretId, keyVaultUrl }));
    this.secretName = dataKey.fingerprint.apply(() => secretName);
    this.fingerprint = dataKey.fingerprint;
    this.registerOutputs({
      vaultUrl: this.vaultUrl,
      kek: this.kek,
      dek: this.dek,
      secretName: this.secretName,
      fingerprint: this.fingerprint,
    });
  }

  #kek(
    name: string,
    { resourceGroupName, existingKeyName, keySize = 3072, keyExpires }: ReleaseKeyArgs,
    vault: ReleaseVault,
    details: pulumi.Output<CleanRoomDetails>,
    dependsOn: pulumi.Resource[],
  ): pulumi.Output<string> {
    if (existingKeyName !== undefined) {
      return pulumi.output(existingKeyName);
    }
    const key = new keyvault.Key(
      `${name}-kek`,
      {
        resourceGroupName,
        vaultName: vault.name,
        // Size and last day are in the name: others are another key, for an existing one is never written to.
        keyName: shortened([vaultObjectName(name), "kek", keySize, ...dayOf(keyExpires)].join("-"), 60),
        properties: {
          kty: "RSA-HSM",
          keySize,
          keyOps: ["encrypt", "wrapKey"],
          attributes: { enabled: true, exportable: true, expires: endOf(keyExpires) },
          releasePolicy: {
            contentType: "application/json; charset=utf-8",
            data: details.cleanroomPolicy.releasePolicy.apply((policy) =>
              Buffer.from(JSON.stringify(policy), "utf8").toString("base64url"),
            ),
          },
        },
      },
      { parent: this, dependsOn },
    );
    return key.name;
  }

  #deployerRoles(
    name: string,
    scope: pulumi.Output<string>,
    details: pulumi.Output<CleanRoomDetails>,
  ): pulumi.Resource[] {
    const child = { parent: this };
    const who = deployer(details, child);
    return [
      assignRole(`${name}-deployer-keys`, { scope, role: "Key Vault Crypto Officer", ...who }, child),
      assignRole(`${name}-deployer-secrets`, { scope, role: "Key Vault Secrets Officer", ...who }, child),
    ];
  }
}

/** The day as it stands in a name; none where there is none. */
function dayOf(day: string | undefined): readonly string[] {
  return day === undefined ? [] : [day.replaceAll("-", "")];
}

/** Seconds since 1970 at the day's end. */
function endOf(day: string | undefined): number | undefined {
  if (day === undefined) {
    return undefined;
  }
  const end = Date.parse(`${day}T23:59:59Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(end)) {
    throw new pulumi.RunError(`keyExpires is '${day}': write a day such as 2028-06-30.`);
  }
  return Math.floor(end / 1000);
}
