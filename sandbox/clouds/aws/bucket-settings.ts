// What is set on a bucket by resources of their own: public access, encryption, versions, a policy. Each is known by its
// bucket's name and goes with it.
import { flag, type Fields, list, type Model, object, required, text, textThat } from "../protocol";
import { own, requireBucket, withRegion } from "./common";

const file = "sandbox/clouds/aws/bucket-settings.ts";

const publicAccess: Fields = {
  blockPublicAcls: flag,
  blockPublicPolicy: flag,
  ignorePublicAcls: flag,
  restrictPublicBuckets: flag,
};

const encryption: Fields = {
  rules: required(
    list(
      object({
        applyServerSideEncryptionByDefault: object({ sseAlgorithm: required(text("AES256")) }),
        bucketKeyEnabled: flag,
      }),
    ),
  ),
};

const versions: Fields = {
  versioningConfiguration: required(
    object({ mfaDelete: text("Disabled"), status: required(text("Enabled", "Suspended", "Disabled")) }),
  ),
};

/** Buckets here are reached over TLS only, so a policy that asks for it changes nothing; one of another kind would. */
const policy: Fields = { policy: required(textThat(onlyAsksForTls)) };

function onlyAsksForTls(document: string): string | undefined {
  const says = "the sandbox models bucket policies that deny requests without TLS, and no others";
  try {
    const { Statement } = JSON.parse(document) as { readonly Statement?: unknown };
    const statements = [Statement].flat() as readonly { readonly Effect?: string; readonly Condition?: unknown }[];
    const asks = ({ Effect, Condition }: (typeof statements)[number]): boolean =>
      Effect === "Deny" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
    return statements.length > 0 && statements.every(asks) ? undefined : says;
  } catch {
    return `this is no policy in JSON; ${says}`;
  }
}

export const bucketSettings: readonly Model[] = [
  setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", publicAccess),
  setting("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", encryption),
  setting("aws:s3/bucketVersioning:BucketVersioning", versions),
  setting("aws:s3/bucketPolicy:BucketPolicy", policy),
];

function setting(type: string, fields: Fields): Model {
  return {
    type,
    file,
    inputs: { ...fields, bucket: required(text()), region: text() },
    replaceOn: ["bucket", "region"],
    computed: [],
    complete: withRegion,
    echo: own,
    create: (cloud, { bucket }) => {
      const { id } = requireBucket(cloud, bucket);
      return Promise.resolve({ id, outputs: {} });
    },
    update: (cloud, _, { bucket }) => {
      requireBucket(cloud, bucket);
      return Promise.resolve({ outputs: {} });
    },
  };
}
