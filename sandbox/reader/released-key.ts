// The data encryption key, as the attested clean room gets it: the key encryption key is released by its vault against
// an attestation token, and with it the wrapped key, a secret beside it, is unwrapped.
import {
  constants,
  createDecipheriv,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
} from "node:crypto";
import { promisify } from "node:util";
import type { TokenCredential } from "@azure/core-auth";
import { decodeJwt } from "jose";
import type { AttestationService } from "../dataplanes";
import { REWRAP } from "./remedies";
import { Unmet } from "./steps";

/** RFC 5649's initial value for key wrapping with padding. */
const KWP_IV = Buffer.from("A65959A6", "hex");

/** @throws what the vault answers, when the policy is not met or the role is missing */
export async function releaseKey(
  { vaultUrl, name, hostData }: { readonly vaultUrl: string; readonly name: string; readonly hostData: string },
  attestation: AttestationService,
  credential: TokenCredential,
  ca: string,
): Promise<KeyObject> {
  const { KeyClient } = await import("@azure/keyvault-keys");
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "ephemeral", key_ops: ["wrapKey"] };
  const token = await attestation.attest({ hostData, keys: [jwk] });
  const client = new KeyClient(vaultUrl, credential, clientOptions(ca));
  const { value } = await client.releaseKey(name, token, { algorithm: "CKM_RSA_AES_KEY_WRAP" });
  return unwrapReleased(value, privateKey);
}

/** @throws Unmet that says what is wrong with the wrapped key, as far as it can be told */
export async function unwrapDataKey(
  { vaultUrl, name }: { readonly vaultUrl: string; readonly name: string },
  kek: KeyObject,
  credential: TokenCredential,
  ca: string,
): Promise<Buffer> {
  const { SecretClient } = await import("@azure/keyvault-secrets");
  const { value = "" } = await new SecretClient(vaultUrl, credential, clientOptions(ca)).getSecret(name);
  const wrapped = Buffer.from(value, "base64");
  const size = (kek.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (wrapped.length !== size) {
    throw new Unmet(
      `secret ${name} holds ${wrapped.length} bytes in base64, which is no key wrapped by an RSA key of ${size * 8} bits (${size} bytes)`,
      REWRAP,
    );
  }
  const dek = decrypted(kek, wrapped, "sha256");
  if (dek !== undefined) return dek;
  throw new Unmet(
    decrypted(kek, wrapped, "sha1") === undefined
      ? `secret ${name} was wrapped with another key encryption key than the one released, or by another algorithm than RSA-OAEP-256`
      : `secret ${name} was wrapped by RSA-OAEP, with SHA-1, not by RSA-OAEP-256`,
    REWRAP,
  );
}

function decrypted(key: KeyObject, wrapped: Buffer, oaepHash: string): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, wrapped);
  } catch {
    return undefined;
  }
}

function clientOptions(ca: string) {
  return { tlsOptions: { ca }, retryOptions: { maxRetries: 1 }, disableChallengeResourceVerification: true };
}

interface Released {
  readonly response?: { readonly key?: { readonly key?: { readonly key_hsm?: string } } };
}

/** `key_hsm` holds `[RSA-OAEP(AES key)][AES-KWP(PKCS #8)]`. */
function unwrapReleased(jws: string, privateKey: KeyObject): KeyObject {
  const keyHsm = decodeJwt<Released>(jws).response?.key?.key?.key_hsm;
  if (keyHsm === undefined) throw new Error("the vault's answer holds no key");
  const { ciphertext } = JSON.parse(Buffer.from(keyHsm, "base64url").toString("utf8")) as { ciphertext: string };
  const bytes = Buffer.from(ciphertext, "base64url");
  const wrappedSize = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };
  const aes = privateDecrypt({ key: privateKey, ...padding }, bytes.subarray(0, wrappedSize));
  const decipher = createDecipheriv("id-aes256-wrap-pad", aes, KWP_IV);
  const der = Buffer.concat([decipher.update(bytes.subarray(wrappedSize)), decipher.final()]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}
