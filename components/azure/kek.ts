// A key encryption key (KEK): RSA-HSM, exportable, under a policy that releases it to attested clean rooms alone.
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import { shortened, vaultObjectName } from "../names";
import type { ReleaseKeyArgs } from "./release-key";
import { anyReleasePolicy, releasePolicyFor } from "./release-policy";
import { hsmKek } from "./hsm-kek";
import { releaseVault, type ReleaseVault } from "./release-vault";
import { assignRole, createdFirst, deployer } from "./role";
import { rotationLabel } from "../rotation";

export interface Kek {
  /** The vault that has it, and the secrets beside it. */
  readonly vault: ReleaseVault;
  /** The Managed HSM that has the KEK. @default the vault has it */
  readonly hsmUrl?: pulumi.Output<string>;
  /** Its name there, known in preview. */
  readonly name: pulumi.Output<string>;
  /** What must be there before it can be used. */
  readonly isThere: readonly pulumi.Resource[];
  /** Whom the vault releases it to. */
  readonly releasePolicy: pulumi.Output<ReleasePolicy>;
  /** Whose word the vault takes. */
  readonly attestationUrl: pulumi.Output<string>;
  /** Lets an identity have it released; once, however many datasets it reads: the same assignment twice is an error of Azure's. */
  letRelease(
    name: string,
    principalId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource;
}

/**
 * @param parent the component that it belongs to
 * @param name that component's name
 * @param opts that component's options
 */
export function newKek(
  parent: pulumi.ComponentResource,
  name: string,
  args: ReleaseKeyArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): Kek {
  const details = pulumi.output(args.details ?? getCleanRoomDetails());
  const releasePolicy = releasePolicyOf(details, args);
  const vault = releaseVault(parent, name, args, opts);
  if (args.existingHsmUrl !== undefined) {
    return hsmKek(parent, name, { ...args, existingHsmUrl: args.existingHsmUrl }, { vault, details, releasePolicy });
  }
  // The provider deletes keys through the vault's data plane, so these roles come before keys, and go after them.
  const roles = args.grantDeployer === false ? [] : deployerRoles(parent, name, vault.id, details);
  const key = args.existingKeyName === undefined ? newKey(parent, name, args, vault, releasePolicy, roles) : undefined;
  // The name is known before the key is there; what is done at the key itself waits for it.
  const keyName = pulumi.output(args.existingKeyName ?? keyNameOf(name, args));
  const there = key?.name ?? keyName;
  return {
    vault,
    name: keyName,
    isThere: key === undefined ? roles : [...roles, key],
    releasePolicy,
    attestationUrl: details.attestationUrl,
    letRelease: once((roleName, principalId, options) =>
      assignRole(
        roleName,
        {
          scope: pulumi.interpolate`${vault.id}/keys/${there}`,
          role: "Key Vault Crypto Service Release User",
          principalId,
          principalType: "ServicePrincipal",
        },
        options,
      ),
    ),
  };
}

/** Gives a right once to each identity, and answers the same resource to whoever asks for it again. */
export function once(give: Kek["letRelease"]): Kek["letRelease"] {
  const given = new Map<pulumi.Input<string>, pulumi.CustomResource>();
  return (name, principalId, opts) => {
    const right = given.get(principalId) ?? give(name, principalId, opts);
    given.set(principalId, right);
    return right;
  };
}

function newKey(
  parent: pulumi.ComponentResource,
  name: string,
  args: ReleaseKeyArgs,
  vault: ReleaseVault,
  releasePolicy: pulumi.Output<ReleasePolicy>,
  dependsOn: pulumi.Resource[],
): keyvault.Key {
  const { resourceGroupName, keySize = 3072, keyExpires } = args;
  return new keyvault.Key(
    `${name}-kek`,
    {
      resourceGroupName,
      vaultName: vault.name,
      keyName: keyNameOf(name, args),
      properties: {
        kty: "RSA-HSM",
        keySize,
        keyOps: ["encrypt", "wrapKey"],
        attributes: { enabled: true, exportable: true, expires: endOf(keyExpires) },
        releasePolicy: {
          contentType: "application/json; charset=utf-8",
          data: releasePolicy.apply((policy) => Buffer.from(JSON.stringify(policy), "utf8").toString("base64url")),
        },
      },
    },
    createdFirst({ parent, dependsOn }),
  );
}

/** What an existing key is never changed in is part of its name: another size, last day or label is another key. */
export function keyNameOf(name: string, args: ReleaseKeyArgs): string {
  const { keySize = 3072, keyExpires, rotation, kekRotation } = args;
  const parts = [
    keySize,
    ...(keyExpires === undefined ? [] : [keyExpires.replaceAll("-", "")]),
    ...rotationLabel("rotation", rotation),
    ...rotationLabel("kekRotation", kekRotation).flatMap((label) => ["k", label]),
  ];
  return shortened([vaultObjectName(name), "kek", ...parts].join("-"), 60);
}

/** Any of the clean rooms that are meant: this one, others, and those that still run under an earlier policy. */
function releasePolicyOf(
  details: pulumi.Output<CleanRoomDetails>,
  { otherCleanRooms = [], previousPolicies = [] }: ReleaseKeyArgs,
): pulumi.Output<ReleasePolicy> {
  return pulumi
    .all([details, pulumi.output(otherCleanRooms), pulumi.output(previousPolicies)])
    .apply(([{ attestationUrl, cleanroomPolicy }, others, previous]) => {
      const stranger = others.find((other) => other.attestationUrl !== attestationUrl);
      if (stranger !== undefined) {
        throw new pulumi.RunError(
          `otherCleanRooms: the clean room of contract '${stranger.contractId}' is attested by ${stranger.attestationUrl}, this one by ${attestationUrl}. A dataset names one attestation service for its key: make a ReleaseKey for that one.`,
        );
      }
      const now = cleanroomPolicy.releasePolicy;
      return anyReleasePolicy([
        now,
        ...others.map((other) => other.cleanroomPolicy.releasePolicy),
        ...previous.map((each) => (typeof each === "string" ? releasePolicyFor(each, now) : each)),
      ]);
    });
}

function deployerRoles(
  parent: pulumi.ComponentResource,
  name: string,
  scope: pulumi.Output<string>,
  details: pulumi.Output<CleanRoomDetails>,
): pulumi.Resource[] {
  const child = { parent };
  const who = deployer(details, child);
  return [
    assignRole(`${name}-deployer-keys`, { scope, role: "Key Vault Crypto Officer", ...who }, child),
    assignRole(`${name}-deployer-secrets`, { scope, role: "Key Vault Secrets Officer", ...who }, child),
  ];
}

/** Seconds since 1970 at the day's end. */
export function endOf(day: string | undefined): number | undefined {
  if (day === undefined) {
    return undefined;
  }
  const end = Date.parse(`${day}T23:59:59Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(end)) {
    throw new pulumi.RunError(`keyExpires is '${day}': write a day such as 2028-06-30.`);
  }
  return Math.floor(end / 1000);
}
