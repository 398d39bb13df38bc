// Buckets: a name that the whole of AWS shares, and a bucket that is deleted only when it is empty, or by force.
import { ServiceError } from "../../http";
import * as facts from "../facts-of";
import { type Failure, type Model, typed } from "../protocol";
import { tokens } from "../tokens";
import { checkRegion, isKnown, seconds, suffixedName, withRegion, withTags } from "./common";
import { bucketSettings } from "./bucket-settings";

export const bucket: Model = {
  type: tokens.bucket,
  file: "sandbox/clouds/aws/bucket.ts",
  inputs: { bucket: typed, forceDestroy: typed, region: typed, tags: typed },
  autoname: { ...suffixedName("bucket"), make: (name, random) => `${name.toLowerCase().slice(0, 55)}-${random(7)}` },
  replaceOn: ["bucket", "region"],
  computed: [
    "arn",
    "bucketDomainName",
    "bucketRegion",
    "bucketRegionalDomainName",
    "objectLockEnabled",
    "requestPayer",
    "serverSideEncryptionConfiguration",
    "versioning",
  ],
  complete: withRegion,
  validate: ({ bucket: name, region }) => [...checkName(name), ...checkRegion(region)],
  echo: withTags,
  create: async ({ state, collaborator, clock }, inputs) => {
    const [name, region] = [String(inputs.bucket), String(inputs.region)];
    const taken = state.bucket(name);
    if (taken?.owner === collaborator.name) {
      const message = "Your previous request to create the named bucket succeeded and you already own it.";
      throw new ServiceError(409, "BucketAlreadyOwnedByYou", `${message} (${name})`);
    }
    if (taken !== undefined) {
      const message =
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
      throw new ServiceError(409, "BucketAlreadyExists", `${message} (${name})`);
    }
    await state.hooks.bucketCreated({ name, owner: collaborator.name, account: collaborator.awsAccountId, region });
    const outputs = {
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegion: region,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      objectLockEnabled: false,
      requestPayer: "BucketOwner",
      serverSideEncryptionConfiguration: {
        rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
      },
      versioning: { enabled: false, mfaDelete: false },
    };
    return { id: name, outputs, hidden: { createdAt: seconds(clock()) } };
  },
  update: () => Promise.resolve({ outputs: {} }),
  delete: async ({ state, collaborator }, { id, inputs }) => {
    const found = state.records.get({ owner: collaborator.name, type: tokens.bucket, id });
    if (found === undefined) return;
    await state.hooks.bucketDeleted(facts.bucket(found), inputs.forceDestroy === true);
    for (const { type } of bucketSettings) await state.records.delete({ owner: collaborator.name, type, id });
  },
};

function checkName(name: unknown): readonly Failure[] {
  if (!isKnown(name)) return [];
  const fits = /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9](\.[a-z0-9][a-z0-9-]*[a-z0-9])*$/.test(name);
  const isReserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (fits && !isReserved && !/^\d+(\.\d+){3}$/.test(name)) return [];
  const says =
    "3 to 63 lower-case letters, digits, hyphens and single dots, no hyphen beside a dot or at an end, no IP address, no prefix or suffix that AWS reserves (xn--, sthree-, amzn-s3-demo-; -s3alias, --ol-s3, .mrap, --x-s3, --table-s3)";
  return [{ property: "bucket", reason: `${JSON.stringify(name)} cannot be a bucket's name: ${says}` }];
}
