// The data plane of key vaults and Managed HSMs: what Azure Resource Manager can't do (public keys, release policies of
// existing keys, secrets). A role that has not spread yet is waited for, within a deadline, and said.
import type { KeyObject } from "node:crypto";
import type { ReleasePolicy } from "../../contract";
import { messageOf } from "../errors";
import { HttpClient, type Answer, type Call } from "../http/client";
import { parseJson } from "../model/json";
import { isByNetwork, oncePermitted } from "./late-role";
import { publicKeyOf } from "./public-key";
import {
  fieldsOf,
  listOf,
  optionalText,
  secretFieldsOf,
  secretTextOf,
  textOf,
  textsOf,
  UnexpectedAnswerError,
} from "./shape";
import { azureToken } from "./token";

const API_VERSION = "7.4";
const MOST_PAGES = 100;
const ADMIT =
  "The vault's firewall does not let this machine in: add its public address to allowedAddresses of ReleaseKey or AzureDataset, or run where the vault's private endpoint is. No role changes that.";

export interface VaultKey {
  /** Key identifier with version. */
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly exportable: boolean;
  readonly releasePolicy: ReleasePolicy | undefined;
  /** Whether nobody can change that policy any more. */
  readonly isPolicyImmutable: boolean;
}

export interface VaultSecret {
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** One of a secret's versions, of which a vault keeps every one that was ever set. */
export interface VaultSecretVersion {
  readonly version: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** One for all vaults of a process, one for all Managed HSMs: they take the same token. */
const clients = {
  vault: new HttpClient(azureToken("https://vault.azure.net/.default")),
  hsm: new HttpClient(azureToken("https://managedhsm.azure.net/.default")),
} as const;

/** A vault, or a Managed HSM, which has the same routes for keys and none for secrets. */
export class KeyVault {
  constructor(
    readonly url: string,
    private readonly kind: keyof typeof clients = "vault",
  ) {}

  /** The key, or undefined when there is none of this name. */
  async key(name: string): Promise<VaultKey | undefined> {
    const step = `read key '${name}'`;
    const { status, body, where } = await this.send({
      method: "GET",
      path: `keys/${name}`,
      step,
      absentCode: "KeyNotFound",
    });
    if (status === 404) {
      return undefined;
    }
    const fields = fieldsOf(body, where);
    const jwk = fieldsOf(fields.key, where);
    const attributes = fieldsOf(fields.attributes ?? {}, where);
    const policy = fields.release_policy === undefined ? undefined : fieldsOf(fields.release_policy, where);
    return {
      kid: keyIdOf(textOf(jwk, "kid", where), name, where),
      publicKey: publicKeyOf(textOf(jwk, "n", where), textOf(jwk, "e", where), where),
      exportable: attributes.exportable === true,
      releasePolicy: policy === undefined ? undefined : releasePolicyOf(textOf(policy, "data", where), where),
      isPolicyImmutable: policy?.immutable === true,
    };
  }

  /** Sets the release policy of one version of a key. */
  async setReleasePolicy(name: string, version: string, policy: ReleasePolicy): Promise<void> {
    const data = Buffer.from(JSON.stringify(policy), "utf8").toString("base64url");
    const body = { release_policy: { contentType: "application/json; charset=utf-8", data } };
    const step = `set the release policy of key '${name}'`;
    await this.send({ method: "PATCH", path: `keys/${name}/${version}`, step, body, idempotent: true });
  }

  /** The secret, or undefined when there is none of this name. @param version @default the current one */
  async secret(name: string, version?: string): Promise<VaultSecret | undefined> {
    const step = `read secret '${name}'`;
    const { status, body, where } = await this.send({
      method: "GET",
      path: version === undefined ? `secrets/${name}` : `secrets/${name}/${version}`,
      step,
      absentCode: "SecretNotFound",
    });
    if (status === 404) {
      return undefined;
    }
    const fields = secretFieldsOf(body, where);
    return { value: secretTextOf(fields, "value", where), tags: textsOf(fields.tags ?? {}, where) };
  }

