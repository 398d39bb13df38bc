// No object can be read without signing in.
import { cisAws, cleanRoom, defineRule, isObject, mcsb } from "../../framework";
import {
  BUCKET_POLICY,
  BUCKETS,
  listOf,
  PUBLIC_ACCESS_BLOCK,
  settingsOfBucket,
  statementsOf,
  type BucketInputs,
} from "../../resources/aws";

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const noPublicBucket = defineRule({
  code: "no-public-bucket",
  group: "stores",
  title: "Every bucket blocks public access, in all four ways.",
  risk: "One ACL or bucket policy, set by anybody with access, hands out what only the clean room should read.",
  remedy: "Give the bucket a BucketPublicAccessBlock with all four set to true, and no public ACL or policy.",
  references: [cisAws("2.1.4"), mcsb("NS-2"), cleanRoom("the user's access key is the only way in")],
  types: [...BUCKETS, PUBLIC_ACCESS_BLOCK, BUCKET_POLICY],
  judge: ({ type, inputs }, { report }) => {
    if (type === PUBLIC_ACCESS_BLOCK) {
      const open = BLOCKS.find((block) => inputs[block] !== true);
      if (open !== undefined) {
        report(`does not set ${open}`);
      }
    } else if (type === BUCKET_POLICY) {
      const everybody = statementsOf(inputs.policy)?.find(
        ({ Effect, Principal, Condition }) => Effect === "Allow" && isEverybody(Principal) && Condition === undefined,
      );
      if (everybody !== undefined) {
        report(`allows ${listOf(everybody.Action).join(", ")} to everybody (Principal '*')`);
      }
    } else {
      const { acl } = inputs as BucketInputs;
      if (acl?.startsWith("public-") === true || acl === "authenticated-read") {
        report(`has the ACL '${acl}'`);
      }
    }
  },
  judgeStack: ({ of, eachOf }) => {
    eachOf(BUCKETS, (bucket, { report }) => {
      if (settingsOfBucket(bucket, of(PUBLIC_ACCESS_BLOCK)).length === 0) {
        report("has no BucketPublicAccessBlock");
      }
    });
  },
});

function isEverybody(principal: unknown): boolean {
  return (
    principal === "*" || (isObject(principal) && Object.values(principal).some((each) => listOf(each).includes("*")))
  );
}
