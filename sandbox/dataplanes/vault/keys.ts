// Keys of a vault: made, read, changed and used. RSA, in software or (Premium) in the module; what the sandbox does not
// model is refused by name.
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { promisify } from "node:util";
import { badParameter, forbidden, isDeleted, notFound } from "./errors";
import type { KeyRequest, VaultFacts } from "../../clouds";
import type { EncodedReleasePolicy, KeyVersion } from "./model";
import { readReleasePolicy } from "./release-policy";
import type { VaultStore } from "./store";

/** What PATCH may change; what is left out stays. */
export type KeyUpdate = Pick<KeyRequest, "keyOps" | "attributes" | "releasePolicy" | "tags">;

const OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
const NAME = /^[0-9a-zA-Z-]{1,127}$/;
const generate = promisify(generateKeyPair);

export class Keys {
  constructor(
    private readonly store: VaultStore,
    private readonly now: () => number,
  ) {}

  /** Makes a new version, of a new key or of one that is there. */
  async create(vault: VaultFacts, name: string, request: KeyRequest): Promise<KeyVersion> {
    if (!NAME.test(name)) throw badParameter(`The key name ${JSON.stringify(name)} must match ${NAME.source}`);
    if (this.store.find("keys", vault.name, name)?.deletedOn !== undefined) throw isDeleted("keys", name);
    const { kty, keySize = 2048, attributes = {}, releasePolicy, tags } = request;
    if (kty !== "RSA" && kty !== "RSA-HSM") {
      throw badParameter(`The sandbox does not model keys of type ${JSON.stringify(kty)}: RSA and RSA-HSM only`);
    }
    if (kty === "RSA-HSM" && vault.sku !== "premium") {
      throw badParameter(`The vault ${vault.name} is of SKU standard: RSA-HSM keys need a premium one`);
    }
    if (![2048, 3072, 4096].includes(keySize)) throw badParameter(`Key size ${keySize} is not 2048, 3072 or 4096`);
    const keyOps = checkOperations(request.keyOps ?? OPERATIONS);
    checkExportable(kty, attributes.exportable, releasePolicy);
    const pair = await generate("rsa", { modulusLength: keySize });
    const time = this.now();
    const version: KeyVersion = {
      version: randomBytes(16).toString("hex"),
      kty,
      keyOps,
      jwk: pair.privateKey.export({ format: "jwk" }),
      attributes: { enabled: true, ...defined(attributes), created: time, updated: time },
      releasePolicy: releasePolicy && { immutable: false, ...releasePolicy },
      tags,
    };
    await this.store.put("keys", vault.name, name, version);
    return version;
  }

  /** @param version empty or left out: the current one */
  get(vault: VaultFacts, name: string, version?: string): KeyVersion {
    const versions = this.versions(vault, name);
    const found = version ? versions.find((each) => each.version === version) : versions.at(-1);
    if (found === undefined) throw notFound("keys", version ? `${name}/${version}` : name);
    return found;
  }

  versions(vault: VaultFacts, name: string): readonly KeyVersion[] {
    const key = this.store.find("keys", vault.name, name);
    if (key === undefined || key.deletedOn !== undefined) throw notFound("keys", name);
    return key.versions;
  }

  async update(vault: VaultFacts, name: string, version: string | undefined, change: KeyUpdate): Promise<KeyVersion> {
    const old = this.get(vault, name, version);
    const { attributes = {}, releasePolicy, keyOps, tags } = change;
    if (attributes.exportable !== undefined && attributes.exportable !== (old.attributes.exportable ?? false)) {
      throw badParameter(`exportable of key ${name} cannot be changed after its creation`);
    }
    if (releasePolicy !== undefined) {
      if (old.releasePolicy?.immutable === true) {
        throw badParameter(`The release policy of key ${name} is immutable`);
      }
      checkExportable(old.kty, old.attributes.exportable, releasePolicy);
    }
    const next: KeyVersion = {
      ...old,
      keyOps: keyOps === undefined ? old.keyOps : checkOperations(keyOps),
      attributes: { ...old.attributes, ...defined(attributes), updated: this.now() },
      releasePolicy: releasePolicy === undefined ? old.releasePolicy : { immutable: false, ...releasePolicy },
      tags: tags ?? old.tags,
    };
    await this.store.put("keys", vault.name, name, next);
    return next;
  }

  /** A key that may be used now for `operation`. @throws ServiceError 403 when it is disabled, not valid yet or no more, or lacks the operation */
  usable(vault: VaultFacts, name: string, version: string, operation: string): KeyVersion {
    const key = this.get(vault, name, version);
    const { enabled, nbf, exp } = key.attributes;
    if (!enabled) throw forbidden("KeyDisabled", `Operation ${operation} is not allowed on a disabled key.`);
    if (nbf !== undefined && this.now() < nbf) {
      throw forbidden(
        "KeyNotYetValid",
        `Operation ${operation} is not allowed: key ${name} is not valid before ${nbf}.`,
      );
    }
    if (exp !== undefined && this.now() >= exp) {
      throw forbidden("KeyExpired", `Operation ${operation} is not allowed: key ${name} expired at ${exp}.`);
    }
    if (OPERATIONS.includes(operation) && !key.keyOps.includes(operation)) {
      throw forbidden("KeyOperationForbidden", `Operation ${operation} is not permitted on this key.`);
    }
    return key;
  }
}

/** Encrypts or decrypts with a key; wrapping and unwrapping are the same operations on a key's bytes. */
export function apply(key: KeyVersion, direction: "encrypt" | "decrypt", algorithm: string, input: Buffer): Buffer {
  const padding = paddingOf(algorithm);
  try {
    return direction === "encrypt"
      ? publicEncrypt({ key: createPublicKey({ key: key.jwk, format: "jwk" }), ...padding }, input)
      : privateDecrypt({ key: createPrivateKey({ key: key.jwk, format: "jwk" }), ...padding }, input);
  } catch {
    throw badParameter(`The value, ${input.length} bytes, cannot be ${direction}ed with this key and ${algorithm}`);
  }
}

function paddingOf(algorithm: string): { padding: number; oaepHash?: string } {
  if (algorithm === "RSA-OAEP-256") return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  if (algorithm === "RSA-OAEP") return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };
  if (algorithm === "RSA1_5") return { padding: constants.RSA_PKCS1_PADDING };
  throw badParameter(`Algorithm ${JSON.stringify(algorithm)} is not RSA-OAEP-256, RSA-OAEP or RSA1_5`);
}

function checkOperations(given: readonly string[]): readonly string[] {
  const unknown = given.find((each) => !OPERATIONS.includes(each));
  if (unknown !== undefined)
    throw badParameter(`key_ops: ${JSON.stringify(unknown)} is not one of ${OPERATIONS.join(", ")}`);
  return given;
}

/** A key leaves the vault only under a policy, and only out of the module. */
function checkExportable(kty: string, exportable: boolean | undefined, policy: EncodedReleasePolicy | undefined): void {
  if (policy !== undefined) readReleasePolicy(policy);
  if (exportable === true && policy === undefined) {
    throw badParameter("An exportable key must have a release policy");
  }
  if (exportable !== true && policy !== undefined) {
    throw badParameter("A key with a release policy must be exportable");
  }
  if (exportable === true && kty !== "RSA-HSM") {
    throw badParameter(`Only keys of the module (RSA-HSM) can be exportable, not ${kty}`);
  }
}

/** Without the fields that were given as undefined, which would hide those below them. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
