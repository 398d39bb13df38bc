// Our part of another collaborator's query.
import type * as pulumi from "@pulumi/pulumi";
import type { SegmentArgs } from "../governance/query-documents";
import { GovernanceResource } from "../governance/resource";

export interface QueryAmendmentArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the query's document. */
  readonly documentId: pulumi.Input<string>;
  /** Ours: they replace the draft's segments of the same sequences; all others stay. A change amends again. */
  readonly segments: readonly SegmentArgs[];
  /** Seconds that `up` waits, with progress, for a draft to amend. @default 0: the next run goes on */
  readonly waitSeconds?: pulumi.Input<number>;
}

/**
 * An amendment of a draft. While there is no draft it is `waiting`, and the next `up` goes on. What somebody else wrote
 * meanwhile is never overwritten. Delete leaves the draft as it is.
 */
export class QueryAmendment extends GovernanceResource {
  /** `waiting` while there is no draft to amend, or a proposal is open; else `ready`. */
  declare readonly status: pulumi.Output<"ready" | "waiting">;
  /** What is awaited, in a sentence; empty when nothing is. */
  declare readonly reason: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  declare readonly since: pulumi.Output<string>;

  constructor(name: string, args: QueryAmendmentArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = { status: undefined, reason: undefined, since: undefined, textDigest: undefined };
    super("QueryAmendment", name, { ...args, ...observed }, opts);
  }
}
