// A data encryption key in the owner's vault, and the same key wrapped for the clean room.
import type * as pulumi from "@pulumi/pulumi";
import type { ReleasePolicy } from "../../contract";
import { GovernanceResource } from "./resource";

export interface DataKeyArgs {
  /** `https://<vault>.vault.azure.net/`. Another one makes another key. */
  readonly vaultUrl: pulumi.Input<string>;
  /** Managed HSM that has the KEK: `https://<hsm>.managedhsm.azure.net/`. Another one makes another key. @default the vault has it */
  readonly hsmUrl?: pulumi.Input<string>;
  /** Name of the key encryption key (KEK). Another one makes another key. */
  readonly keyName: pulumi.Input<string>;
  /** To what code the KEK may be released. A change is written to the existing KEK. */
  readonly releasePolicy: pulumi.Input<ReleasePolicy>;
  /** Secret for the DEK itself, for its owner. */
  readonly secretName: pulumi.Input<string>;
  /** Secret for the wrapped DEK, for the clean room. */
  readonly wrappedSecretName: pulumi.Input<string>;
}

/**
 * 32 random bytes, made in the provider's process and stored in the vault; wrapped by RSA-OAEP-256 with the KEK. They
 * are never in the state. Delete leaves both secrets: without them data would be lost.
 */
export class DataKey extends GovernanceResource {
  /** Tells which key it is, and nothing of its bytes. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Identifier, with version, of the KEK that wraps it. */
  declare readonly kekId: pulumi.Output<string>;

  constructor(name: string, args: DataKeyArgs, opts?: pulumi.CustomResourceOptions) {
    super("DataKey", name, { ...args, fingerprint: undefined, kekId: undefined }, opts);
  }
}
