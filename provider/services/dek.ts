// Which data encryption key (DEK) of those that a secret has ever held is meant. A vault writes over nothing: each value is
// another version, and one that comes late, of a run that was thought to be over, only seems to take the earlier one's place.
import { decodeDek, fingerprintOf } from "../model/data-key";
import type { KeyVault } from "./key-vault";

export interface FoundDek {
  readonly dek: Buffer;
  /** Whether it is what the secret answers to whoever names no version. */
  readonly isCurrent: boolean;
}

/** The DEK with this fingerprint; undefined where no version of the secret, or no such secret, has it. */
export async function findDek(vault: KeyVault, name: string, fingerprint: string): Promise<FoundDek | undefined> {
  const current = await vault.secret(name);
  if (current === undefined) {
    return undefined;
  }
  const dek = matching(current.value, fingerprint);
  if (dek !== undefined) {
    return { dek, isCurrent: true };
  }
  const versions = await vault.secretVersions(name);
  // Those that say that they are it are looked at first; what a tag says is no proof.
  const likely = versions.filter(({ tags }) => tags.dek === fingerprint);
  for (const { version } of [...likely, ...versions.filter((each) => !likely.includes(each))]) {
    const found = matching((await vault.secret(name, version))?.value ?? "", fingerprint);
    if (found !== undefined) {
      return { dek: found, isCurrent: false };
    }
  }
  return undefined;
}

/**
 * The first DEK that the secret held, on which everybody agrees who made one at the same time; undefined where there is no
 * such secret.
 */
export async function firstDek(vault: KeyVault, name: string): Promise<FoundDek | undefined> {
  const [first, ...later] = await vault.secretVersions(name);
  const found = first && (await vault.secret(name, first.version));
  if (found === undefined) {
    return undefined;
  }
  // One that was set twice, because its answer was lost, is the same one.
  const current = later.length === 0 ? found : await vault.secret(name);
  return { dek: decodeDek(found.value, name), isCurrent: current?.value === found.value };
}

function matching(value: string, fingerprint: string): Buffer | undefined {
  const bytes = Buffer.from(value, "base64");
  return fingerprintOf(bytes) === fingerprint ? bytes : undefined;
}
