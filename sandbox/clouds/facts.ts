// What the data planes and the reader may know of the clouds' resources: plain values, taken from the records.

/** Which public addresses an account or a vault lets in. */
export interface NetworkFacts {
  readonly defaultAction: "Allow" | "Deny";
  /** IPv4 addresses and ranges that are let in whatever the default is. */
  readonly ranges: readonly string[];
  /** Has a private endpoint: who stands in its network is let in whatever the rules are. */
  readonly privately?: boolean;
}

export interface VaultFacts {
  readonly name: string;
  /** ARM resource id. */
  readonly id: string;
  readonly owner: string;
  readonly tenantId: string;
  readonly sku: "standard" | "premium";
  readonly rbac: boolean;
  /** What was deleted can be recovered, but not purged, until its days are over. */
  readonly purgeProtection: boolean;
  /** Days for which a deleted object, or the deleted vault, is kept. */
  readonly retentionDays: number;
  /** Left out: every network is let in. */
  readonly network?: NetworkFacts;
}

export interface AccountFacts {
  readonly name: string;
  /** ARM resource id. */
  readonly id: string;
  readonly owner: string;
  readonly tenantId: string;
  /** Left out: every network is let in. */
  readonly network?: NetworkFacts;
  /** Its containers have directories (Data Lake Storage Gen2). */
  readonly hierarchical?: boolean;
  /** Whether containers of it may be open to anybody. @default false */
  readonly allowsPublicAccess?: boolean;
}

export interface ContainerFacts {
  readonly account: string;
  readonly name: string;
  /** ARM resource id. */
  readonly id: string;
  /** What anybody may read without signing in: its blobs, with `Container` also their list. @default "None" */
  readonly publicAccess?: "None" | "Blob" | "Container";
}

export interface FederatedCredentialFacts {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** A managed identity, or an application with its service principal. */
export interface IdentityFacts {
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  readonly credentials: readonly FederatedCredentialFacts[];
}

export interface RoleAssignmentFacts {
  /** ARM id; comparison knows no upper and lower case. */
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
}

export interface BucketFacts {
  readonly name: string;
  readonly owner: string;
  /** AWS account that the bucket belongs to. */
  readonly account: string;
  readonly region: string;
  /** ISO 8601. @default not said */
  readonly created?: string;
  /** The bucket's own policy, as JSON text. */
  readonly policy?: string;
}

export interface AccessKeyFacts {
  readonly user: string;
  /** `arn:aws:iam::<account>:user/<path><name>` */
  readonly userArn: string;
  /** AWS account that the user belongs to. */
  readonly account: string;
  readonly secret: string;
  readonly status: "Active" | "Inactive";
  /** The user's inline policies, as JSON text. */
  readonly policies: readonly string[];
}
