// A secret in governance, readable by an attested clean room alone.
import * as pulumi from "@pulumi/pulumi";
import { GovernanceResource } from "./resource";

export interface ContractSecretArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Name within the owner's secrets. Letters, digits, '.', '_', '-'. Another one makes another secret. */
  readonly name: pulumi.Input<string>;
  /** The secret, at most 25,600 characters in base64. A change overwrites it; the id stays. */
  readonly value: pulumi.Input<string>;
  /** `text`: the clean room gets `value` as it is. `base64`: it gets the bytes that `value` encodes. @default "text" */
  readonly encoding?: pulumi.Input<"text" | "base64">;
  /**
   * Set it though no clean room policy is accepted yet; whichever is accepted later can read it.
   * @default false
   */
  readonly withoutPolicy?: pulumi.Input<boolean>;
  /**
   * Takes over a secret that exists already, and writes nothing: its value can't be read, so it is believed to be `value`.
   * Later values are written.
   * @default false: set
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * A governance secret. Its value is never read back, and the engine keeps it as ciphertext; a change shows in the
 * keyed fingerprint, in preview too. Delete overwrites it with a value that opens nothing, since governance deletes no secret.
 */
export class ContractSecret extends GovernanceResource {
  /** `<owner>_<name>`: what a dataset names. */
  declare readonly secretId: pulumi.Output<string>;
  /** Changes when the value does, and tells nothing of it. */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: ContractSecretArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = { secretId: undefined, salt: undefined, fingerprint: undefined };
    const inputs = { ...args, value: pulumi.secret(args.value), ...observed };
    // The fingerprint's key: with it in plain, a guessed value could be told from a wrong one.
    const secretOutputs = [...(opts?.additionalSecretOutputs ?? []), "salt"];
    const options = { ...opts, additionalSecretOutputs: secretOutputs };
    super("ContractSecret", name, inputs, options);
  }
}
