// A secret in governance, which only a clean room that the contract's policy admits can read.
import { createHmac, randomBytes } from "node:crypto";
import { InvalidInputError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { isKnown } from "../model/unknown";
import { documentIdProblems, shown, type Problems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";

export interface ContractSecretInputs {
  readonly collaboration?: string;
  readonly name: string;
  /** The secret itself; the engine keeps it as ciphertext. */
  readonly value: string;
  /** Whether `value` is the text itself or base64 of bytes. */
  readonly encoding?: "text" | "base64";
  /** Set it though no clean room policy is accepted yet. */
  readonly withoutPolicy?: boolean;
}

interface Observed {
  readonly secretId: string;
  /** Salt of the fingerprint. */
  readonly salt: string;
  /** Changes when the value does, and tells nothing of it. */
  readonly fingerprint: string;
}

/** Governance refuses longer values with `ValueTooLarge`. */
const LONGEST = 25_600;

export const contractSecret: Handler<ContractSecretInputs, Observed> = {
  inputs: ["collaboration", "name", "value", "encoding", "withoutPolicy"],
  replaceOn: ["collaboration", "name"],

  async check(room, news) {
    const problems = [...documentIdProblems("name", news.name), ...valueProblems(news)];
    if (problems.length === 0) {
      await room.verify();
    }
    return problems;
  },

  isPending: () => Promise.resolve(false),

  async create(room, news) {
    const state = await put(room, news, randomBytes(16).toString("hex"));
    return { id: state.secretId, state };
  },

  update: (room, _id, state, news) => put(room, news, state.salt),

  async read(room, _id, { secretId, salt, fingerprint }) {
    // Values are never read back; only presence is. The frontend can't even tell that.
    const there = !room.hasGovernance || (await room.governance.secretIds(await room.contractId())).includes(secretId);
    return there ? { secretId, salt, fingerprint } : undefined;
  },

  async delete(room, _id, { name, secretId }) {
    await store(room, name, encoded({ value: "deleted" }));
    say(
      `Secret '${secretId}' stays in governance, where no secret can be deleted; its value is overwritten with one that opens nothing.`,
    );
  },
};

function valueProblems(news: ContractSecretInputs): Problems {
  const { name, value, encoding } = news;
  if (isKnown(encoding) && encoding !== undefined && encoding !== "text" && encoding !== "base64") {
    return [`encoding of secret '${name}' is '${shown(encoding)}': use text or base64.`];
  }
  if (!isKnown([value, encoding])) {
    return [];
  }
  if (typeof value !== "string" || value === "") {
    return [`value of secret '${name}' is empty: give the secret's text.`];
  }
  if (encoding === "base64" && Buffer.from(value, "base64").toString("base64") !== value) {
    return [`value of secret '${name}' is no base64, as its encoding says: encode it, or leave encoding out.`];
  }
  const { length } = encoded(news);
  return length > LONGEST
    ? [`value of secret '${name}' has ${length} characters in base64: governance takes at most ${LONGEST}.`]
    : [];
}

/** What governance stores: the clean room decodes it from base64, once (cleanroom-internal, `get_cgs_secret`). */
function encoded({ value, encoding }: Pick<ContractSecretInputs, "value" | "encoding">): string {
  return encoding === "base64" ? value : Buffer.from(value, "utf8").toString("base64");
}

async function put(room: CleanRoom, news: ContractSecretInputs, salt: string): Promise<Observed> {
  const { name, withoutPolicy } = news;
  if (withoutPolicy !== true && room.hasGovernance) {
    const contractId = await room.contractId();
    if ((await room.governance.cleanRoomHostData(contractId)).length === 0) {
      throw new InvalidInputError(
        `Secret '${name}': contract '${contractId}' has no accepted clean room policy, so no clean room could read it, and one accepted later would. ` +
          "Wait until the members have accepted a policy, or set withoutPolicy.",
      );
    }
  }
  const value = encoded(news);
  const secretId = await store(room, name, value);
  return { secretId, salt, fingerprint: fingerprint(value, salt) };
}

async function store(room: CleanRoom, name: string, value: string): Promise<string> {
  return room.hasGovernance
    ? room.governance.putSecret(await room.contractId(), name, value)
    : room.frontend.putSecret(name, value);
}

function fingerprint(value: string, salt: string): string {
  return createHmac("sha256", salt).update(value).digest("hex").slice(0, 16);
}
