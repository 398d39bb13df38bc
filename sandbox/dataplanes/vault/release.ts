// Secure key release: a key leaves the vault wrapped for whoever proves, by an attestation token of an authority that
// the key's policy names, to be what the policy asks for. Wrapping: CKM_RSA_AES_KEY_WRAP of PKCS #11, that is a fresh
// AES-256 key under RSA-OAEP, and under that key (AES-KWP, RFC 5649) the private key as PKCS #8.
import {
  constants,
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { JWTPayload } from "jose";
import { claims as claimsOf, type Trust, UntrustedToken } from "../trust";
import { badParameter, forbidden } from "./errors";
import type { KeyVersion } from "./model";
import { readReleasePolicy, unmet } from "./release-policy";

type ReleaseAlgorithm = "CKM_RSA_AES_KEY_WRAP" | "RSA_AES_KEY_WRAP_256" | "RSA_AES_KEY_WRAP_384";

const oaepHash: Readonly<Record<ReleaseAlgorithm, string>> = {
  CKM_RSA_AES_KEY_WRAP: "sha1",
  RSA_AES_KEY_WRAP_256: "sha256",
  RSA_AES_KEY_WRAP_384: "sha384",
};

/** RFC 5649's initial value for key wrapping with padding. */
const KWP_IV = Buffer.from("A65959A6", "hex");

export function releaseAlgorithm(value: unknown): ReleaseAlgorithm {
  if (value === undefined) return "CKM_RSA_AES_KEY_WRAP";
  if (typeof value === "string" && value in oaepHash) return value as ReleaseAlgorithm;
  throw badParameter(`enc ${JSON.stringify(value)} is not one of ${Object.keys(oaepHash).join(", ")}`);
}

/**
 * The key to wrap for, out of the attestation token.
 * @throws ServiceError 403 when the key is not exportable, the token is not of an authority of the policy, or its claims
 * are not those that the policy asks for
 */
export async function authoriseRelease(key: KeyVersion, token: string, trust: Trust): Promise<JsonWebKey> {
  if (key.attributes.exportable !== true || key.releasePolicy === undefined) {
    throw forbidden(
      "KeyNotExportable",
      "The key is not exportable, or has no release policy: it never leaves the vault.",
    );
  }
  const claims = await verifiedClaims(key.releasePolicy, token, trust);
  const { keys } = (claims["x-ms-runtime"] ?? {}) as { keys?: readonly JsonWebKey[] };
  const target = keys?.find((each) => each.kty === "RSA" && typeof each.n === "string" && typeof each.e === "string");
  if (target === undefined) throw badParameter("The attestation token has no RSA key in x-ms-runtime.keys to wrap for");
  return target;
}

async function verifiedClaims(
  policy: NonNullable<KeyVersion["releasePolicy"]>,
  token: string,
  trust: Trust,
): Promise<JWTPayload> {
  const refuse = (why: string): Error => forbidden("AccessDenied", `Key release is refused: ${why}`);
  const authorities = readReleasePolicy(policy);
  try {
    const issuer = claimsOf(token).iss ?? "";
    const named = authorities.filter(({ authority }) => trimmed(authority) === trimmed(issuer));
    if (named.length === 0) {
      const known = authorities.map(({ authority }) => authority).join(", ");
      throw refuse(`the attestation token was issued by ${issuer}, which is not an authority of the policy (${known})`);
    }
    const claims = await trust.verify(token, { issuer });
    const failures = named.map(({ condition }) => unmet(condition, claims));
    if (failures.every((each) => each.length > 0)) {
      throw refuse(
        `the attestation token's claims do not meet the policy: ${[...new Set(failures.flat())].join(", ")}`,
      );
    }
    return claims;
  } catch (error) {
    if (error instanceof UntrustedToken) throw refuse(`the attestation token is not accepted: ${error.message}`);
    throw error;
  }
}

/** `[RSA-OAEP(AES key)][AES-KWP(PKCS #8)]`, for the holder of `target`'s private key. */
export function wrapKey(key: KeyVersion, target: JsonWebKey, algorithm: ReleaseAlgorithm): Buffer {
  const plain = createPrivateKey({ key: key.jwk, format: "jwk" }).export({ format: "der", type: "pkcs8" });
  const aes = randomBytes(32);
  const cipher = createCipheriv("id-aes256-wrap-pad", aes, KWP_IV);
  const wrapped = Buffer.concat([cipher.update(plain), cipher.final()]);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: oaepHash[algorithm] };
  const recipient = createPublicKey({ key: { kty: "RSA", n: target.n, e: target.e }, format: "jwk" });
  return Buffer.concat([publicEncrypt({ key: recipient, ...padding }, aes), wrapped]);
}

const trimmed = (url: string): string => url.replace(/\/+$/, "").toLowerCase();
