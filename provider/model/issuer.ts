// What an issuer of tokens publishes (OpenID Connect Discovery 1.0): its discovery document, and the keys that its tokens
// are signed with.
import { canonicalJson } from "./canonical";

/** The public half of a signing key (RFC 7517). */
export interface SigningKey {
  readonly kid: string;
  readonly kty: string;
  readonly use?: string;
  readonly alg?: string;
  readonly n?: string;
  readonly e?: string;
}

/** Where both documents are, below the issuer's URL; the second as the clean room's own scripts place it. */
export const DISCOVERY_PATH = ".well-known/openid-configuration";
export const KEYS_PATH = "openid/v1/jwks";

export interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
}

export function discoveryOf(issuerUrl: string): Discovery & Readonly<Record<string, unknown>> {
  return {
    issuer: issuerUrl,
    jwks_uri: `${issuerUrl}/${KEYS_PATH}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

const MEMBERS = ["kid", "kty", "use", "alg", "n", "e"] as const;

/** The keys without what is null, in the order of their ids: the same keys are the same text. */
export function signingKeysOf(keys: readonly Readonly<Record<string, unknown>>[]): readonly SigningKey[] {
  return keys
    .map((key) =>
      Object.fromEntries(MEMBERS.flatMap((name) => (typeof key[name] === "string" ? [[name, key[name]]] : []))),
    )
    .map((key) => key as unknown as SigningKey)
    .sort((a, b) => (a.kid < b.kid ? -1 : 1));
}

/** Whether both sets verify the same tokens: ids and key material; hints of use count for nothing. */
export function sameKeys(some: readonly SigningKey[], others: readonly SigningKey[]): boolean {
  const material = (keys: readonly SigningKey[]): string =>
    canonicalJson(signingKeysOf([...keys] as never).map(({ kid, kty, n, e }) => ({ kid, kty, n, e })));
  return material(some) === material(others);
}

export const kidsOf = (keys: readonly SigningKey[]): string => keys.map(({ kid }) => kid).join(", ") || "none";