  /** Versions of a secret that can be read, the oldest first; none where there is no such secret. */
  async secretVersions(name: string): Promise<readonly VaultSecretVersion[]> {
    const step = `list the versions of secret '${name}'`;
    const found: VaultSecretVersion[] = [];
    let next: string | undefined;
    for (let page = 0; page === 0 || next !== undefined; page += 1) {
      const path = `secrets/${name}/versions`;
      const { status, body, where } = await this.send({
        method: "GET",
        path,
        query: next,
        step,
        absentCode: "SecretNotFound",
      });
      if (status === 404) {
        return [];
      }
      const fields = fieldsOf(body, where);
      found.push(...listOf(fields.value ?? [], where).flatMap((item) => versionOf(item, where)));
      next = nextPage(optionalText(fields, "nextLink", where));
      if (page >= MOST_PAGES) {
        throw new UnexpectedAnswerError(`${where}: the list of versions has no end.`);
      }
    }
    return found.sort((a, b) => a.created - b.created || (a.version < b.version ? -1 : 1));
  }

  /** Sets a secret; the vault answers what it keeps now, and only that counts. */
  async setSecret(name: string, value: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const sent = { value, tags, contentType: "application/octet-stream;base64" };
    const step = `set secret '${name}'`;
    const call = { method: "PUT", path: `secrets/${name}`, step, body: sent, secrets: [value] } as const;
    const { body, where } = await this.send(call);
    if (secretTextOf(secretFieldsOf(body, where), "value", where) !== value) {
      throw new UnexpectedAnswerError(
        `${where}: the vault answered another value than was sent. Run \`pulumi up\` again.`,
      );
    }
  }

  protected send({ path, query, ...call }: VaultCall): Promise<Answer> {
    const url = `${this.url.replace(/\/+$/, "")}/${path}?${query ?? `api-version=${API_VERSION}`}`;
    const remedy = forbiddenRemedy(this.kind);
    return oncePermitted(call.step, () => clients[this.kind].send({ ...call, url, remedy }));
  }
}

export type VaultCall = Omit<Call, "url"> & {
  readonly path: string;
  /** @default the version of the interface */
  readonly query?: string | undefined;
};

/** Of a page that goes on only the query is taken: where the vault is, we know. */
function nextPage(link: string | undefined): string | undefined {
  return link === undefined || link === "" ? undefined : link.split("?")[1];
}

/** Nothing for one that was disabled: its value can't be read. */
function versionOf(item: unknown, where: string): readonly VaultSecretVersion[] {
  const fields = fieldsOf(item, where);
  const { enabled = true, created = 0 } = fieldsOf(fields.attributes ?? {}, where);
  const id = textOf(fields, "id", where);
  const version = { version: id.slice(id.lastIndexOf("/") + 1), created: Number(created) };
  return enabled === true ? [{ ...version, tags: textsOf(fields.tags ?? {}, where) }] : [];
}

/** `<vault>/keys/<name>/<version>`: another key's, or one without its version, would be told for ours. */
function keyIdOf(kid: string, name: string, where: string): string {
  const [version = "", of, kind] = kid.split("/").reverse();
  if (!/^[0-9a-z]+$/i.test(version) || of?.toLowerCase() !== name.toLowerCase() || kind !== "keys") {
    throw new UnexpectedAnswerError(`${where}: its key identifier is none of key '${name}'.`);
  }
  return kid;
}

/** The vault hands the policy out as it was given: base64url of JSON. */
function releasePolicyOf(data: string, where: string): ReleasePolicy {
  try {
    return parseJson(Buffer.from(data, "base64url").toString("utf8")) as ReleasePolicy;
  } catch (error) {
    throw new UnexpectedAnswerError(`${where}: its release policy can't be read: ${messageOf(error)}.`);
  }
}

/** What to do about a 403. */
function forbiddenRemedy(kind: keyof typeof clients): NonNullable<Call["remedy"]> {
  const remedy =
    kind === "vault"
      ? "The signed-in identity needs a data role on this vault (Key Vault Crypto Officer for keys, Key Vault Secrets Officer for secrets); ReleaseKey assigns both unless told otherwise."
      : "The signed-in identity needs a local role of this Managed HSM (Managed HSM Crypto User for keys, Crypto Officer to bring a deleted one back, Policy Administrator to give roles): an administrator of the HSM gives them.";
  return (status, _code, said) => (status !== 403 ? undefined : isByNetwork(said) ? ADMIT : remedy);
}
