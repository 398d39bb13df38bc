// A dataset's keys: a key encryption key (KEK) that the vault releases to the attested clean room alone, and a data
// encryption key (DEK) wrapped with it.
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";
import type { CleanRoomDetails } from "../collaboration";
import { DataKey } from "../governance/data-key";
import { shortened, vaultObjectName } from "../names";
import { componentOptions } from "../options";
import type { GuardArgs } from "./guard";
import { newKek, type Kek } from "./kek";
import { assignRole } from "./role";
import { rotationLabel } from "../rotation";

export interface ReleaseKeyArgs extends GuardArgs {
  /** Resource group of the vault. Another one replaces it. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces the vault. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Name of a vault that exists in the resource group, Premium and with role based access. @default one is created */
  readonly existingVaultName?: pulumi.Input<string>;
  /** Name of an exportable RSA-HSM key that exists in that vault. @default one is created */
  readonly existingKeyName?: pulumi.Input<string>;
  /**
   * A Managed HSM that exists and is activated, `https://<hsm>.managedhsm.azure.net/`: the KEK is made there, under local
   * roles, and the vault keeps the two secrets, which an HSM can't. Whoever runs the program must be able to give local
   * roles (Managed HSM Administrator or Policy Administrator). Another one makes another KEK.
   * @default the vault has the KEK
   */
  readonly existingHsmUrl?: pulumi.Input<string>;
  /**
   * Another ReleaseKey, whose vault and KEK are used: one KEK for several datasets, each with a DEK of its own. What
   * concerns vault and KEK is said there alone. Another one wraps the DEK anew, and so publishes a new document.
   * @default a KEK of its own
   */
  readonly sharedKek?: ReleaseKey;
  /** Object id of the identity that the clean room signs in as: it may have the KEK released and read the wrapped DEK. */
  readonly principalId: pulumi.Input<string>;
  /**
   * Object ids of further identities that may do the same, each by a name of your own: one key for several datasets. A
   * name that is left out loses its access.
   * @default none
   */
  readonly otherPrincipals?: Readonly<Record<string, pulumi.Input<string>>>;
  /** To which clean rooms the KEK may be released. A change is written to the existing key. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
  /**
   * Further clean rooms that may have the KEK released, such as another collaboration's. They must have the same
   * attestation service. A change is written to the existing key.
   * @default none
   */
  readonly otherCleanRooms?: pulumi.Input<pulumi.Input<CleanRoomDetails>[]>;
  /**
   * Policies of clean rooms that still run while a new one is accepted: whole, or the host data alone (64 hexadecimal
   * digits) for one with the same conditions as now. Leave them out once the old ones have ended. A change is written to
   * the existing key.
   * @default none
   */
  readonly previousPolicies?: pulumi.Input<pulumi.Input<ReleasePolicy | string>[]>;
  /** Size of the KEK in bits; another one replaces it. @default 3072 */
  readonly keySize?: 2048 | 3072 | 4096;
  /**
   * Last day on which the KEK may be used, such as `2028-06-30` (UTC). Another one makes another KEK, since nothing writes
   * to an existing key's, and so another DEK and another document.
   * @default none: it never expires
   */
  readonly keyExpires?: string;
  /**
   * Label of both keys, such as `v2` or what `rotationEvery` answers; 1 to 20 letters, digits and hyphens. Another one
   * makes another KEK and another DEK: the data is encrypted and uploaded again, a new document is published, the use of
   * the old one is disabled, and the old KEK is deleted (a vault keeps it for 90 days), in this order. With `sharedKek`
   * the DEK alone. Both secrets of the old DEK stay in the vault, and the run says how to remove them.
   * @default none
   */
  readonly rotation?: string;
  /**
   * Label of the KEK alone. Another one makes another KEK, which wraps the same DEK: nothing is uploaded, the rest is as
   * for `rotation`. The old wrapped DEK stays in the vault.
   * @default none
   */
  readonly kekRotation?: string;
  /**
   * Whether to give the identity that runs this program the two data roles it needs on the vault (Crypto Officer, Secrets
   * Officer), with `existingHsmUrl` instead of the first the HSM's local role Managed HSM Crypto User for its keys. Without them it must have them already.
   * @default true
   */
  readonly grantDeployer?: boolean;
}

