// IAM users: a name that the account knows once, and that is deleted only without keys and policies, or by force.
import { createHash } from "node:crypto";
import { ServiceError } from "../../http";
import { type Cloud, type Model, textThat, typed } from "../protocol";
import { tokens } from "../tokens";
import { isKnown, ofUser, seconds, suffixedName, withTags } from "./common";

const file = "sandbox/clouds/aws/user.ts";

const isPath = (path: string): string | undefined =>
  /^\/([\x21-\x7e]+\/)?$/.test(path) ? undefined : `${JSON.stringify(path)} must begin and end with a slash`;

export const user: Model = {
  type: tokens.user,
  file,
  inputs: { forceDestroy: typed, name: typed, path: textThat(isPath), tags: typed },
  autoname: suffixedName("name"),
  replaceOn: [],
  computed: ["arn", "uniqueId"],
  validate: ({ name }) =>
    !isKnown(name) || /^[\w+=,.@-]{1,64}$/.test(name)
      ? []
      : [{ property: "name", reason: `${JSON.stringify(name)} must be 1 to 64 letters, digits and _+=,.@-` }],
  echo: (inputs) => ({ path: "/", forceDestroy: false, ...withTags(inputs) }),
  create: (cloud, inputs) => {
    const { state, collaborator } = cloud;
    const name = String(inputs.name);
    // Names are told apart without upper and lower case, as records' ids are.
    if (state.records.get({ owner: collaborator.name, type: tokens.user, id: name }) !== undefined) {
      throw new ServiceError(409, "EntityAlreadyExists", `User with name ${name} already exists.`);
    }
    const digest = createHash("sha256").update(`${collaborator.awsAccountId}/${name}/${cloud.clock().toISOString()}`);
    const uniqueId = `AIDA${digest.digest("hex").slice(0, 17).toUpperCase()}`;
    const hidden = { createdAt: seconds(cloud.clock()) };
    return Promise.resolve({ id: name, outputs: { arn: arnOf(cloud, inputs), uniqueId }, hidden });
  },
  update: (cloud, { id }, inputs) => {
    if (inputs.name === id) return Promise.resolve({ outputs: { arn: arnOf(cloud, inputs) } });
    throw new ServiceError(501, "NotImplemented", `The sandbox does not model renaming the user ${id} (${file}).`);
  },
  delete: async (cloud, { id, inputs }) => {
    const inside = [tokens.accessKey, tokens.userPolicy].flatMap((type) => ofUser(cloud, type, id));
    const [first] = inside;
    if (first !== undefined && inputs.forceDestroy !== true) {
      const what = first.type === tokens.accessKey ? "access keys" : "policies";
      throw new ServiceError(409, "DeleteConflict", `Cannot delete entity, must delete ${what} first. (${id})`);
    }
    for (const each of inside) await cloud.state.records.delete(each);
  },
};

const arnOf = ({ collaborator }: Cloud, { name, path = "/" }: Readonly<Record<string, unknown>>): string =>
  `arn:aws:iam::${collaborator.awsAccountId}:user${String(path)}${String(name)}`;
