// What is set on a bucket by resources of their own: public access, encryption, versions. Each is known by its bucket's
// name and goes with it.
import { flag, type Fields, list, type Model, object, required, text } from "../protocol";
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

export const bucketSettings: readonly Model[] = [
  setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", publicAccess),
  setting("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", encryption),
  setting("aws:s3/bucketVersioning:BucketVersioning", versions),
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
