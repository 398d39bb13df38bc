// Our consent to a document's use.
import type * as pulumi from "@pulumi/pulumi";
import { GovernanceResource } from "./resource";

export interface DocumentConsentArgs {
  /** Namespace of the stack configuration of the collaboration. Another one means another consent. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the document: a dataset's or a query's. Another one means another consent. */
  readonly documentId: pulumi.Input<string>;
  /** Ours. A change is made at once: a query runs only while every approver's consent stands. */
  readonly consent: pulumi.Input<"enabled" | "disabled">;
  /** What deleting does. Caution: `leave` keeps what was enabled or disabled last. @default "leave" */
  readonly onDelete?: pulumi.Input<"leave" | "disable" | "enable">;
  /** Seconds that `up` waits, with progress, for the document to be accepted. @default 0: the next run goes on */
  readonly waitSeconds?: pulumi.Input<number>;
}

/**
 * Whether an accepted document may be used, for our part: the only brake on one, since none can be changed or deleted.
 * Only an approver has a consent. Where somebody of ours changed it elsewhere, the next preview shows it, and `up` mends it.
 */
export class DocumentConsent extends GovernanceResource {
  /** `waiting` while the document is not accepted; else `ready`. */
  declare readonly status: pulumi.Output<"ready" | "waiting">;
  /** What is awaited, in a sentence; empty when nothing is. */
  declare readonly reason: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  declare readonly since: pulumi.Output<string>;
  /** Whether no approver has disabled the document's use. */
  declare readonly usable: pulumi.Output<boolean>;
  /** Object ids of the approvers who have disabled it. */
  declare readonly disabledBy: pulumi.Output<string[]>;

  constructor(name: string, args: DocumentConsentArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = {
      status: undefined,
      reason: undefined,
      since: undefined,
      observed: undefined,
      usable: undefined,
      disabledBy: undefined,
    };
    super("DocumentConsent", name, { ...args, ...observed }, opts);
  }
}
