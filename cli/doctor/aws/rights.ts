// Whether the caller may create, and later delete, what the stack has in AWS: IAM is asked to simulate it.
import { type Found, looked, ok, problem, some, unchecked, warning } from "../check";
import { text } from "../needs";
import { SIGN_IN, type Site } from "./index";
import { KINDS } from "./kinds";

const WHAT = "rights";
const REMEDY = "attach the policy of docs/aws.md to whom the sign-in's line names";
/** Actions on what is in a bucket, and not on the bucket. */
const ON_OBJECTS = /^s3:(AbortMultipartUpload|ListMultipartUploadParts|(Get|Put|Delete)Object(Version)?)$/;

/** Actions on one resource; `*` where it is not known which. */
interface Asked {
  readonly resource: string;
  readonly actions: readonly string[];
}

export async function checkRights(site: Site): Promise<readonly Found[]> {
  const types = [...new Set(site.needed.map(({ type }) => type))];
  const unknown = types.filter((type) => KINDS.of(type) === undefined);
  const why = `this release does not know which rights ${some(unknown)} takes`;
  const rest = unknown.length === 0 ? [] : [unchecked(WHAT, why, "see AWS's service authorization reference")];
  const principal = principalOf(site.identity.arn);
  if (principal === undefined) {
    return [warning(WHAT, "the account's root user may do everything, and should do nothing", SIGN_IN), ...rest];
  }
  const found = await looked(WHAT, "ask for iam:SimulatePrincipalPolicy on yourself", () => compare(site, principal));
  return [...found, ...rest];
}

async function compare(site: Site, principal: string): Promise<Found> {
  const kinds = site.needed.flatMap(({ type }) => KINDS.of(type) ?? []);
  const needed = new Set(kinds.flatMap((each) => each.needed));
  const all = [...new Set([...needed, ...kinds.flatMap((each) => each.toDelete)])].sort();
  const asked = resourcesOf(site, all);
  const denied = await Promise.all(
    asked.map(({ actions, resource }) => site.account.denied(principal, actions, resource)),
  );
  const missing = [...new Set(denied.flat())];
  if (missing.length === 0) {
    return ok(WHAT, `all ${all.length} actions on ${some(asked.map(({ resource }) => resource))}`);
  }
  if (asked.every(({ resource }) => resource === "*")) {
    const why = `${some(missing)} is not allowed on everything, and without a preview it is not known what the stack has`;
    return unchecked(WHAT, why, "mend what the preview's line names");
  }
  const fatal = missing.filter((action) => needed.has(action));
  return fatal.length > 0
    ? problem(WHAT, `${fatal.length} of ${all.length} actions are missing: ${some(fatal)}`, REMEDY)
    : warning(WHAT, `pulumi destroy would fail for want of ${some(missing)}`, REMEDY);
}

/** A policy that is limited to a bucket does not allow an action on everything: each is asked about what it is for. */
function resourcesOf({ needed, identity }: Site, actions: readonly string[]): readonly Asked[] {
  const [, partition = "aws"] = identity.arn.split(":");
  const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].filter((name) => name !== "");
  const buckets = unique(
    needed.filter(({ type }) => type.startsWith("aws:s3/")).map(({ inputs }) => text(inputs.bucket)),
  ).map((name) => `arn:${partition}:s3:::${name}`);
  const users = unique(
    needed
      .filter(({ type, inputs }) => type === "aws:iam/user:User" && text(inputs.name) !== "")
      .map(({ inputs }) => `user${text(inputs.path) || "/"}${text(inputs.name)}`),
  ).map((name) => `arn:${partition}:iam::${identity.account}:${name}`);
  const about = (resources: readonly string[], own: readonly string[]): readonly Asked[] =>
    own.length === 0
      ? []
      : (resources.length === 0 ? ["*"] : resources).map((resource) => ({ resource, actions: own }));
  const onObjects = actions.filter((action) => ON_OBJECTS.test(action));
  return [
    ...about(
      buckets,
      actions.filter((action) => action.startsWith("s3:") && !onObjects.includes(action)),
    ),
    ...about(
      buckets.map((bucket) => `${bucket}/data`),
      onObjects,
    ),
    ...about(
      users,
      actions.filter((action) => action.startsWith("iam:")),
    ),
  ];
}

/** The user or role behind a session; undefined for the root user, whose rights IAM does not simulate. */
function principalOf(arn: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role !== undefined ? `arn:${partition}:iam::${account}:role/${role}` : arn.endsWith(":root") ? undefined : arn;
}
