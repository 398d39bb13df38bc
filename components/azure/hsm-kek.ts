// A KEK in a Managed HSM that exists: made there under local roles, with the secrets in a vault beside it.
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";
import type { CleanRoomDetails } from "../collaboration";
import { HsmKey, HsmRoleAssignment, type HsmRoleAssignmentArgs } from "../governance/hsm-key";
import { guidFrom } from "../names";
import { endOf, keyNameOf, once, type Kek } from "./kek";
import type { ReleaseKeyArgs } from "./release-key";
import type { ReleaseVault } from "./release-vault";
import { assignRole, deployer } from "./role";

interface Parts {
  readonly vault: ReleaseVault;
  readonly details: pulumi.Output<CleanRoomDetails>;
  readonly releasePolicy: pulumi.Output<ReleasePolicy>;
}

type HsmArgs = ReleaseKeyArgs & { readonly existingHsmUrl: pulumi.Input<string> };

export function hsmKek(
  parent: pulumi.ComponentResource,
  name: string,
  args: HsmArgs,
  { vault, details, releasePolicy }: Parts,
): Kek {
  const child = { parent };
  const { existingKeyName, keySize = 3072, keyExpires } = args;
  const hsmUrl = pulumi.output(args.existingHsmUrl).apply((url) => `${url.replace(/\/+$/, "")}/`);
  const assign = (
    roleName: string,
    given: Pick<HsmRoleAssignmentArgs, "scope" | "role" | "principalId">,
    opts: pulumi.CustomResourceOptions,
  ): HsmRoleAssignment => {
    const assignmentName = pulumi
      .all([hsmUrl, given.scope, given.role, given.principalId])
      .apply((of) => guidFrom(...of));
    return new HsmRoleAssignment(roleName, { hsmUrl, name: assignmentName, ...given }, opts);
  };
  const who = deployer(details, child);
  const { principalId } = who;
  const roles: pulumi.Resource[] =
    args.grantDeployer === false
      ? []
      : [
          // Of all keys: a key that is yet to be made has no scope of its own.
          assign(`${name}-deployer-keys`, { scope: "/keys", role: "Managed HSM Crypto User", principalId }, child),
          assignRole(`${name}-deployer-secrets`, { scope: vault.id, role: "Key Vault Secrets Officer", ...who }, child),
        ];
  const keyName = pulumi.output(existingKeyName ?? keyNameOf(name, args));
  const key =
    existingKeyName === undefined
      ? new HsmKey(
          `${name}-kek`,
          { hsmUrl, keyName, keySize, expires: endOf(keyExpires), releasePolicy },
          { parent, dependsOn: roles },
        )
      : undefined;
  return {
    vault,
    hsmUrl,
    name: keyName,
    isThere: key === undefined ? roles : [...roles, key],
    releasePolicy,
    attestationUrl: details.attestationUrl,
    letRelease: once((roleName, identity, opts) =>
      assign(
        roleName,
        {
          scope: pulumi.interpolate`/keys/${keyName}`,
          role: "Managed HSM Crypto Service Release User",
          principalId: identity,
        },
        key === undefined ? opts : { ...opts, dependsOn: key },
      ),
    ),
  };
}
