// Access of one AWS user to one bucket and prefix, and to nothing else; its key is the connection secret.
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { componentOptions } from "../options";

export interface BucketAccessArgs {
  /** Name of the bucket. */
  readonly bucket: pulumi.Input<string>;
  /** Folder in the bucket, without '/' at its ends. @default the whole bucket */
  readonly prefix?: pulumi.Input<string>;
  /** `read` lists and gets; `write` also puts and deletes. @default "read" */
  readonly accessMode?: "read" | "write";
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
    const key = new iam.AccessKey(`${name}-key`, { user: user.name }, { ...child, dependsOn: policy });
    this.userName = user.name;
    this.connectionSecret = pulumi.secret(
      pulumi.jsonStringify({ awsAccessKeyId: key.id, awsSecretAccessKey: key.secret }),
    );
    this.registerOutputs({ connectionSecret: this.connectionSecret, userName: this.userName });
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
