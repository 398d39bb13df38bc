// Flow 2: a dataset outside Azure, from the bucket to the published document, with both its secrets in governance.
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails } from "../collaboration";
import type { DatasetArgs } from "../dataset-args";
import type { DataFile } from "../files";
import { ContractSecret } from "../governance/contract-secret";
import { DatasetDocument } from "../governance/dataset-document";
import { componentOptions, NOT_DELETED_WITH } from "../options";
import { datasetSchema } from "../schema/dataset-schema";
import { objectName, Upload } from "../upload";
import { BucketAccess } from "./bucket-access";

export interface S3DatasetArgs extends DatasetArgs {
  /** AWS region of the bucket, such as `eu-west-1`. */
  readonly region: pulumi.Input<string>;
  /** Name of a bucket that exists, to be used as it is. @default one is created, private and encrypted */
  readonly existingBucket?: pulumi.Input<string>;
  /**
   * Whether what is overwritten in the new bucket, or deleted from it, is gone at once.
   * @default false: it stays, as an earlier version
   */
  readonly keepNoVersions?: boolean;
  /**
   * Whether the new bucket takes requests without TLS, so that data and signed requests can be read on their way.
   * @default false: they are denied
   */
  readonly allowPlainHttp?: boolean;
  /**
   * Whether Pulumi may delete the new bucket, with all that it holds.
   * @default false: it is protected, and `pulumi state unprotect` lets it go once it is empty
   */
  readonly deletable?: boolean;
  /** Tags of the new bucket. @default none */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Folder in the bucket, without '/' at its ends. Another one publishes a new document. @default the whole bucket */
  readonly prefix?: pulumi.Input<string>;
  /**
   * Key the data is encrypted with before it leaves: base64 of 32 bytes, a secret. It becomes a governance secret.
   * Caution: the analytics workload of release 8.0.0 mounts buckets without decrypting; other clean room applications
   * decrypt.
   * @default none: the bucket's own encryption only (SSE)
   */
  readonly encryptionKey?: pulumi.Input<string>;
  /**
   * The connection secret, where access exists already: JSON `{awsAccessKeyId, awsSecretAccessKey}`.
   * @default a new BucketAccess's
   */
  readonly connectionSecret?: pulumi.Input<string>;
  /**
   * Label of the new user's access key, as for BucketAccess. Another one makes a new key, proves it, sets the governance
   * secret, and deletes the old key; the document stays.
   * @default none: the key is made once
   */
  readonly accessKeyRotation?: string;
  /**
   * Id of a governance secret with the connection that exists already, to be used as it is.
   * @default a new ContractSecret with `connectionSecret`
   */
  readonly existingConnectionSecretId?: pulumi.Input<string>;
  /**
   * Id of a governance secret with the encryption key that exists already; `encryptionKey` is then only for the upload.
   * @default a new ContractSecret with `encryptionKey`
   */
  readonly existingKeySecretId?: pulumi.Input<string>;
  /** File to encrypt and upload; again whenever it changes. @default nothing is uploaded */
  readonly data?: DataFile;
}

/**
 * Bucket; a user that may read just this; connection secret and encryption key as governance secrets, which only a clean
 * room of the accepted policy gets; the data, encrypted and uploaded; the dataset, published and accepted.
 */
export class S3Dataset extends pulumi.ComponentResource {
  /** Id of the document: what a query names. */
  readonly documentId: pulumi.Output<string>;
  /** `sha256:<hex>` of its content. */
  readonly digest: pulumi.Output<string>;
  /** Object id of its owner. */
  readonly ownerId: pulumi.Output<string>;
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: S3DatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:aws:S3Dataset", name, {}, componentOptions("S3Dataset", name, opts, NOT_DELETED_WITH));
    const child = { parent: this };
    const { collaboration, prefix, region, accessMode = "read", encryptionKey } = args;
    // Reading the details makes sure that there is an accepted policy before any secret is set.
    const details = pulumi.output(args.details ?? getCleanRoomDetails({ collaboration }));
    const bucket = args.existingBucket ?? this.#bucket(name, args);
    const url = pulumi
      .all([details, region])
      .apply(([{ s3EndpointUrl }, where]) => s3EndpointUrl ?? `https://s3.${where}.amazonaws.com`);

    const connectionSecretId = args.existingConnectionSecretId ?? this.#connection(name, bucket, url, args);
    const keySecretId = args.existingKeySecretId ?? this.#key(name, args);
    const encryptionMode = keySecretId === undefined ? "SSE" : "CSE";
    const upload =
      args.data &&
      new Upload(
        name,
        {
          objectName: objectName(args.datasetName ?? name, args.data),
          file: args.data,
          destination: { kind: "s3", url, bucket, region, prefix },
          encryptionMode,
          keyMaterial: encryptionKey,
        },
        child,
      );

