// What is set on a bucket by resources of their own: public access, encryption, versions, a policy. Each is known by its
// bucket's name and goes with it.
import { type Fields, list, type Model, object, text, textThat, typed } from "../protocol";
import { tokens } from "../tokens";
import { checkRegion, own, requireBucket, withRegion } from "./common";

const file = "sandbox/clouds/aws/bucket-settings.ts";

const publicAccess: Fields = {
  blockPublicAcls: typed,
  blockPublicPolicy: typed,
  ignorePublicAcls: typed,
  restrictPublicBuckets: typed,
};

const encryption: Fields = {
  rules: list(
    object({
      applyServerSideEncryptionByDefault: object({ sseAlgorithm: text("AES256") }),
      bucketKeyEnabled: typed,
    }),
  ),
};

const versions: Fields = {
  versioningConfiguration: object({ mfaDelete: text("Disabled"), status: text("Enabled", "Suspended", "Disabled") }),
};

/** A policy that allows would let in other accounts, or stand in for a user's own: nothing here needs that. */
const policy: Fields = { policy: textThat(onlyDenies) };

function onlyDenies(document: string): string | undefined {
  const says = "the sandbox models bucket policies that deny, and no others";
  try {
    const { Statement } = JSON.parse(document) as { readonly Statement?: unknown };
    const statements = [Statement ?? []].flat() as unknown as readonly { readonly [name: string]: unknown }[];
    const denies = ({ Effect, Principal, Resource }: (typeof statements)[number]): boolean =>
      Effect === "Deny" && Principal !== undefined && Resource !== undefined;
    return statements.length > 0 && statements.every(denies) ? undefined : says;
  } catch {
    return `this is no policy in JSON; ${says}`;
  }
}

export const bucketSettings: readonly Model[] = [
  setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", publicAccess),
  setting("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", encryption),
  setting("aws:s3/bucketVersioning:BucketVersioning", versions),
  setting(tokens.bucketPolicy, policy),
];

function setting(type: string, fields: Fields): Model {
  return {
    type,
    file,
    inputs: { ...fields, bucket: typed, region: typed },
    replaceOn: ["bucket", "region"],
    computed: [],
    complete: withRegion,
    validate: ({ region }) => checkRegion(region),
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
