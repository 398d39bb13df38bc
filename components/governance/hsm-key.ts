// What a Managed HSM has that Azure Resource Manager does not make: keys, and the HSM's own role assignments.
import type * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";
import { GovernanceResource } from "./resource";

export interface HsmKeyArgs {
  /** `https://<hsm>.managedhsm.azure.net/`. Another one makes another key. */
  readonly hsmUrl: pulumi.Input<string>;
  /** Name of the key. Another one makes another key. */
  readonly keyName: pulumi.Input<string>;
  /** Size in bits: 2048, 3072 or 4096. Another one needs another name. */
  readonly keySize: pulumi.Input<number>;
  /** When it ends, in seconds since 1970. Another one needs another name. @default never */
  readonly expires?: pulumi.Input<number>;
  /** To what code it may be released, when it is made; from then on the DataKey that it wraps keeps it. */
  readonly releasePolicy: pulumi.Input<ReleasePolicy>;
}

/**
 * An RSA-HSM key, exportable under a release policy alone, made in the HSM. Create takes one of this name that is there as
 * it is. Delete deletes it; the HSM keeps it for as long as it is set to.
 */
export class HsmKey extends GovernanceResource {
  /** Key identifier with version. */
  declare readonly kid: pulumi.Output<string>;

  constructor(name: string, args: HsmKeyArgs, opts?: pulumi.CustomResourceOptions) {
    super("HsmKey", name, { ...args, kid: undefined }, opts);
  }
}

export interface HsmRoleAssignmentArgs {
  /** `https://<hsm>.managedhsm.azure.net/`. Another one assigns there. */
  readonly hsmUrl: pulumi.Input<string>;
  /** A GUID: the same one finds what an earlier run made. Another one assigns anew. */
  readonly name: pulumi.Input<string>;
  /** `/keys`, or `/keys/<name>` for one key. Another one assigns anew. */
  readonly scope: pulumi.Input<string>;
  /** The local role. Another one assigns anew. */
  readonly role: pulumi.Input<"Managed HSM Crypto User" | "Managed HSM Crypto Service Release User">;
  /** Object id of who gets it. Another one assigns anew. */
  readonly principalId: pulumi.Input<string>;
}

/** A local role of a Managed HSM, which its administrators and policy administrators may give. Delete takes it away. */
export class HsmRoleAssignment extends GovernanceResource {
  /** Who has it. */
  declare readonly assignee: pulumi.Output<string>;

  constructor(name: string, args: HsmRoleAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    super("HsmRoleAssignment", name, { ...args, assignee: undefined }, opts);
  }
}
