// Access keys of an IAM user: at most two, each with a secret that only its creation answers.
import { randomBytes, randomInt } from "node:crypto";
import { ServiceError } from "../../http";
import { type Model, text, typed } from "../protocol";
import { tokens } from "../tokens";
import { ofUser, own, requireUser, seconds } from "./common";

const LIMIT = 2;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const accessKey: Model = {
  type: tokens.accessKey,
  file: "sandbox/clouds/aws/access-key.ts",
  inputs: { status: text("Active", "Inactive"), user: typed },
  replaceOn: ["user"],
  computed: ["createDate", "secret"],
  secrets: ["secret"],
  echo: (inputs) => ({ status: "Active", ...own(inputs) }),
  create: (cloud, inputs) => {
    requireUser(cloud, inputs.user);
    if (ofUser(cloud, tokens.accessKey, inputs.user).length >= LIMIT) {
      throw new ServiceError(409, "LimitExceeded", `Cannot exceed quota for AccessKeysPerUser: ${LIMIT}`);
    }
    const id = `AKIA${Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;
    const secret = randomBytes(30).toString("base64");
    const createDate = seconds(cloud.clock());
    return Promise.resolve({ id, outputs: { createDate }, hidden: { secret }, once: { secret } });
  },
  update: () => Promise.resolve({ outputs: {} }),
};
