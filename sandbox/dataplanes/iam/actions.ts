// What IAM and STS are asked: users, their access keys and inline policies, on the records that the provider keeps, too.
import type { Control } from "../../clouds";
import { administratorOf } from "../../clouds/aws/administrator";
import type { Resource } from "../../clouds/records";
import { tokens } from "../../clouds/tokens";
import { ServiceError } from "../../http";
import type { Collaborator } from "../../world";
import type { XmlContent } from "../s3/errors";
import type { KeyUse } from "./key-use";

export interface Question {
  /** The form's fields. */
  readonly fields: URLSearchParams;
  /** Whose account it is. */
  readonly owner: Collaborator;
  /** Name of the user who asks; undefined for the account's administrator. */
  readonly self?: string;
  /** The key that the request is signed with. */
  readonly accessKeyId: string;
  readonly control: Control;
  readonly use: KeyUse;
}

type Answer = XmlContent | undefined | Promise<XmlContent | undefined>;

const noSuch = (what: string): ServiceError => new ServiceError(404, "NoSuchEntity", `The ${what} cannot be found.`);

function required(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (value !== null && value !== "") return value;
  throw new ServiceError(
    400,
    "ValidationError",
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

/** The user who is named, else the one who asks. */
export const targetOf = ({ fields, self }: Pick<Question, "fields" | "self">): string | undefined =>
  fields.get("UserName") ?? self;

function userOf(question: Question): Resource {
  const name = targetOf(question);
  const found = name === undefined ? undefined : question.control.find(tokens.user, name);
  if (found === undefined) throw noSuch(`user with name ${name ?? ""}`);
  return found;
}

const shownUser = ({ id, outputs, hidden }: Resource): XmlContent => ({
  Path: String(outputs.path),
  UserName: id,
  UserId: String(outputs.uniqueId),
  Arn: String(outputs.arn),
  CreateDate: typeof hidden?.createdAt === "string" ? hidden.createdAt : "2024-01-01T00:00:00Z",
});

const ofUser = (question: Question, type: string): readonly Resource[] => {
  const { id } = userOf(question);
  return question.control.list(type).filter(({ inputs }) => inputs.user === id);
};

function keyOf(question: Question): Resource {
  const id = required(question.fields, "AccessKeyId");
  const found = ofUser(question, tokens.accessKey).find((each) => each.id === id);
  if (found === undefined) throw noSuch(`Access Key with id ${id}`);
  return found;
}

function policyOf(question: Question): Resource {
  const name = required(question.fields, "PolicyName");
  const found = ofUser(question, tokens.userPolicy).find(({ inputs }) => inputs.name === name);
  if (found === undefined) throw noSuch(`user policy with name ${name}`);
  return found;
}

const shownKey = ({ id, inputs, outputs }: Resource): XmlContent => ({
  UserName: String(inputs.user),
  AccessKeyId: id,
  Status: String(outputs.status),
  CreateDate: String(outputs.createDate),
});

const all = (name: string, member: readonly (XmlContent | string)[]): XmlContent => ({
  [name]: { member },
  IsTruncated: false,
});

/** By name; what is not here the sandbox does not model. */
export const iamActions: Readonly<Record<string, (question: Question) => Answer>> = {
  CreateUser: async ({ fields, control }) => {
    const path = fields.get("Path");
    const name = required(fields, "UserName");
    return { User: shownUser(await control.create(tokens.user, { name, ...(path !== null && { path }) })) };
  },
  GetUser: (question) => {
    if (targetOf(question) !== undefined) return { User: shownUser(userOf(question)) };
    const { name, arn, userId } = administratorOf(question.owner);
    return { User: { Path: "/", UserName: name, UserId: userId, Arn: arn, CreateDate: "2024-01-01T00:00:00Z" } };
  },
  ListUsers: ({ fields, control }) => {
    const prefix = fields.get("PathPrefix") ?? "/";
    const users = control.list(tokens.user).filter(({ outputs }) => String(outputs.path).startsWith(prefix));
    return all("Users", users.map(shownUser));
  },
  DeleteUser: async (question) => {
    const { id } = userOf(question);
    for (const [type, what] of [
      [tokens.accessKey, "access keys"],
      [tokens.userPolicy, "policies"],
    ] as const) {
      if (ofUser(question, type).length === 0) continue;
      throw new ServiceError(409, "DeleteConflict", `Cannot delete entity, must delete ${what} first.`);
    }
    await question.control.delete(tokens.user, id);
    return undefined;
  },
  CreateAccessKey: async (question) => {
    const made = await question.control.create(tokens.accessKey, { user: userOf(question).id });
    return { AccessKey: { ...shownKey(made), SecretAccessKey: String(made.hidden?.secret) } };
  },
  ListAccessKeys: (question) => all("AccessKeyMetadata", ofUser(question, tokens.accessKey).map(shownKey)),
  UpdateAccessKey: async (question) => {
    const { id, inputs } = keyOf(question);
    const status = required(question.fields, "Status");
    await question.control.update(tokens.accessKey, id, { ...inputs, status });
    return undefined;
  },
  DeleteAccessKey: async (question) => {
    await question.control.delete(tokens.accessKey, keyOf(question).id);
    return undefined;
  },
  GetAccessKeyLastUsed: ({ fields, control, use }) => {
    const id = required(fields, "AccessKeyId");
    const key = control.find(tokens.accessKey, id);
    if (key === undefined) throw noSuch(`Access Key with id ${id}`);
    const last = use.of(id);
    const { date, service = "N/A", region = "N/A" } = last ?? {};
    const shown = { ...(date && { LastUsedDate: date }), ServiceName: service, Region: region };
    return { UserName: String(key.inputs.user), AccessKeyLastUsed: shown };
  },
  PutUserPolicy: async (question) => {
    const { fields, control } = question;
    const { id: user } = userOf(question);
    const name = required(fields, "PolicyName");
    const policy = required(fields, "PolicyDocument");
    const known = control.find(tokens.userPolicy, `${user}:${name}`);
    if (known === undefined) await control.create(tokens.userPolicy, { user, name, policy });
    else await control.update(tokens.userPolicy, known.id, { ...known.inputs, policy });
    return undefined;
  },
  GetUserPolicy: (question) => {
    const { inputs, outputs } = policyOf(question);
    const document = encodeURIComponent(String(outputs.policy));
    return { UserName: String(inputs.user), PolicyName: String(inputs.name), PolicyDocument: document };
  },
  ListUserPolicies: (question) =>
    all(
      "PolicyNames",
      ofUser(question, tokens.userPolicy).map(({ inputs }) => String(inputs.name)),
    ),
  DeleteUserPolicy: async (question) => {
    await question.control.delete(tokens.userPolicy, policyOf(question).id);
    return undefined;
  },
  // A user here has inline policies and nothing else.
  ListAttachedUserPolicies: (question) => (userOf(question), all("AttachedPolicies", [])),
  ListGroupsForUser: (question) => (userOf(question), all("Groups", [])),
};

export const stsActions: typeof iamActions = {
  GetCallerIdentity: ({ owner, self, control }) => {
    const user = self === undefined ? undefined : control.find(tokens.user, self);
    const { arn, userId } =
      user === undefined
        ? administratorOf(owner)
        : { arn: String(user.outputs.arn), userId: String(user.outputs.uniqueId) };
    return { Arn: arn, UserId: userId, Account: owner.awsAccountId };
  },
};
