// Evaluates the inline policies of an IAM user, and a bucket's own, as IAM does: an explicit Deny wins, else one Allow is
// needed. What the sandbox does not model in a policy is an error, never a pass.
import { admits } from "../network";
import { S3Error } from "./errors";

interface Attempt {
  /** `s3:GetObject` */
  readonly action: string;
  /** `arn:aws:s3:::bucket/key` */
  readonly resource: string;
  /** Condition keys of the request, in lower case: `s3:prefix`. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

type Verdict = "allowed" | "denied" | "notAllowed";

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** @throws S3Error 501 for a policy that cannot be evaluated, naming what in it */
export function evaluate(policies: readonly string[], attempt: Attempt): Verdict {
  const matching = policies.flatMap(statements).filter((statement) => applies(statement, attempt));
  if (matching.some(({ Effect }) => Effect === "Deny")) return "denied";
  return matching.some(({ Effect }) => Effect === "Allow") ? "allowed" : "notAllowed";
}

/** Whether a bucket's own policy denies it to the caller of this ARN. @throws as `evaluate` */
export function isDeniedByBucket(policy: string, principalArn: string, attempt: Attempt): boolean {
  return statements(policy)
    .filter(({ Principal }) => isAddressed(Principal, principalArn))
    .some((statement) => statement.Effect === "Deny" && applies(statement, attempt));
}

/** `"*"`, or `{"AWS": …}` with `*`, whole ARNs, or the number of an account. */
function isAddressed(principal: unknown, arn: string): boolean {
  if (principal === "*") return true;
  const { AWS, ...others } = (principal ?? {}) as { readonly AWS?: unknown };
  if (AWS === undefined || Object.keys(others).length > 0) throw unmodelled(`Principal ${JSON.stringify(principal)}`);
  const account = arn.split(":")[4] ?? "";
  return list(AWS, "Principal").some((each) => ["*", arn, account, `arn:aws:iam::${account}:root`].includes(each));
}

function statements(policy: string): readonly Statement[] {
  const { Statement: all } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return [all ?? []].flat();
}

function applies(statement: Statement, { action, resource, context }: Attempt): boolean {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw unmodelled(`Effect ${JSON.stringify(Effect)}`);
  const ofAction =
    Action === undefined ? !some(NotAction, "NotAction", action, true) : some(Action, "Action", action, true);
  const ofResource =
    Resource === undefined ? !some(NotResource, "NotResource", resource) : some(Resource, "Resource", resource);
  return ofAction && ofResource && conditionHolds(Condition, context);
}

function conditionHolds(condition: unknown, context: Attempt["context"]): boolean {
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const name = key.toLowerCase();
      if (!(name in context)) throw unmodelled(`the condition key ${key}`);
      return compare(operator, context[name], list(wanted, key));
    }),
  );
}

function compare(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case "StringEquals":
      return actual !== undefined && wanted.includes(actual);
    case "StringNotEquals":
      return actual === undefined || !wanted.includes(actual);
    case "StringLike":
      return actual !== undefined && wanted.some((pattern) => like(pattern, actual));
    case "StringNotLike":
      return actual === undefined || !wanted.some((pattern) => like(pattern, actual));
    case "Bool":
      return actual !== undefined && wanted.includes(actual);
    case "IpAddress":
      return actual !== undefined && admits({ defaultAction: "Deny", ranges: wanted }, actual);
    case "NotIpAddress":
      return actual === undefined || !admits({ defaultAction: "Deny", ranges: wanted }, actual);
    case "Null":
      return wanted.includes(String(actual === undefined));
    default:
      throw unmodelled(`the condition operator ${operator}`);
  }
}

function some(patterns: unknown, place: string, text: string, anyCase = false): boolean {
  return list(patterns, place).some((pattern) => like(pattern, text, anyCase));
}

function list(value: unknown, place: string): readonly string[] {
  const all = [value].flat();
  if (!all.every((each): each is string => typeof each === "string"))
    throw unmodelled(`${place} ${JSON.stringify(value)}`);
  if (all.some((each) => each.includes("${"))) throw unmodelled(`the variable in ${place} ${JSON.stringify(value)}`);
  return all;
}

/** `*` is any run of characters, `?` any one. */
function like(pattern: string, text: string, anyCase = false): boolean {
  const expression = pattern
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, anyCase ? "is" : "s").test(text);
}

const unmodelled = (what: string): S3Error =>
  new S3Error(501, "NotImplemented", `The sandbox does not model ${what} of an IAM policy.`);
