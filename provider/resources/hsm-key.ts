// A key encryption key in a Managed HSM, made there: its private part is never outside. An existing key is never written
// to by this, since whatever it wrapped could not be opened any more; its release policy is the data key's to keep.
import type { ReleasePolicy } from "../../contract";
import { CleanRoomError, InvalidInputError, UnknownOutcomeError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { releasePolicyProblems } from "../model/release-policy";
import { isKnown } from "../model/unknown";
import type { VaultKey } from "../services/key-vault";
import { ManagedHsm, type NewKey } from "../services/managed-hsm";

export interface HsmKeyInputs extends NewKey {
  readonly collaboration?: string;
  /** `https://<hsm>.managedhsm.azure.net/` */
  readonly hsmUrl: string;
  readonly releasePolicy: ReleasePolicy;
}

interface Observed {
  /** Key identifier with version. */
  readonly kid: string;
}

const NAME = /^[A-Za-z0-9-]{1,127}$/;

export const hsmKey: Handler<HsmKeyInputs, Observed> = {
  inputs: ["collaboration", "hsmUrl", "keyName", "keySize", "expires", "releasePolicy"],
  replaceOn: ["collaboration", "hsmUrl", "keyName"],
  elsewhere: true,

  idOf: (_room, { hsmUrl, keyName }) => Promise.resolve(`${hsmUrl}keys/${keyName}`),

  check({ keyName, releasePolicy }, olds) {
    const problems =
      isKnown(keyName) && !NAME.test(keyName)
        ? [`keyName is '${keyName}': an HSM's names hold 1 to 127 letters, digits and hyphens.`]
        : [];
    // What was asked for when it was made may be refused now, and must not keep it from being deleted.
    return isKnown(releasePolicy) && olds === undefined
      ? [...problems, ...releasePolicyProblems(releasePolicy)]
      : problems;
  },

  foresee(_room, news, known) {
    if (known !== undefined && !known.isReplaced) {
      requireSame(news, known.state);
    }
    return Promise.resolve();
  },

  isPending: () => Promise.resolve(false),

  async create(_room, news) {
    const { hsmUrl, keyName } = news;
    const hsm = new ManagedHsm(hsmUrl);
    const { kid } = (await hsm.key(keyName)) ?? (await made(hsm, news));
    return { id: `${hsmUrl}keys/${keyName}`, state: { kid } };
  },

  update(_room, _id, state, news) {
    requireSame(news, state);
    return Promise.resolve({ kid: state.kid });
  },

  async read(_room, _id, { hsmUrl, keyName }) {
    const key = await new ManagedHsm(hsmUrl).key(keyName);
    return key && { kid: key.kid };
  },

  async delete(_room, _id, { hsmUrl, keyName }) {
    await new ManagedHsm(hsmUrl).deleteKey(keyName);
    say(
      `Key '${keyName}' is deleted; the HSM keeps it for a while: \`az keyvault key recover --id ${hsmUrl}deletedkeys/${keyName}\`.`,
    );
  },
};

async function made(hsm: ManagedHsm, news: HsmKeyInputs): Promise<VaultKey> {
  try {
    await hsm.createKey(news);
  } catch (error) {
    // It may be there though no answer came: looking tells.
    const there = error instanceof UnknownOutcomeError ? await hsm.key(news.keyName) : undefined;
    if (there === undefined) {
      throw error;
    }
    return there;
  }
  const key = await hsm.key(news.keyName);
  if (key === undefined) {
    throw new CleanRoomError(`The HSM took key '${news.keyName}', but does not show it. Run \`pulumi up\` again.`);
  }
  return key;
}

function requireSame(news: HsmKeyInputs, { keySize, expires }: HsmKeyInputs): void {
  if (news.keySize !== keySize || news.expires !== expires) {
    throw new InvalidInputError(
      `Key '${news.keyName}' is there with other size or last day, and an existing key is not written to: what it wrapped could not be opened any more. Give another keyName; ReleaseKey does that by itself.`,
    );
  }
}
