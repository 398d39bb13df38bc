// A dataset's data encryption key (DEK): 32 random bytes, kept in the owner's vault, beside it the same key wrapped so
// that only an attested clean room can open it. Its bytes never reach the engine's state, a disk or a command line.
import { constants, createHmac, publicEncrypt, randomBytes } from "node:crypto";
import type { ReleasePolicy } from "../../contract";
import { CleanRoomError, ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { canonicalJson } from "../model/canonical";
import { jsonDifference } from "../model/difference";
import { isKnown } from "../model/unknown";
import { KeyVault, type VaultKey, type VaultSecret } from "../services/key-vault";

export interface DataKeyInputs {
  readonly collaboration?: string;
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUrl: string;
  /** Name of the key encryption key (KEK) in that vault. */
  readonly keyName: string;
  readonly releasePolicy: ReleasePolicy;
  /** Secret with the DEK, for its owner. */
  readonly secretName: string;
  /** Secret with the wrapped DEK, for the clean room. */
  readonly wrappedSecretName: string;
}

interface Observed {
  /** Tells which DEK it is, and nothing of its bytes. */
  readonly fingerprint: string;
  /** Identifier, with version, of the KEK that wraps it. */
  readonly kekId: string;
}

const LENGTH = 32;
/** Vault object names: letters, digits and hyphens (Key Vault documentation). */
const NAME = /^[A-Za-z0-9-]{1,127}$/;

export const dataKey: Handler<DataKeyInputs, Observed> = {
  inputs: ["collaboration", "vaultUrl", "keyName", "releasePolicy", "secretName", "wrappedSecretName"],
  replaceOn: ["collaboration", "vaultUrl", "keyName", "secretName", "wrappedSecretName"],
  elsewhere: true,

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check({ keyName, secretName, wrappedSecretName, releasePolicy }) {
    const problems = Object.entries({ keyName, secretName, wrappedSecretName })
      .filter(([, value]) => isKnown(value) && !NAME.test(value))
      .map(([place, value]) => `${place} is '${value}': a vault's names hold 1 to 127 letters, digits and hyphens.`);
    if (isKnown(releasePolicy) && releasePolicy.anyOf.length === 0) {
      problems.push(
        "releasePolicy has no branch (anyOf): the key could never be released. Make it from the clean room's details.",
      );
    }
    if (
      isKnown(releasePolicy) &&
      !releasePolicy.anyOf.every(({ authority, allOf }) => authority !== "" && allOf.length > 0)
    ) {
      problems.push(
        "releasePolicy has a branch without authority or without claims, so that anybody's word would release the key. Make it from the clean room's details.",
      );
    }
    return problems;
  },

  async isPending(_room, _id, state) {
    const problem = await driftOf(state);
    if (problem !== undefined) {
      say(`Data key '${state.wrappedSecretName}': ${problem}`);
    }
    return problem !== undefined && problem !== UNSEEN;
  },

  async create(_room, news) {
    return { id: idOf(news), state: await establish(news) };
  },

  update: (_room, _id, state, news) => establish(news, state.fingerprint),

  resume: (_room, _id, state, news) => establish(news, state.fingerprint),

  async read(_room, _id, state) {
    const vault = new KeyVault(state.vaultUrl);
    const [key, wrapped] = await Promise.all([vault.key(state.keyName), vault.secret(state.wrappedSecretName)]);
    // A wrapped key that nothing unwraps any more is as good as none.
    return key === undefined || wrapped === undefined
      ? undefined
      : { fingerprint: wrapped.tags.dek ?? "", kekId: key.kid };
  },

  delete(_room, _id, { secretName, wrappedSecretName }) {
    say(
      `Secrets '${secretName}' and '${wrappedSecretName}' stay in the vault while it exists: data encrypted with this key would be lost without them.`,
    );
    return Promise.resolve();
  },
};

const UNSEEN = "the vault does not let us look, so whether it was changed elsewhere could not be checked.";

/** What is there otherwise than it was left; undefined when nothing is. */
async function driftOf(state: DataKeyInputs & Observed): Promise<string | undefined> {
  const vault = new KeyVault(state.vaultUrl);
  let seen: readonly [VaultKey | undefined, VaultSecret | undefined];
  try {
    seen = await Promise.all([vault.key(state.keyName), vault.secret(state.wrappedSecretName)]);
  } catch (error) {
    // Who may preview need not be who may read keys.
    if (error instanceof RefusedError && error.status === 403) {
      return UNSEEN;
    }
    throw error;
  }
  const [key, wrapped] = seen;
  if (key === undefined || wrapped === undefined) {
    return `${key === undefined ? "the key that wraps it" : "the wrapped key"} is not in the vault any more.`;
  }
  if (canonicalJson(key.releasePolicy) !== canonicalJson(state.releasePolicy)) {
    const difference = jsonDifference(key.releasePolicy, state.releasePolicy, "in the vault", "this program");
    return `the key that wraps it is released under another policy than this program's:\n${difference}`;
  }
  if (wrapped.tags.kek !== versionOf(key.kid)) {
    return "the key that wraps it was rotated, so the clean room can't unwrap it.";
  }
  return wrapped.tags.dek === state.fingerprint ? undefined : "another key than ours was wrapped in its place.";
}

function idOf({ vaultUrl, wrappedSecretName }: DataKeyInputs): string {
  return `${vaultUrl}secrets/${wrappedSecretName}`;
}

/** Brings policy, DEK and wrapped DEK to what they must be; each is looked at first, and written only if it differs. */
async function establish(news: DataKeyInputs, known?: string): Promise<Observed> {
  const vault = new KeyVault(news.vaultUrl);
  const key = await releasable(vault, news);
  let dek = decode((await vault.secret(news.secretName))?.value, news.secretName);
  if (dek === undefined) {
    dek = randomBytes(LENGTH);
    await vault.setSecret(news.secretName, dek.toString("base64"), { dek: fingerprint(dek) });
    // Another run may have made one at the same time: the one that is there now is the one.
    dek = decode((await vault.secret(news.secretName))?.value, news.secretName) ?? dek;
  }
  const print = fingerprint(dek);
  const wrapped = await vault.secret(news.wrappedSecretName);
  const others = wrapped?.tags.dek;
  if (others !== undefined && others !== print && print !== known) {
    throw new ContentMismatchError(
      `Secret '${news.secretName}' holds another key (${print}) than '${news.wrappedSecretName}' has wrapped (${others}): data that was encrypted with the one can't be opened with the other. ` +
        "Bring back the earlier version of the first secret; or, when nothing was encrypted with the wrapped one, delete the second.",
    );
  }
  if (wrapped?.tags.dek !== print || wrapped.tags.kek !== versionOf(key.kid)) {
    await vault.setSecret(news.wrappedSecretName, wrap(dek, key), { dek: print, kek: versionOf(key.kid) });
  }
  return { fingerprint: print, kekId: key.kid };
}

/** The KEK under the wanted release policy. Resource Manager never changes an existing key, so this does. */
async function releasable(vault: KeyVault, { keyName, releasePolicy }: DataKeyInputs): Promise<VaultKey> {
  const key = await vault.key(keyName);
  if (key === undefined) {
    throw new InvalidInputError(
      `Key '${keyName}' is not in the vault ${vault.url}: it was deleted, or never made. \`pulumi refresh\`, then \`pulumi up\`, makes it.`,
    );
  }
  if (!key.exportable) {
    throw new InvalidInputError(
      `Key '${keyName}' is not exportable, so no clean room could ever get it. Use another key name: this can't be changed on an existing key.`,
    );
  }
  if (canonicalJson(key.releasePolicy) === canonicalJson(releasePolicy)) {
    return key;
  }
  await vault.setReleasePolicy(keyName, versionOf(key.kid), releasePolicy);
  const now = await vault.key(keyName);
  if (now === undefined || canonicalJson(now.releasePolicy) !== canonicalJson(releasePolicy)) {
    throw new CleanRoomError(
      `The vault took the new release policy of key '${keyName}', but does not show it. Run \`pulumi up\` again.`,
    );
  }
  return now;
}

function wrap(dek: Buffer, { publicKey }: VaultKey): string {
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, dek).toString(
    "base64",
  );
}

function decode(value: string | undefined, name: string): Buffer | undefined {
  if (value === undefined) {
    return undefined;
  }
  const bytes = Buffer.from(value, "base64");
  if (bytes.length !== LENGTH) {
    throw new InvalidInputError(
      `Secret '${name}' exists and is no key of ${LENGTH} bytes: give this key another secret name.`,
    );
  }
  return bytes;
}

/** Keyed with the DEK's own 256 bits, so that nothing of it can be guessed from the fingerprint. */
function fingerprint(dek: Buffer): string {
  return createHmac("sha256", dek).update("data encryption key").digest("hex").slice(0, 16);
}

function versionOf(kid: string): string {
  return kid.slice(kid.lastIndexOf("/") + 1);
}
