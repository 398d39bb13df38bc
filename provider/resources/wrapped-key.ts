// Brings a DEK, the KEK that wraps it and the wrapped DEK to what they must be, or says what is otherwise. Each is looked
// at first and written only if it differs, so that whatever broke off before is finished.
import { constants, publicEncrypt, randomBytes } from "node:crypto";
import { CleanRoomError, ContentMismatchError, InvalidInputError } from "../errors";
import { say } from "../log";
import { canonicalJson } from "../model/canonical";
import { DEK_LENGTH, fingerprintOf } from "../model/data-key";
import { jsonDifference } from "../model/difference";
import { releaseChange, releaseSentences } from "../model/release-policy";
import { findDek, firstDek } from "../services/dek";
import { KeyVault, type VaultKey } from "../services/key-vault";
import type { DataKeyInputs, DataKeyState } from "./data-key";

/** Where the KEK is. */
export function keeperOf({ vaultUrl, hsmUrl }: Pick<DataKeyInputs, "vaultUrl" | "hsmUrl">): KeyVault {
  return hsmUrl === undefined ? new KeyVault(vaultUrl) : new KeyVault(hsmUrl, "hsm");
}

/** What is there otherwise than it was left; undefined when nothing is. @throws where nothing could mend it */
export async function driftOf(state: DataKeyInputs & DataKeyState): Promise<string | undefined> {
  const vault = new KeyVault(state.vaultUrl);
  const [key, wrapped, dek] = await Promise.all([
    keeperOf(state).key(state.keyName),
    vault.secret(state.wrappedSecretName),
    vault.secret(state.secretName),
  ]);
  if (key === undefined || wrapped === undefined || dek === undefined) {
    const what = key === undefined ? "the key that wraps it" : wrapped === undefined ? "the wrapped key" : "it";
    return `${what} is not in the vault any more.`;
  }
  if (canonicalJson(key.releasePolicy) !== canonicalJson(state.releasePolicy)) {
    requireChangeable(key, state);
    const difference = jsonDifference(key.releasePolicy, state.releasePolicy, "in the vault", "this program");
    const meaning = releaseSentences(state.keyName, releaseChange(key.releasePolicy, state.releasePolicy));
    return `the key that wraps it is released under another policy than this program's:\n${[...meaning, difference].join("\n")}`;
  }
  if (wrapped.tags.kek !== versionOf(key.kid)) {
    return "the key that wraps it was rotated, so the clean room can't unwrap it.";
  }
  if (fingerprintOf(Buffer.from(dek.value, "base64")) !== state.fingerprint) {
    return `secret '${state.secretName}' was given another key than the data was encrypted with.`;
  }
  return wrapped.tags.dek === state.fingerprint ? undefined : "another key than ours was wrapped in its place.";
}

/** @param known fingerprint of the DEK that data is encrypted with already, where there is one */
export async function establish(news: DataKeyInputs, known?: string): Promise<DataKeyState> {
  const vault = new KeyVault(news.vaultUrl);
  const key = await releasable(news);
  const wrapped = await vault.secret(news.wrappedSecretName);
  const dek = await dataKeyOf(vault, news, known ?? wrapped?.tags.dek);
  const print = fingerprintOf(dek);
  if (wrapped?.tags.dek !== print || wrapped.tags.kek !== versionOf(key.kid)) {
    await vault.setSecret(news.wrappedSecretName, wrap(dek, key), { dek: print, kek: versionOf(key.kid) });
  }
  return { fingerprint: print, kekId: key.kid };
}

/** The DEK that is there, or a new one; never a new one where data is encrypted with another. */
async function dataKeyOf(vault: KeyVault, { secretName }: DataKeyInputs, known: string | undefined): Promise<Buffer> {
  const found = known === undefined ? await firstDek(vault, secretName) : await findDek(vault, secretName, known);
  if (found?.isCurrent === true) {
    return found.dek;
  }
  if (found !== undefined) {
    say(
      `Secret '${secretName}' was given another key later: the one that is in use is made its current version again.`,
    );
    await set(vault, secretName, found.dek);
    return found.dek;
  }
  if (known !== undefined) {
    throw lost(vault, secretName, known, (await vault.secret(secretName)) !== undefined);
  }
  const made = randomBytes(DEK_LENGTH);
  await set(vault, secretName, made);
  // Another run may have made one at the same time: the first one is the one.
  return (await firstDek(vault, secretName))?.dek ?? made;
}

function set(vault: KeyVault, secretName: string, dek: Buffer): Promise<void> {
  return vault.setSecret(secretName, dek.toString("base64"), { dek: fingerprintOf(dek) });
}

/** Nothing in the vault opens the data any more. */
function lost(vault: KeyVault, secretName: string, known: string, isThere: boolean): ContentMismatchError {
  const [problem, remedy] = isThere
    ? [`has no version with the key (${known}) that data is encrypted with`, "Set it to that key again, if you have it"]
    : [
        `with the key (${known}) that data is encrypted with, is not in the vault any more`,
        `Bring it back: \`az keyvault secret recover --id ${vault.url.replace(/\/+$/, "")}/deletedsecrets/${secretName}\``,
      ];
  return new ContentMismatchError(
    `Secret '${secretName}' ${problem}, and another one would not open it. ${remedy}; or make a new key with the argument rotation, for which the data is encrypted again.`,
  );
}

/** The KEK under the wanted release policy. Resource Manager never changes an existing key, so this does. */
async function releasable(news: DataKeyInputs): Promise<VaultKey> {
  const { keyName, releasePolicy } = news;
  const keeper = keeperOf(news);
  const key = await keeper.key(keyName);
  if (key === undefined) {
    throw new InvalidInputError(
      `Key '${keyName}' is not in the vault ${keeper.url}: it was deleted, or never made. \`pulumi refresh\`, then \`pulumi up\`, makes it.`,
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
  requireChangeable(key, news);
  await keeper.setReleasePolicy(keyName, versionOf(key.kid), releasePolicy);
  const now = await keeper.key(keyName);
  if (now === undefined || canonicalJson(now.releasePolicy) !== canonicalJson(releasePolicy)) {
    throw new CleanRoomError(
      `The vault took the new release policy of key '${keyName}', but does not show it. Run \`pulumi up\` again.`,
    );
  }
  return now;
}

/** A policy that was once marked immutable can't be changed by anybody (Key Vault's REST reference, KeyReleasePolicy). */
export function requireChangeable(key: VaultKey | undefined, { keyName }: DataKeyInputs): void {
  if (key?.isPolicyImmutable === true) {
    throw new InvalidInputError(
      `The release policy of key '${keyName}' was marked immutable in the vault: nobody can change it. ` +
        "Make another key: give the argument kekRotation (or rotation) of ReleaseKey another label, which wraps the data key anew and publishes the datasets under the new policy.",
    );
  }
}

function wrap(dek: Buffer, { publicKey }: VaultKey): string {
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, dek).toString(
    "base64",
  );
}

function versionOf(kid: string): string {
  return kid.slice(kid.lastIndexOf("/") + 1);
}
