// Access of one AWS user to one bucket and prefix, and to nothing else; its key is the connection secret.
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { AccessKeyProof } from "../governance/access-key-proof";
import { componentOptions } from "../options";
import { rotationLabel } from "../rotation";

export interface BucketAccessArgs {
  /** Name of the bucket. */
  readonly bucket: pulumi.Input<string>;
  /** Folder in the bucket, without '/' at its ends. @default the whole bucket */
  readonly prefix?: pulumi.Input<string>;
  /** `read` lists and gets; `write` also puts and deletes. @default "read" */
  readonly accessMode?: "read" | "write";
  /**
   * Label of the access key, such as `v2` or what `rotationEvery` answers; 1 to 20 letters, digits and hyphens. Another
   * one makes a second key, proves with it that bucket and prefix can be listed, hands it on as the connection secret,
   * and then deletes the first. A user has two keys at most: finish a rotation, or take its label back, before the next.
   * @default none: the key is made once, and not proved
   */
  readonly rotation?: string;
  /** AWS region of the bucket; the proof needs it. @default none, without a rotation */
  readonly region?: pulumi.Input<string>;
  /** S3's endpoint, for the proof. @default `https://s3.<region>.amazonaws.com` */
  readonly url?: pulumi.Input<string>;
}

/** A user without any other right, and one access key of it. */
export class BucketAccess extends pulumi.ComponentResource {
  /** JSON `{awsAccessKeyId, awsSecretAccessKey}`: what the clean room expects as an S3 dataset's secret. Secret. */
  readonly connectionSecret: pulumi.Output<string>;
  /** Name of the AWS user. */
  readonly userName: pulumi.Output<string>;

  constructor(name: string, args: BucketAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:aws:BucketAccess", name, {}, componentOptions("BucketAccess", name, opts));
    const child = { parent: this };
    const user = new iam.User(`${name}-reader`, { path: "/cleanroom/" }, child);
    const policy = new iam.UserPolicy(
      `${name}-policy`,
      { user: user.name, policy: pulumi.jsonStringify(leastPolicy(args)) },
      child,
    );
    const [label] = rotationLabel("rotation", args.rotation);
    // Another label is another resource, so that the engine makes it first, and deletes the old one when all else is done.
    const keyName = label === undefined ? `${name}-key` : `${name}-key-${label}`;
    const key = new iam.AccessKey(keyName, { user: user.name }, { ...child, dependsOn: policy });
    this.userName = user.name;
    this.connectionSecret = pulumi.secret(
      pulumi.jsonStringify({
        awsAccessKeyId: label === undefined ? key.id : this.#proven(`${keyName}-proof`, key, args),
        awsSecretAccessKey: key.secret,
      }),
    );
    this.registerOutputs({ connectionSecret: this.connectionSecret, userName: this.userName });
  }

  /** The key's id, once it has been seen working. */
  #proven(name: string, key: iam.AccessKey, { bucket, prefix, region, url }: BucketAccessArgs): pulumi.Output<string> {
    if (region === undefined) {
      throw new pulumi.RunError(
        `${name}: a rotated access key is proved before it is used: name the bucket's region beside rotation.`,
      );
    }
    const endpoint = url ?? pulumi.interpolate`https://s3.${region}.amazonaws.com`;
    const { id: accessKeyId, secret: secretAccessKey } = key;
    const proof = new AccessKeyProof(
      name,
      { accessKeyId, secretAccessKey, url: endpoint, bucket, prefix, region },
      { parent: this },
    );
    return proof.provenKeyId;
  }
}

function leastPolicy({ bucket, prefix, accessMode = "read" }: BucketAccessArgs): unknown {
  const folder = pulumi.output(prefix).apply((value) => (value === undefined || value === "" ? "" : `${value}/`));
  const arn = pulumi.interpolate`arn:aws:s3:::${bucket}`;
  const actions = accessMode === "write" ? ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] : ["s3:GetObject"];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: arn,
        // Without a folder the whole bucket may be listed, also by requests that name no prefix.
        Condition: folder.apply((within) =>
          within === "" ? undefined : { StringLike: { "s3:prefix": [`${within}*`] } },
        ),
      },
      { Effect: "Allow", Action: actions, Resource: pulumi.interpolate`${arn}/${folder}*` },
    ],
  };
}
