// A user that reads a dataset from a bucket reads its folder, and no other.
import { cisAws, cleanRoom, defineRule, isObject, mcsb, text } from "../../framework";
import { listOf, statementsOf, USER, USER_POLICY, type Statement } from "../../resources/aws";

export const iamUserHasPrefix = defineRule({
  code: "iam-user-has-prefix",
  group: "identities",
  title: "An IAM user's access to a bucket is limited to a prefix.",
  risk: "Its access key opens everything else that is, or will be, in the bucket.",
  remedy:
    "Give BucketAccess (or S3Dataset) a prefix; in a policy of your own, name bucket/folder/* and a condition on s3:prefix.",
  references: [cisAws("1.15"), mcsb("PA-7"), cleanRoom("IAM access to that bucket and prefix alone")],
  settings: { userPath: text("Path that every user must be in, such as /cleanroom/; empty for any.", { default: "" }) },
  types: [USER_POLICY, USER],
  judge: ({ type, inputs }, { report, settings: { userPath } }) => {
    if (type === USER) {
      const path = typeof inputs.path === "string" ? inputs.path : "/";
      if (userPath !== "" && !path.startsWith(userPath)) {
        report(`is in the path '${path}', and must be in '${userPath}'`, { remedy: `Set path to '${userPath}'.` });
      }
      return;
    }
    for (const [index, statement] of (statementsOf(inputs.policy) ?? []).entries()) {
      const problem = statement.Effect === "Deny" ? undefined : problemOf(statement);
      if (problem !== undefined) {
        report(`has a policy whose Statement[${index}] ${problem}`);
        return;
      }
    }
  },
});

function problemOf({ Action, Resource, Condition }: Statement): string | undefined {
  const s3 = listOf(Action).filter((action) => action.startsWith("s3:"));
  const whole = listOf(Resource).find((resource) => /^arn:[^:]*:s3:::[^/]+\/\*$/.test(resource));
  if (s3.length > 0 && whole !== undefined) {
    return `allows ${s3.join(", ")} on the whole bucket (${whole})`;
  }
  const lists = s3.some((action) => /^s3:List(Bucket|ObjectsV2|BucketVersions)$/.test(action));
  const limited = Object.values(Condition ?? {}).some(
    (test) => isObject(test) && listOf(test["s3:prefix"]).some((prefix) => prefix !== "" && prefix !== "*"),
  );
  return lists && !limited ? `allows ${s3.join(", ")} without a condition on s3:prefix` : undefined;
}
