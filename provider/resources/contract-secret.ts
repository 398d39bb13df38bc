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
  /** Takes over a secret that exists, and writes nothing; later values are written. */
  readonly adopt?: boolean;
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
  inputs: ["collaboration", "name", "value", "encoding", "withoutPolicy", "adopt"],
  replaceOn: ["collaboration", "name"],

  idOf: async (room, { name }) => `${(await room.caller()).oid}_${name}`,

  check: (news) => [...documentIdProblems("name", news.name), ...valueProblems(news)],

  async foresee(room, news, known) {
    if (known === undefined || known.isReplaced) {
      if (news.adopt === true && isKnown(news.name)) {
        await requireThere(room, news.name);
      }
      return;
    }
    const { salt, fingerprint: before } = known.state;
    // Of one that broke off the value that is there is not known.
    const after = salt === undefined ? before : fingerprint(encoded(news), salt);
    if (after !== before) {
      say(`Secret '${news.name}': its value changes, fingerprint ${before} to ${after}.`);
    }
  },

  isPending: () => Promise.resolve(false),

  async create(room, news) {
    const salt = randomBytes(16).toString("hex");
    if (news.adopt === true) {
      const secretId = await requireThere(room, news.name);
      return { id: secretId, state: { secretId, salt, fingerprint: fingerprint(encoded(news), salt) } };
    }
    const state = await put(room, news, salt);
    return { id: state.secretId, state };
  },

  async update(room, id, state, news) {
    const same = fingerprint(encoded(news), state.salt) === state.fingerprint;
    // Other inputs than the value say how it is set, not what it is.
    return same ? { secretId: id, salt: state.salt, fingerprint: state.fingerprint } : put(room, news, state.salt);
  },

  // Which value is there can't be read, so ours is set.
  resume: (room, _id, _state, news) => put(room, news, randomBytes(16).toString("hex")),

  async read(room, id, { salt = "", fingerprint: known = "" }) {
    return (await isThere(room, id)) ? { secretId: id, salt, fingerprint: known } : undefined;
  },

  async delete(room, id, { name }) {
    await store(room, name, encoded({ value: "deleted" }));
    say(
      `Secret '${id}' stays in governance, where no secret can be deleted; its value is overwritten with one that opens nothing.`,
    );
  },
};

/** Values are never read back; only presence is. The frontend can't even tell that. */
async function isThere(room: CleanRoom, id: string): Promise<boolean> {
  return !room.hasGovernance || (await room.governance.secretIds(await room.contractId())).includes(id);
}

async function requireThere(room: CleanRoom, name: string): Promise<string> {
  if (!room.hasGovernance) {
    throw new InvalidInputError(
      `Secret '${name}' can't be adopted: only governance tells whether it exists. Set ${room.settings.namespace}:governanceUrl, or leave adopt out to have it set.`,
    );
  }
  const id = `${(await room.caller()).oid}_${name}`;
  if (!(await isThere(room, id))) {
    throw new InvalidInputError(
      `Secret '${name}' can't be adopted: governance has no '${id}'. Correct the name, or leave adopt out to have it set.`,
    );
  }
  return id;
}

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
