// Where the clouds' control plane meets the data planes: ARM makes a vault, a key or a container, and whoever serves
// them is asked first and says where they are. A hook that throws a ServiceError refuses the operation with it.
import type { AccountFacts, BucketFacts, ContainerFacts, VaultFacts } from "./facts";

/** ARM's PUT of a key. */
export interface KeyRequest {
  readonly kty: string;
  readonly keySize?: number;
  readonly keyOps?: readonly string[];
  /** Times in seconds since 1970. */
  readonly attributes?: {
    readonly enabled?: boolean;
    readonly exportable?: boolean;
    readonly nbf?: number;
    readonly exp?: number;
  };
  /** `data` is the policy's JSON in base64url. */
  readonly releasePolicy?: { readonly contentType: string; readonly data: string };
  readonly tags?: Readonly<Record<string, string>>;
}

interface ObjectAttributes {
  readonly enabled: boolean;
  readonly created: number;
  readonly updated: number;
  readonly nbf?: number;
  readonly exp?: number;
}

/** The current version of a key as the data plane holds it. */
export interface KeyFacts {
  readonly keyUri: string;
  readonly keyUriWithVersion: string;
  readonly kty: string;
  readonly keySize: number;
  readonly keyOps: readonly string[];
  readonly attributes: ObjectAttributes & { readonly exportable?: boolean; readonly recoveryLevel: string };
  readonly releasePolicy?: { readonly contentType?: string; readonly data: string };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SecretRequest {
  readonly value: string;
  readonly contentType?: string;
  readonly attributes?: { readonly enabled?: boolean; readonly nbf?: number; readonly exp?: number };
  readonly tags?: Readonly<Record<string, string>>;
}

/** The current version of a secret; never its value. */
export interface SecretFacts {
  readonly secretUri: string;
  readonly secretUriWithVersion: string;
  readonly contentType?: string;
  readonly attributes: ObjectAttributes;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface CloudHooks {
  /** A new vault, or one recovered from deletion with what it held. */
  vaultCreated(vault: VaultFacts): Promise<{ readonly vaultUri: string }>;
  /** Soft-deleted: its content is kept. */
  vaultDeleted(vault: VaultFacts): Promise<void>;
  /** Its retention is over, and the name is taken again: its content is gone. */
  vaultPurged(vaultName: string): Promise<void>;
  /** Makes the key, or answers the one that is there, unchanged. */
  keyPut(vault: VaultFacts, name: string, request: KeyRequest): Promise<KeyFacts>;
  keyRead(vault: VaultFacts, name: string): Promise<KeyFacts | undefined>;
  /** Brings a soft-deleted key back; nothing to do when there is none. */
  keyRecovered(vault: VaultFacts, name: string): Promise<void>;
  /** Soft-deletes; nothing to do when it is not there. */
  keyDeleted(vault: VaultFacts, name: string): Promise<void>;
  /** Adds a version when the value is another one. */
  secretPut(vault: VaultFacts, name: string, request: SecretRequest): Promise<SecretFacts>;
  secretRead(vault: VaultFacts, name: string): Promise<SecretFacts | undefined>;
  secretRecovered(vault: VaultFacts, name: string): Promise<void>;
  secretDeleted(vault: VaultFacts, name: string): Promise<void>;
  /** The account's endpoints for blobs and for Data Lake Storage, with their slash at the end. */
  accountCreated(account: AccountFacts): Promise<{ readonly blob: string; readonly dfs: string }>;
  accountDeleted(account: AccountFacts): Promise<void>;
  containerCreated(container: ContainerFacts): Promise<void>;
  containerDeleted(container: ContainerFacts): Promise<void>;
  bucketCreated(bucket: BucketFacts): Promise<void>;
  /** @throws ServiceError 409 BucketNotEmpty when it holds objects and `force` is not set */
  bucketDeleted(bucket: BucketFacts, force: boolean): Promise<void>;
}
