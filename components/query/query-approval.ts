// Our vote on a query.
import type * as pulumi from "@pulumi/pulumi";
import { GovernanceResource } from "../governance/resource";

export interface QueryApprovalArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the query's document. */
  readonly documentId: pulumi.Input<string>;
  /**
   * Digest of what was reviewed: text, approvers and datasets (`getQuery`). On every preview governance must hold
   * exactly that, or the run is refused with the difference.
   * @default none: no vote is cast, and `reason` names the digest that waits for review
   */
  readonly digest?: pulumi.Input<string>;
  /** The vote. It can't be changed once it is cast. @default "accept" */
  readonly decision?: pulumi.Input<"accept" | "reject">;
  /** Seconds that `up` waits, with progress, for the query to be proposed. @default 0: the next run goes on */
  readonly waitSeconds?: pulumi.Input<number>;
}

/**
 * Accepts (or rejects) another collaborator's query. Only an approver has a vote; every owner of its datasets must be
 * one. Delete disables our consent to run it: a vote can't be taken back.
 */
export class QueryApproval extends GovernanceResource {
  /** `waiting` until our vote is cast; then `ready`. */
  declare readonly status: pulumi.Output<"ready" | "waiting">;
  /** What is awaited, in a sentence; empty when nothing is. */
  declare readonly reason: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  declare readonly since: pulumi.Output<string>;
  /** `accepted`, `rejected`, or empty while none is cast. */
  declare readonly ballot: pulumi.Output<string>;
  /** Digest of what governance holds for review; empty when there is nothing. */
  declare readonly pendingDigest: pulumi.Output<string>;

  constructor(name: string, args: QueryApprovalArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = {
      status: undefined,
      reason: undefined,
      since: undefined,
      ballot: undefined,
      pendingDigest: undefined,
    };
    super("QueryApproval", name, { ...args, ...observed }, opts);
  }
}
