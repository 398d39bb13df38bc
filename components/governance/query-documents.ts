// The three resources that a query's way consists of: draft, proposal, and (of another collaborator) amendment.
import type * as pulumi from "@pulumi/pulumi";
import { GovernanceResource } from "./resource";

/** One step of a query. */
export interface SegmentArgs {
  /** When it runs: a whole number from 0 on. Lower ones run first, equal ones in parallel. */
  readonly sequence: number;
  /** Spark SQL over the views. */
  readonly sql: pulumi.Input<string>;
  /** Smallest number of rows a view must have, or the segment does not run: `{ sales: 100 }`. @default none */
  readonly preConditions?: Readonly<Record<string, number>>;
  /** Smallest value a column must have, or the row is dropped from the result: `{ buyers: 10 }`. @default none */
  readonly postFilters?: Readonly<Record<string, number>>;
}

/** A dataset under the name by which the SQL reads or writes it. */
export interface DatasetViewArgs {
  /** Id of the dataset's document. */
  readonly documentId: pulumi.Input<string>;
  /** Letters, digits and '_'. */
  readonly view: string;
}

export interface QueryDraftArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the query's document. Another one makes another draft. */
  readonly documentId: pulumi.Input<string>;
  /** The SQL, in steps. A change updates the draft. */
  readonly segments: readonly SegmentArgs[];
  /** Datasets it reads. A change updates the draft. */
  readonly inputs: readonly DatasetViewArgs[];
  /** Dataset it writes to. A change updates the draft. */
  readonly output: DatasetViewArgs;
  /** Digest of what the author agreed to: a document with it is theirs, whoever wrote the last change. @default none: only our own text is ours */
  readonly reviewed?: pulumi.Input<string>;
  /** What to do with another collaborator's text where ours would go. @default "refuse" */
  readonly onConflict?: pulumi.Input<"refuse" | "overwrite">;
  /**
   * Takes over a document that exists already, and writes nothing. Another text than ours is refused, in preview, with
   * the difference.
   * @default false: written where it is missing
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/** A query's draft. Update writes from the version last read only. Delete leaves it: governance deletes nothing. */
export class QueryDraft extends GovernanceResource {
  /** Digest of all that an approver agrees to: text, approvers, datasets. */
  declare readonly digest: pulumi.Output<string>;
  /** Object ids of those who must accept it. */
  declare readonly approvers: pulumi.Output<string[]>;
  /** Object id of each dataset's owner, by the dataset's document id. */
  declare readonly owners: pulumi.Output<Record<string, string>>;
  /** Whether the text in governance is another than this program's. */
  declare readonly amendedByOthers: pulumi.Output<boolean>;
  /** Who wrote the text that is there, as far as it can be known: governance records no author of a draft's change. */
  declare readonly lastChangedBy: pulumi.Output<"this program" | "another collaborator">;

  constructor(name: string, args: QueryDraftArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = {
      contractId: undefined,
      version: undefined,
      textDigest: undefined,
      digest: undefined,
      approvers: undefined,
      owners: undefined,
      amendedByOthers: undefined,
      lastChangedBy: undefined,
    };
    super("QueryDraft", name, { ...args, ...observed }, opts);
  }
}

export interface QueryProposalArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the query's document. Another one makes another proposal. */
  readonly documentId: pulumi.Input<string>;
  /** Digest of the content to propose; without it the query stays a draft. @default none: not proposed */
  readonly digest?: pulumi.Input<string>;
  /** Seconds that `up` waits, with progress, for the approvers' votes. @default 0: the next run goes on */
  readonly waitSeconds?: pulumi.Input<number>;
}

/** The proposal of a draft, with our own vote where we are an approver. Delete withdraws it while it is open. */
export class QueryProposal extends GovernanceResource {
  /** Id of the open or decided proposal; empty before there is one. */
  declare readonly proposalId: pulumi.Output<string>;
  /** What became of it; `Draft` before it is proposed, and after it is withdrawn. */
  declare readonly state: pulumi.Output<"Draft" | "Proposed" | "Accepted" | "Rejected">;
  /** `ready` once it is accepted, `rejected` once an approver said no, else `waiting`. */
  declare readonly status: pulumi.Output<"ready" | "waiting" | "rejected">;
  /** What is awaited, in a sentence; empty when nothing is. */
  declare readonly reason: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  declare readonly since: pulumi.Output<string>;
  /** Whether others may still change the text: anybody's change to a draft is taken, until it is proposed. */
  declare readonly amendable: pulumi.Output<boolean>;
  /** Object ids of those who must accept. */
  declare readonly approvers: pulumi.Output<string[]>;
  /** Object ids of those who have accepted. */
  declare readonly accepted: pulumi.Output<string[]>;
  /** Object ids of those whose vote is missing. */
  declare readonly awaited: pulumi.Output<string[]>;

  constructor(name: string, args: QueryProposalArgs, opts?: pulumi.CustomResourceOptions) {
    const observed = {
      proposalId: undefined,
      state: undefined,
      status: undefined,
      reason: undefined,
      since: undefined,
      amendable: undefined,
      approvers: undefined,
      accepted: undefined,
      awaited: undefined,
    };
    super("QueryProposal", name, { ...args, ...observed }, opts);
  }
}
