// What IAM answers of the account as a whole, and of what somebody might do: nothing here changes anything.
import { administratorOf } from "../../clouds/aws/administrator";
import { tokens } from "../../clouds/tokens";
import { ServiceError } from "../../http";
import { SANDBOX_ADDRESS } from "../network";
import type { XmlContent } from "../s3/errors";
import { evaluate } from "../s3/policy";
import type { Question } from "./actions";

/** Quotas that every new account has (IAM and STS quotas). */
const QUOTAS = { UsersQuota: 5000, GroupsQuota: 300, AccessKeysPerUserQuota: 2, AttachedPoliciesPerUserQuota: 10 };

const DECISIONS = { allowed: "allowed", denied: "explicitDeny", notAllowed: "implicitDeny" } as const;

export const accountActions: Readonly<Record<string, (question: Question) => XmlContent>> = {
  GetAccountSummary: ({ control }) => {
    const summary = { Users: control.list(tokens.user).length, Groups: 0, ...QUOTAS };
    return { SummaryMap: { entry: Object.entries(summary).map(([key, value]) => ({ key, value })) } };
  },
  SimulatePrincipalPolicy: (question) => {
    const { fields } = question;
    const policies = policiesOf(question, fields.get("PolicySourceArn") ?? "");
    const actions = membersOf(fields, "ActionNames");
    if (actions.length === 0) {
      throw new ServiceError(400, "ValidationError", "Value null at 'actionNames' failed to satisfy constraint");
    }
    const given = membersOf(fields, "ResourceArns");
    const resources = given.length === 0 ? ["*"] : given;
    const member = actions.flatMap((action) =>
      resources.map((resource) => ({
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: policies === undefined ? "allowed" : decided(policies, action, resource),
      })),
    );
    return { EvaluationResults: { member }, IsTruncated: false };
  },
};

function decided(policies: readonly string[], action: string, resource: string): string {
  const context = { "aws:securetransport": "true", "aws:sourceip": SANDBOX_ADDRESS, "s3:prefix": undefined };
  return DECISIONS[evaluate(policies, { action, resource, context })];
}

/** The user's inline policies; undefined for the administrator, who may do everything. */
function policiesOf({ owner, control }: Question, arn: string): readonly string[] | undefined {
  if (arn === administratorOf(owner).arn) return undefined;
  const user = control.list(tokens.user).find(({ outputs }) => outputs.arn === arn);
  if (user === undefined) throw new ServiceError(404, "NoSuchEntity", `Entity ${arn} does not exist.`);
  const own = control.list(tokens.userPolicy).filter(({ inputs }) => inputs.user === user.id);
  return own.map(({ outputs }) => String(outputs.policy));
}

/** `ActionNames.member.1` and those after it. */
function membersOf(fields: URLSearchParams, name: string): readonly string[] {
  const found: string[] = [];
  for (let index = 1; fields.has(`${name}.member.${index}`); index += 1) {
    found.push(fields.get(`${name}.member.${index}`) ?? "");
  }
  return found;
}
