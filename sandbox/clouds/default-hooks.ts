// The hooks while no data plane is there: Azure's own addresses, and keys and secrets that have facts but no material.
import { createHash } from "node:crypto";
import type { VaultFacts } from "./facts";
import type { CloudHooks, KeyFacts, SecretFacts } from "./hooks";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
const done = (): Promise<void> => Promise.resolve();
const nameOf = (vault: VaultFacts, name: string): string => `${vault.name}/${name}`.toLowerCase();
const OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];

export function defaultHooks(): CloudHooks {
  const keys = new Map<string, KeyFacts>();
  const secrets = new Map<string, SecretFacts & { readonly digest: string }>();
  const now = (): number => Math.floor(Date.now() / 1000);
  return {
    vaultCreated: (vault) => Promise.resolve({ vaultUri: `https://${vault.name}.vault.azure.net/` }),
    vaultDeleted: done,
    vaultPurged: done,
    keyPut: (vault, name, { kty, keySize = 2048, keyOps = OPERATIONS, attributes, releasePolicy, tags }) => {
      const keyUri = `https://${vault.name}.vault.azure.net/keys/${name}`;
      const time = { created: now(), updated: now(), recoveryLevel: "Recoverable" };
      const made: KeyFacts = {
        keyUri,
        keyUriWithVersion: `${keyUri}/${digest(keyUri)}`,
        kty,
        keySize,
        keyOps,
        attributes: { ...attributes, enabled: attributes?.enabled ?? true, ...time },
        releasePolicy,
        tags,
      };
      const found = keys.get(nameOf(vault, name)) ?? made;
      keys.set(nameOf(vault, name), found);
      return Promise.resolve(found);
    },
    keyRead: (vault, name) => Promise.resolve(keys.get(nameOf(vault, name))),
    keyRecovered: done,
    keyDeleted: (vault, name) => {
      keys.delete(nameOf(vault, name));
      return done();
    },
    secretPut: (vault, name, { value, contentType, attributes, tags }) => {
      const secretUri = `https://${vault.name}.vault.azure.net/secrets/${name}`;
      const old = secrets.get(nameOf(vault, name));
      const time = { created: old?.attributes.created ?? now(), updated: now() };
      const made = {
        secretUri,
        secretUriWithVersion: `${secretUri}/${digest(secretUri + value)}`,
        contentType,
        attributes: { ...attributes, enabled: attributes?.enabled ?? true, ...time },
        tags,
        digest: digest(value),
      };
      secrets.set(nameOf(vault, name), made);
      return Promise.resolve(made);
    },
    secretRead: (vault, name) => Promise.resolve(secrets.get(nameOf(vault, name))),
    secretRecovered: done,
    secretDeleted: (vault, name) => {
      secrets.delete(nameOf(vault, name));
      return done();
    },
    accountCreated: ({ name }) =>
      Promise.resolve({
        blob: `https://${name}.blob.core.windows.net/`,
        dfs: `https://${name}.dfs.core.windows.net/`,
      }),
    accountDeleted: done,
    containerCreated: done,
    containerDeleted: done,
    bucketCreated: done,
    bucketDeleted: done,
  };
}