/**
 * KEK: RSA-HSM, exportable, under a secure key release policy made from the clean room's details, in a Premium vault with
 * purge protection. DEK: 32 random bytes that never enter the state; one secret for the owner, one, wrapped, for the
 * clean room.
 *
 * @example
 * const key = new ReleaseKey("sales", { resourceGroupName: group.name, principalId: identity.principalId, rotation: "v2" });
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
  readonly #kek: Kek;

  constructor(name: string, args: ReleaseKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:ReleaseKey", name, {}, componentOptions("ReleaseKey", name, opts));
    const { principalId, otherPrincipals = {}, sharedKek, rotation } = requireConsistent(name, args);
    this.#kek = sharedKek === undefined ? newKek(this, name, args, opts) : sharedKek.#kek;
    const { vault, hsmUrl, name: keyName, isThere, releasePolicy, attestationUrl } = this.#kek;
    const label = rotationLabel("rotation", rotation);
    const secretName = shortened([vaultObjectName(name), "dek", ...label].join("-"), 50);
    const wrappedSecretName = pulumi.interpolate`wrapped-${secretName}-${keyName}`;
    const dataKey = new DataKey(
      `${name}-dek`,
      { vaultUrl: vault.url, hsmUrl, keyName, releasePolicy, secretName, wrappedSecretName },
      { parent: this, dependsOn: [...isThere] },
    );
    const wrappedId = pulumi.interpolate`${vault.id}/secrets/${wrappedSecretName}`;
    const access = Object.entries({ "": principalId, ...otherPrincipals }).flatMap(([key, id]) =>
      this.#access(name, key === "" ? "" : `-${key}`, id, wrappedId, dataKey),
    );
    // Whoever uses the key waits until it can be used.
    const usable = pulumi.all(access.map(({ id }) => id));
    this.vaultUrl = vault.url;
    this.kek = pulumi
      .all([keyName, hsmUrl ?? vault.url, attestationUrl, usable])
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

  /** One identity's two rights: release of the KEK, and the wrapped DEK. */
  #access(
    name: string,
    suffix: string,
    principalId: pulumi.Input<string>,
    wrappedId: pulumi.Output<string>,
    dataKey: DataKey,
  ): pulumi.CustomResource[] {
    return [
      this.#kek.letRelease(`${name}-release${suffix}`, principalId, { parent: this }),
      assignRole(
        `${name}-unwrap${suffix}`,
        { scope: wrappedId, role: "Key Vault Secrets User", principalId, principalType: "ServicePrincipal" },
        { parent: this, dependsOn: dataKey },
      ),
    ];
  }
}

/** What is said where the KEK is made, and nowhere else. */
const OF_THE_KEK = [
  "existingVaultName",
  "existingKeyName",
  "existingHsmUrl",
  "details",
  "otherCleanRooms",
  "previousPolicies",
  "keySize",
  "keyExpires",
  "kekRotation",
  "allowedAddresses",
  "privateEndpointSubnetId",
  "privateDnsZones",
  "diagnosticsWorkspaceId",
  "lock",
  "grantDeployer",
] as const;

/** @throws RunError with an argument that would have no effect */
function requireConsistent(name: string, args: ReleaseKeyArgs): ReleaseKeyArgs {
  const idle = args.sharedKek && OF_THE_KEK.find((each) => args[each] !== undefined);
  if (idle !== undefined) {
    throw new pulumi.RunError(
      `ReleaseKey '${name}': ${idle} is of the vault or its KEK, which sharedKek brings along: say it there.`,
    );
  }
  if (args.existingKeyName !== undefined && args.kekRotation !== undefined) {
    throw new pulumi.RunError(
      `ReleaseKey '${name}': kekRotation makes another KEK, and existingKeyName names one that exists: name another key there instead.`,
    );
  }
  return args;
}
