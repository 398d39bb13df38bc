// What an AWS identity may do is written down action by action, thing by thing.
import { cisAws, cleanRoom, defineRule, mcsb } from "../../framework";
import { IDENTITY_POLICIES, listOf, statementsOf, type Statement } from "../../resources/aws";

export const iamWithoutWildcards = defineRule({
  code: "iam-without-wildcards",
  group: "identities",
  title: "IAM policies allow no wildcard actions, and nothing on every resource.",
  risk: "A wildcard grows with every action and bucket that AWS or a colleague adds, and nobody reviews it again.",
  remedy: "Use BucketAccess, or name the actions (s3:GetObject) and the resources (arn:aws:s3:::bucket/folder/*).",
  references: [cisAws("1.16"), mcsb("PA-7"), cleanRoom("IAM access to that bucket and prefix alone")],
  types: [...IDENTITY_POLICIES],
  judge: ({ inputs }, { report }) => {
    if (inputs.policy === undefined) {
      return;
    }
    const statements = statementsOf(inputs.policy);
    if (statements === undefined) {
      report("has a policy that is no policy document in JSON");
      return;
    }
    for (const [index, statement] of statements.entries()) {
      const problem = statement.Effect === "Deny" ? undefined : problemOf(statement);
      if (problem !== undefined) {
        report(`has a policy whose Statement[${index}] ${problem}`);
        return;
      }
    }
  },
});

function problemOf({ Action, NotAction, Resource, NotResource }: Statement): string | undefined {
  if (NotAction !== undefined || NotResource !== undefined) {
    return `allows everything but a list (${NotAction === undefined ? "NotResource" : "NotAction"})`;
  }
  const action = listOf(Action).find((each) => each.includes("*"));
  if (action !== undefined) {
    return `allows the action '${action}'`;
  }
  // A wildcard at the end of one bucket's folder is how S3 names what is in it.
  const resource = listOf(Resource).find((each) => /^\*$|^arn:[^:]*:[^:]*:[^:]*:[^:]*:[^/]*[*?]/.test(each));
  return resource === undefined ? undefined : `allows it on '${resource}'`;
}
