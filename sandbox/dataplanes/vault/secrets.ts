// Secrets of a vault: set, read and changed, by the data plane and by ARM.
import { randomBytes } from "node:crypto";
import type { SecretRequest, VaultFacts } from "../../clouds";
import { badParameter, isDeleted, notFound } from "./errors";
import type { SecretVersion } from "./model";
import type { VaultStore } from "./store";

const NAME = /^[0-9a-zA-Z-]{1,127}$/;
const LARGEST = 25_600;

export class Secrets {
  constructor(
    private readonly store: VaultStore,
    private readonly now: () => number,
  ) {}

  /** Adds a version. */
  async set(vault: VaultFacts, name: string, request: SecretRequest): Promise<SecretVersion> {
    if (!NAME.test(name)) throw badParameter(`The secret name ${JSON.stringify(name)} must match ${NAME.source}`);
    if (this.store.find("secrets", vault.name, name)?.deletedOn !== undefined) throw isDeleted("secrets", name);
    const { value, contentType, tags, attributes } = request;
    if (Buffer.byteLength(value) > LARGEST) throw badParameter(`The secret's value is longer than ${LARGEST} bytes`);
    const version: SecretVersion = {
      version: randomBytes(16).toString("hex"),
      value,
      contentType,
      tags,
      attributes: { enabled: true, ...attributes, created: this.now(), updated: this.now() },
    };
    await this.store.put("secrets", vault.name, name, version);
    return version;
  }

  /** @param version empty or left out: the current one */
  get(vault: VaultFacts, name: string, version?: string): SecretVersion {
    const all = this.versions(vault, name);
    const found = version ? all.find((each) => each.version === version) : all.at(-1);
    if (found === undefined) throw notFound("secrets", version ? `${name}/${version}` : name);
    return found;
  }

  versions(vault: VaultFacts, name: string): readonly SecretVersion[] {
    const secret = this.store.find("secrets", vault.name, name);
    if (secret === undefined || secret.deletedOn !== undefined) throw notFound("secrets", name);
    return secret.versions;
  }

  /** What is left out stays; a value never changes within its version. */
  async update(
    vault: VaultFacts,
    name: string,
    version: string | undefined,
    { contentType, tags, attributes }: Omit<SecretRequest, "value">,
  ): Promise<SecretVersion> {
    const old = this.get(vault, name, version);
    const next: SecretVersion = {
      ...old,
      contentType: contentType ?? old.contentType,
      tags: tags ?? old.tags,
      attributes: { ...old.attributes, ...attributes, updated: this.now() },
    };
    await this.store.put("secrets", vault.name, name, next);
    return next;
  }
}
