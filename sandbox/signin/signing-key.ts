// An RSA signing key that is made at first use and kept in a file, with its public half as served to verifiers.
import { createPublicKey, generateKeyPair, type KeyObject, createPrivateKey } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, type JWK } from "jose";
import { readIfThere, replaceFile } from "../files";

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly kid: string;
  /** Public half: `kty`, `n`, `e`, `kid`, `use`, `alg`. */
  readonly jwk: Readonly<JWK>;
}

/** Reads the PEM of `path`, or makes a key of 2,048 bits there. */
export async function openSigningKey(path: string): Promise<SigningKey> {
  const pem = await readIfThere(path);
  return pem === undefined ? newSigningKey(path) : signingKey(createPrivateKey(pem));
}

/** Another key, which takes the old one's place in the file. */
export async function newSigningKey(path: string): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  await replaceFile(path, privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  return signingKey(privateKey);
}

async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const { kty, n, e } = publicKey.export({ format: "jwk" });
  const kid = await calculateJwkThumbprint({ kty, n, e });
  return { privateKey, publicKey, kid, jwk: { alg: "RS256", use: "sig", kty: kty, kid, e, n } };
}
