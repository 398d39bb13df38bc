// ARM's view of a vault's keys and secrets: the same store as the data plane's, so that a key made by one is the other's.
import type { CloudHooks, KeyFacts, SecretFacts, VaultFacts } from "../../clouds";
import type { Keys } from "./keys";
import type { KeyVersion, ObjectKind, SecretVersion } from "./model";
import { recovery } from "./part";
import type { Secrets } from "./secrets";
import type { VaultStore } from "./store";

type ArmHooks = Pick<
  CloudHooks,
  | "keyPut"
  | "keyRead"
  | "keyRecovered"
  | "keyDeleted"
  | "secretPut"
  | "secretRead"
  | "secretRecovered"
  | "secretDeleted"
>;

interface Parts {
  readonly store: VaultStore;
  readonly keys: Keys;
  readonly secrets: Secrets;
  readonly now: () => number;
  readonly uri: (vault: string) => Promise<string>;
}

export function armHooks({ store, keys, secrets, now, uri }: Parts): ArmHooks {
  const isThere = (kind: ObjectKind, vault: VaultFacts, name: string): boolean => {
    const found = store.find(kind, vault.name, name);
    return found !== undefined && found.deletedOn === undefined;
  };
  const remove = async (kind: ObjectKind, vault: VaultFacts, name: string): Promise<void> => {
    if (isThere(kind, vault, name)) await store.softDelete(kind, vault.name, name, now());
  };
  const recover = async (kind: ObjectKind, vault: VaultFacts, name: string): Promise<void> => {
    if (store.find(kind, vault.name, name)?.deletedOn !== undefined) await store.recover(kind, vault.name, name);
  };
  const keyFacts = async (vault: VaultFacts, name: string, key: KeyVersion): Promise<KeyFacts> => {
    const keyUri = `${await uri(vault.name)}keys/${name}`;
    const { kty, keyOps, releasePolicy, tags, attributes } = key;
    return {
      keyUri,
      keyUriWithVersion: `${keyUri}/${key.version}`,
      kty,
      keySize: Buffer.from(key.jwk.n ?? "", "base64url").length * 8,
      keyOps,
      releasePolicy,
      tags,
      attributes: { ...attributes, recoveryLevel: recovery(vault).recoveryLevel },
    };
  };
  const secretFacts = async (vault: VaultFacts, name: string, secret: SecretVersion): Promise<SecretFacts> => {
    const secretUri = `${await uri(vault.name)}secrets/${name}`;
    const { version, contentType, attributes, tags } = secret;
    return { secretUri, secretUriWithVersion: `${secretUri}/${version}`, contentType, attributes, tags };
  };
  return {
    keyPut: async (vault, name, request) =>
      keyFacts(
        vault,
        name,
        isThere("keys", vault, name) ? keys.get(vault, name) : await keys.create(vault, name, request),
      ),
    keyRead: async (vault, name) =>
      isThere("keys", vault, name) ? keyFacts(vault, name, keys.get(vault, name)) : undefined,
    keyRecovered: (vault, name) => recover("keys", vault, name),
    keyDeleted: (vault, name) => remove("keys", vault, name),
    secretPut: async (vault, name, request) => {
      const old = isThere("secrets", vault, name) ? secrets.get(vault, name) : undefined;
      const { value, ...change } = request;
      const secret =
        old?.value === value
          ? await secrets.update(vault, name, old.version, change)
          : await secrets.set(vault, name, request);
      return secretFacts(vault, name, secret);
    },
    secretRead: async (vault, name) =>
      isThere("secrets", vault, name) ? secretFacts(vault, name, secrets.get(vault, name)) : undefined,
    secretRecovered: (vault, name) => recover("secrets", vault, name),
    secretDeleted: (vault, name) => remove("secrets", vault, name),
  };
}
