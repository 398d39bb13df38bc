// What a key vault holds, as it is kept and as it travels. One store serves ARM's keys and the data plane's.
import type { JsonWebKey } from "node:crypto";

export type ObjectKind = "keys" | "secrets";

interface Attributes {
  readonly enabled: boolean;
  /** Seconds since 1970, as all times here. */
  readonly created: number;
  readonly updated: number;
  readonly nbf?: number;
  readonly exp?: number;
  readonly exportable?: boolean;
}

/** `data` is the policy's JSON in base64url. */
export interface EncodedReleasePolicy {
  readonly contentType: string;
  readonly data: string;
  readonly immutable?: boolean;
}

interface Version {
  readonly version: string;
  readonly attributes: Attributes;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface KeyVersion extends Version {
  readonly kty: "RSA" | "RSA-HSM";
  readonly keyOps: readonly string[];
  /** With the private parts. */
  readonly jwk: JsonWebKey;
  readonly releasePolicy?: EncodedReleasePolicy;
}

export interface SecretVersion extends Version {
  readonly value: string;
  readonly contentType?: string;
}

/** All versions of one name, oldest first; a soft-deleted object keeps them until it is purged or recovered. */
export interface VaultObject<V> {
  readonly versions: readonly V[];
  readonly deletedOn?: number;
}

export interface ObjectOf {
  readonly keys: KeyVersion;
  readonly secrets: SecretVersion;
}
