// The proof that an access key works, before anything relies on it.
import * as pulumi from "@pulumi/pulumi";
import { GovernanceResource } from "./resource";

export interface AccessKeyProofArgs {
  /** Id of the access key: `AKIA…`. Another one is proved anew. */
  readonly accessKeyId: pulumi.Input<string>;
  /** Its secret. The engine keeps it as ciphertext. */
  readonly secretAccessKey: pulumi.Input<string>;
  /** S3's endpoint: `https://s3.<region>.amazonaws.com`. Another one is tried, too. */
  readonly url: pulumi.Input<string>;
  /** Bucket that it has to list. Another one is tried, too. */
  readonly bucket: pulumi.Input<string>;
  /** Folder in the bucket, without '/' at its ends. @default the whole bucket */
  readonly prefix?: pulumi.Input<string>;
  /** AWS region of the bucket. */
  readonly region: pulumi.Input<string>;
}

/**
 * A real listing with the key, repeated within the operation's deadline until AWS knows it: a new key works only after
 * seconds. Fails where it does not. Writes nothing, and delete does nothing.
 */
export class AccessKeyProof extends GovernanceResource {
  /** The key that has been seen working. */
  declare readonly provenKeyId: pulumi.Output<string>;

  constructor(name: string, args: AccessKeyProofArgs, opts?: pulumi.CustomResourceOptions) {
    const secretAccessKey = pulumi.secret(args.secretAccessKey);
    super("AccessKeyProof", name, { ...args, secretAccessKey, provenKeyId: undefined }, opts);
  }
}