    const document = new DatasetDocument(
      name,
      {
        collaboration,
        name: args.datasetName ?? name,
        documentId: args.documentId,
        store: {
          containerName: bucket,
          storageAccountUrl: url,
          storageAccountType: "Aws_S3",
          encryptionMode,
          awsCgsSecretId: connectionSecretId,
          subdirectory: prefix,
        },
        dek: keySecretId === undefined ? undefined : { cgsSecretId: keySecretId },
        datasetSchema: datasetSchema(`S3Dataset '${name}'`, args, this),
        datasetAccessPolicy: { accessMode, allowedFields: args.allowedFields },
        onDelete: args.onDelete,
        adopt: args.adopt,
      },
      { ...child, dependsOn: upload ? [upload] : [] },
    );
    this.documentId = document.documentId;
    this.digest = document.digest;
    this.ownerId = document.ownerId;
    this.bucket = pulumi.output(bucket);
    this.registerOutputs({
      documentId: this.documentId,
      digest: this.digest,
      ownerId: this.ownerId,
      bucket: this.bucket,
    });
  }

  #connection(
    name: string,
    bucket: pulumi.Input<string>,
    url: pulumi.Input<string>,
    args: S3DatasetArgs,
  ): pulumi.Output<string> {
    const { collaboration, prefix, accessMode, connectionSecret, accessKeyRotation: rotation, region } = args;
    if (connectionSecret !== undefined && rotation !== undefined) {
      throw new pulumi.RunError(
        `S3Dataset '${name}': accessKeyRotation is of a user that is made, and connectionSecret brings its own key: leave one of them out.`,
      );
    }
    const value =
      connectionSecret ??
      new BucketAccess(name, { bucket, prefix, accessMode, rotation, region, url }, { parent: this }).connectionSecret;
    const secretName = `${name}-connection`;
    return new ContractSecret(secretName, { collaboration, name: secretName, value }, { parent: this }).secretId;
  }

  #key(name: string, { collaboration, encryptionKey }: S3DatasetArgs): pulumi.Output<string> | undefined {
    if (encryptionKey === undefined) {
      return undefined;
    }
    const secretName = `${name}-key`;
    const secret = { collaboration, name: secretName, value: requireKey(encryptionKey), encoding: "base64" } as const;
    return new ContractSecret(secretName, secret, { parent: this }).secretId;
  }

  #bucket(name: string, args: S3DatasetArgs): pulumi.Output<string> {
    const { region, keepNoVersions = false, allowPlainHttp = false, deletable = false, tags } = args;
    const child = { parent: this };
    const bucket = new s3.Bucket(
      `${name}-bucket`,
      { region, forceDestroy: deletable, tags },
      { ...child, protect: deletable ? undefined : true },
    );
    const of = { bucket: bucket.bucket, region };
    const settings: pulumi.CustomResource[] = [
      new s3.BucketPublicAccessBlock(
        `${name}-private`,
        {
          ...of,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        child,
      ),
      new s3.BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        {
          ...of,
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
        },
        child,
      ),
    ];
    if (!keepNoVersions) {
      const versioningConfiguration = { status: "Enabled" };
      settings.push(new s3.BucketVersioning(`${name}-versions`, { ...of, versioningConfiguration }, child));
    }
    if (!allowPlainHttp) {
      const policy = pulumi.jsonStringify(tlsOnly(bucket.arn));
      settings.push(new s3.BucketPolicy(`${name}-tls-only`, { ...of, policy }, child));
    }
    // Nothing is put into the bucket before it is closed, and everything else is set. URNs are known in preview, ids of what
    // is to be made are not: the name would not be, and the dataset look like another one.
    return pulumi.all([bucket.bucket, ...settings.map(({ urn }) => urn)]).apply(([bucketName]) => bucketName);
  }
}

/** Denies everybody everything that comes in the clear. */
function tlsOnly(arn: pulumi.Output<string>): unknown {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** The key's size is checked here, where it is a secret still; its value is never shown. */
function requireKey(encryptionKey: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(encryptionKey).apply((text) => {
    const size = Buffer.from(text, "base64").length;
    if (size !== 32) {
      throw new pulumi.RunError(
        `encryptionKey decodes to ${size} bytes: give base64 of 32 random bytes, such as \`openssl rand -base64 32\` makes.`,
      );
    }
    return text;
  });
}
