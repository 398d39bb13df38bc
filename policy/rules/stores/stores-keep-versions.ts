// What is overwritten or deleted in a store can be had back.
import { cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { BUCKET_VERSIONINGS, BUCKETS, settingsOfBucket, type BucketInputs, type OfBucket } from "../../resources/aws";
import { BLOB_SERVICE, inside, STORAGE_ACCOUNT, type BlobServiceInputs } from "../../resources/azure";

export const storesKeepVersions = defineRule({
  code: "stores-keep-versions",
  group: "stores",
  title: "Stores keep earlier versions of what is in them.",
  risk: "A dataset that was overwritten, by mistake or by a thief who covers tracks, is gone; and nobody can show what a query read.",
  remedy:
    "Give the account a BlobServiceProperties with isVersioningEnabled, the bucket a BucketVersioning that is Enabled.",
  references: [cisAzure("3.11"), mcsb("BR-1"), cleanRoom("a dataset's document is immutable, its data is not")],
  judgeStack: ({ of, eachOf }) => {
    eachOf([STORAGE_ACCOUNT], (account, { report }) => {
      const services = inside(account, "accountName", of(BLOB_SERVICE));
      if (!services.some(({ inputs }) => (inputs as BlobServiceInputs).isVersioningEnabled === true)) {
        report("keeps no earlier versions of blobs");
      }
    });
    eachOf(BUCKETS, (bucket, { report }) => {
      const inline = (bucket.inputs as BucketInputs).versioning?.enabled === true;
      const settings = settingsOfBucket(bucket, of(...BUCKET_VERSIONINGS));
      if (
        !inline &&
        !settings.some(({ inputs }) => (inputs as OfBucket).versioningConfiguration?.status === "Enabled")
      ) {
        report("keeps no earlier versions of objects");
      }
    });
  },
});
