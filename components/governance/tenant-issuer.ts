// The issuer of the clean room's tokens, as our tenant has it in governance.
import type * as pulumi from "@pulumi/pulumi";
import type { SigningKey } from "../../provider";
import { GovernanceResource } from "./resource";

export interface TenantIssuerArgs {
  /** Namespace of the stack configuration of the collaboration. Another one means another issuer. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Address of the issuer, https, without '/' at its end. Another one is set in governance. */
  readonly issuerUrl: pulumi.Input<string>;
  /** Governance's keys, as getIssuerKeys() answers them now. Others are published. */
  readonly keys: pulumi.Input<readonly SigningKey[]>;
  /**
   * Address of the blob container that discovery document and keys are written to. Another one is written to.
   * @default none: somebody else serves them, and until they are right the issuer is `waiting`
   */
  readonly containerUrl?: pulumi.Input<string>;
  /**
   * What deleting does with the tenant's issuer in governance: `restore` sets the contract's, `leave` nothing.
   * @default "restore"
   */
  readonly onDelete?: pulumi.Input<"restore" | "leave">;
}

/**
 * Documents first, then the URL in governance: an address that serves nothing is told to nobody. Where the URL was
 * overwritten, or documents or keys are others, the next preview shows it, and `up` mends it.
 */
export class TenantIssuer extends GovernanceResource {
  /** `waiting` while the documents that somebody else serves are not right; else `ready`. */
  declare readonly status: pulumi.Output<"ready" | "waiting">;
  /** What is not right, in a sentence; empty when all is. */
  declare readonly reason: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  declare readonly since: pulumi.Output<string>;
  /** Address of the issuer. */
  declare readonly issuerUrl: pulumi.Output<string>;
  /** The tenant's issuer as governance has it; empty while it has none. */
  declare readonly registeredUrl: pulumi.Output<string>;
  /** Ids of the keys that tokens are verified with. */
  declare readonly keyIds: pulumi.Output<string[]>;

  constructor(name: string, args: TenantIssuerArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = {
      status: undefined,
      reason: undefined,
      since: undefined,
      registeredUrl: undefined,
      keyIds: undefined,
    };
    super("TenantIssuer", name, { ...args, ...observed }, opts);
  }
}
