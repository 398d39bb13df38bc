// A dataset's data encryption key (DEK): 32 random bytes, kept in the owner's vault, beside it the same key wrapped so
// that only an attested clean room can open it. Its bytes never reach the engine's state, a disk or a command line.
import type { ReleasePolicy } from "../../contract";
import { RefusedError } from "../errors";
import type { Handler, Known } from "../handler";
import { say } from "../log";
import { canonicalJson } from "../model/canonical";
import { releaseChange, releasePolicyProblems, releaseSentences } from "../model/release-policy";
import { isKnown } from "../model/unknown";
import { KeyVault } from "../services/key-vault";
import { driftOf, establish, keeperOf, requireChangeable } from "./wrapped-key";

export interface DataKeyInputs {
  readonly collaboration?: string;
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUrl: string;
  /** Managed HSM with the KEK, where that vault has not got it: `https://<hsm>.managedhsm.azure.net/` */
  readonly hsmUrl?: string;
  /** Name of the key encryption key (KEK). */
  readonly keyName: string;
  readonly releasePolicy: ReleasePolicy;
  /** Secret with the DEK, for its owner. */
  readonly secretName: string;
  /** Secret with the wrapped DEK, for the clean room. */
  readonly wrappedSecretName: string;
}

export interface DataKeyState {
  /** Tells which DEK it is, and nothing of its bytes. */
  readonly fingerprint: string;
  /** Identifier, with version, of the KEK that wraps it. */
  readonly kekId: string;
}

/** Vault object names: letters, digits and hyphens (Key Vault documentation). */
const NAME = /^[A-Za-z0-9-]{1,127}$/;

export const dataKey: Handler<DataKeyInputs, DataKeyState> = {
  inputs: ["collaboration", "vaultUrl", "hsmUrl", "keyName", "releasePolicy", "secretName", "wrappedSecretName"],
  replaceOn: ["collaboration", "vaultUrl", "hsmUrl", "keyName", "secretName", "wrappedSecretName"],
  elsewhere: true,

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check({ keyName, secretName, wrappedSecretName, releasePolicy }) {
    const problems = Object.entries({ keyName, secretName, wrappedSecretName })
      .filter(([, value]) => isKnown(value) && !NAME.test(value))
      .map(([place, value]) => `${place} is '${value}': a vault's names hold 1 to 127 letters, digits and hyphens.`);
    return isKnown(releasePolicy) ? [...problems, ...releasePolicyProblems(releasePolicy)] : problems;
  },

  async foresee(_room, news, known) {
    if (known?.isReplaced === true) {
      sayRotation(known, news);
    } else if (known !== undefined && canonicalJson(known.state.releasePolicy) !== canonicalJson(news.releasePolicy)) {
      sayAll(releaseSentences(news.keyName, releaseChange(known.state.releasePolicy, news.releasePolicy)));
      await unlessForbidden(news, async () => requireChangeable(await keeperOf(news).key(news.keyName), news));
    }
  },

  async isPending(_room, _id, state) {
    const problem = await unlessForbidden(state, () => driftOf(state));
    if (problem !== undefined) {
      say(`Data key '${state.wrappedSecretName}': ${problem}`);
    }
    return problem !== undefined;
  },

  async create(_room, news) {
    return { id: idOf(news), state: await establish(news) };
  },

  update: (_room, _id, state, news) => establish(news, state.fingerprint),

  resume: (_room, _id, state, news) => establish(news, state.fingerprint),

  async read(_room, _id, state) {
    const vault = new KeyVault(state.vaultUrl);
    const [key, wrapped] = await Promise.all([
      keeperOf(state).key(state.keyName),
      vault.secret(state.wrappedSecretName),
    ]);
    // A wrapped key that nothing unwraps any more is as good as none.
    return key === undefined || wrapped === undefined
      ? undefined
      : { fingerprint: wrapped.tags.dek ?? "", kekId: key.kid };
  },

  delete(_room, _id, { vaultUrl, secretName, wrappedSecretName }) {
    const remove = (name: string): string => `\`az keyvault secret delete --id ${vaultUrl}secrets/${name}\``;
    say(
      `Secrets '${secretName}' and '${wrappedSecretName}' stay in the vault while it exists: data encrypted with this key would be lost without them. ` +
        `When no document names it any more, ${remove(wrappedSecretName)} removes the wrapped key; ` +
        `when nothing is left that was encrypted with it, ${remove(secretName)} removes the key itself.`,
    );
    return Promise.resolve();
  },
};

/** Who may preview need not be who may read keys: then it is said that nothing could be looked at. */
async function unlessForbidden<T>(
  { wrappedSecretName }: DataKeyInputs,
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RefusedError && error.status === 403) {
      say(
        `Data key '${wrappedSecretName}': the vault does not let us look, so whether it was changed elsewhere could not be checked.`,
      );
      return undefined;
    }
    throw error;
  }
}

function sayRotation({ state }: Known<DataKeyInputs, DataKeyState>, news: DataKeyInputs): void {
  const isNewDek = state.secretName !== news.secretName || state.vaultUrl !== news.vaultUrl;
  const sentences = [
    isNewDek
      ? `Data key '${news.secretName}' takes the place of '${state.secretName}': what was encrypted with that is encrypted with the new one and brought up again.`
      : `Data key '${news.secretName}' stays, and is wrapped anew with key '${news.keyName}'.`,
    ...(state.keyName === news.keyName
      ? []
      : releaseSentences(news.keyName, releaseChange(undefined, news.releasePolicy))),
  ];
  sayAll(sentences);
}

function sayAll(sentences: readonly string[]): void {
  for (const sentence of sentences) {
    say(sentence);
  }
}

function idOf({ vaultUrl, wrappedSecretName }: DataKeyInputs): string {
  return `${vaultUrl}secrets/${wrappedSecretName}`;
}
