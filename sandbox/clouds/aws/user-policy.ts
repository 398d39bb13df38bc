// Inline policies of an IAM user: documents that IAM can read, within the size that a user may have.
import { ServiceError } from "../../http";
import { isUnknown, type Model, typed } from "../protocol";
import type { Resource } from "../records";
import { tokens } from "../tokens";
import { isKnown, ofUser, own, requireUser, suffixedName } from "./common";

/** Of all inline policies of one user, in characters without white space. */
const SIZE_LIMIT = 2048;

export const userPolicy: Model = {
  type: tokens.userPolicy,
  file: "sandbox/clouds/aws/user-policy.ts",
  inputs: { name: typed, policy: typed, user: typed },
  autoname: suffixedName("name"),
  replaceOn: ["name", "user"],
  computed: [],
  // Programs may give the document as an object; AWS knows it as text.
  complete: (_, inputs) =>
    typeof inputs.policy === "object" && inputs.policy !== null && !isUnknown(inputs.policy)
      ? { ...inputs, policy: JSON.stringify(inputs.policy) }
      : inputs,
  validate: ({ name }) =>
    !isKnown(name) || /^[\w+=,.@-]{1,128}$/.test(name)
      ? []
      : [{ property: "name", reason: `${JSON.stringify(name)} must be 1 to 128 letters, digits and _+=,.@-` }],
  echo: own,
  create: (cloud, inputs) => {
    requireUser(cloud, inputs.user);
    const id = `${String(inputs.user)}:${String(inputs.name)}`;
    checkDocument(String(inputs.policy));
    checkSize(ofUser(cloud, tokens.userPolicy, inputs.user), id, String(inputs.policy));
    return Promise.resolve({ id, outputs: {} });
  },
  update: (cloud, { id }, inputs) => {
    requireUser(cloud, inputs.user);
    checkDocument(String(inputs.policy));
    checkSize(ofUser(cloud, tokens.userPolicy, inputs.user), id, String(inputs.policy));
    return Promise.resolve({ outputs: {} });
  },
};

const malformed = (why: string): ServiceError => new ServiceError(400, "MalformedPolicyDocument", why);

/** @throws ServiceError 400 MalformedPolicyDocument */
function checkDocument(document: string): void {
  let policy: { readonly Version?: unknown; readonly Statement?: unknown };
  try {
    policy = JSON.parse(document) as typeof policy;
  } catch (error) {
    throw malformed(`Syntax errors in policy: ${(error as Error).message}`);
  }
  if (policy.Version !== undefined && policy.Version !== "2012-10-17" && policy.Version !== "2008-10-17") {
    throw malformed(
      `The policy's Version must be "2012-10-17" or "2008-10-17", not ${JSON.stringify(policy.Version)}.`,
    );
  }
  const statements = [policy.Statement ?? []].flat() as unknown as readonly Readonly<Record<string, unknown>>[];
  if (statements.length === 0) throw malformed("Policy document must contain at least one Statement.");
  for (const [index, each] of statements.entries()) checkStatement(each, `Statement ${index + 1}`);
}

function checkStatement(statement: Readonly<Record<string, unknown>>, which: string): void {
  const { Effect, Action, NotAction, Resource, NotResource, Principal } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") {
    throw malformed(`${which}: Effect must be "Allow" or "Deny", not ${JSON.stringify(Effect)}.`);
  }
  if (Action === undefined && NotAction === undefined)
    throw malformed(`${which}: Policy statement must contain actions.`);
  if (Resource === undefined && NotResource === undefined) {
    throw malformed(`${which}: Policy statement must contain resources.`);
  }
  if (Principal !== undefined) throw malformed(`${which}: Policy document should not specify a principal.`);
}

/** @throws ServiceError 409 LimitExceeded */
function checkSize(policies: readonly Resource[], id: string, document: string): void {
  const others = policies.filter((each) => each.id !== id).map(({ outputs }) => String(outputs.policy));
  const size = [...others, document].join("").replace(/\s/g, "").length;
  if (size <= SIZE_LIMIT) return;
  throw new ServiceError(
    409,
    "LimitExceeded",
    `Maximum policy size of ${SIZE_LIMIT} bytes exceeded for user ${id.split(":")[0] ?? ""}: ${size}`,
  );
}
