// A public key to wrap data keys with: one that is too small would fail late, one with a weak exponent would hide nothing.
import { createPublicKey, type KeyObject } from "node:crypto";
import { messageOf } from "../errors";
import { UnexpectedAnswerError } from "./shape";

/** The smallest that a vault makes (Key Vault documentation, key types). */
const SMALLEST_BITS = 2_048;
/** What vaults use; a smaller one may leave a wrapped key readable. */
const SMALLEST_EXPONENT = 65_537n;

/**
 * @param n modulus, base64url
 * @param e public exponent, base64url
 * @throws UnexpectedAnswerError that says what is wrong with it
 */
export function publicKeyOf(n: string, e: string, where: string): KeyObject {
  const key = readKey(n, e, where);
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < SMALLEST_BITS) {
    throw new UnexpectedAnswerError(
      `${where}: its public key has ${modulusLength} bits; fewer than ${SMALLEST_BITS} can't wrap a data key safely.`,
    );
  }
  if (publicExponent < SMALLEST_EXPONENT || publicExponent % 2n === 0n) {
    throw new UnexpectedAnswerError(
      `${where}: its public key has the exponent ${publicExponent}; an odd one of at least ${SMALLEST_EXPONENT} is expected.`,
    );
  }
  return key;
}

function readKey(n: string, e: string, where: string): KeyObject {
  try {
    return createPublicKey({ format: "jwk", key: { kty: "RSA", n, e } });
  } catch (error) {
    throw new UnexpectedAnswerError(`${where}: its public key is none that can encrypt (${messageOf(error)}).`);
  }
}
