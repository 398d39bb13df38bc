// A query from its author's side: drafted, then proposed once its author names the digest of what was reviewed.
import * as pulumi from "@pulumi/pulumi";
import { QueryDraft, QueryProposal, type DatasetViewArgs, type SegmentArgs } from "../governance/query-documents";
import { componentOptions, NOT_DELETED_WITH } from "../options";

export interface QueryArgs {
  /** Namespace of the stack configuration of the collaboration. Another one makes another query. @default "cleanroom" */
  readonly collaboration?: pulumi.Input<string>;
  /** Id of the query's document, by which the others name it. Another one makes another query. @default the resource's name */
  readonly documentId?: pulumi.Input<string>;
  /** The SQL, in steps. A change updates the draft; of an open proposal, it withdraws it first. */
  readonly segments: readonly SegmentArgs[];
  /** Datasets it reads; each published and accepted. */
  readonly inputs: readonly DatasetViewArgs[];
  /** Dataset it writes to. */
  readonly output: DatasetViewArgs;
  /**
   * Digest of the draft that was reviewed and is to be proposed: `digest` of this component, or of `getQuery`. It is
   * refused when the draft, its approvers or its datasets changed since.
   * @default not proposed: the draft stays open for others' amendments
   */
  readonly propose?: pulumi.Input<string>;
  /** What to do when another collaborator's text stands where ours would go. @default "refuse" */
  readonly onConflict?: pulumi.Input<"refuse" | "overwrite">;
  /** Takes over a document that exists already, with our text, and writes nothing. @default false: written where it is missing */
  readonly adopt?: pulumi.Input<boolean>;
  /** Seconds that `up` waits, with progress, for the approvers' votes. @default 0: the next run goes on */
  readonly waitSeconds?: pulumi.Input<number>;
}

/**
 * A query over datasets of several owners. Its approvers are the owners of all its datasets, worked out from governance;
 * where the author owns one, the author's own vote is part of the proposal.
 *
 * @example
 * new Query("fabrikam-query", {
 *   segments: [{ sequence: 1, sql: sqlFile(join(__dirname, "query.sql")), postFilters: { buyers: 10 } }],
 *   inputs: [{ documentId: sales.documentId, view: "sales" }],
 *   output: { documentId: results.documentId, view: "results" },
 *   propose: config.get("propose"),
 * });
 */
export class Query extends pulumi.ComponentResource {
  /** Id of the query's document, by which the others name it. */
  readonly documentId: pulumi.Output<string>;
  /** Digest of the draft as it stands in governance: name it in `propose` once it is reviewed. */
  readonly digest: pulumi.Output<string>;
  /** Whether another collaborator changed the draft since it was written here. */
  readonly amendedByOthers: pulumi.Output<boolean>;
  /** Who wrote the text that is there, as far as it can be known: governance records no author of a draft's change. */
  readonly lastChangedBy: pulumi.Output<"this program" | "another collaborator">;
  /** Whether others may still change the text: anybody's change to a draft is taken, until it is proposed. */
  readonly amendable: pulumi.Output<boolean>;
  /** `Draft`, `Proposed`, `Accepted` or `Rejected`. */
  readonly state: pulumi.Output<"Draft" | "Proposed" | "Accepted" | "Rejected">;
  /** Object ids of those who must accept. */
  readonly approvers: pulumi.Output<string[]>;
  /** Object ids of those whose vote is missing. */
  readonly awaited: pulumi.Output<string[]>;
  /** What is awaited, in a sentence; empty when nothing is. */
  readonly waitingFor: pulumi.Output<string>;
  /** Since when (ISO 8601, UTC); empty when nothing is awaited. */
  readonly waitingSince: pulumi.Output<string>;

  constructor(name: string, args: QueryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:index:Query", name, {}, componentOptions("Query", name, opts, NOT_DELETED_WITH));
    const { collaboration, propose, waitSeconds, documentId: given, ...content } = args;
    const documentId = pulumi.output(given).apply((id) => id ?? name);
    const child = { parent: this };
    const draft = new QueryDraft(`${name}-draft`, { collaboration, documentId, reviewed: propose, ...content }, child);
    const proposal = new QueryProposal(
      `${name}-proposal`,
      { collaboration, documentId, digest: propose, waitSeconds },
      { ...child, dependsOn: draft },
    );
    this.documentId = documentId;
    this.digest = draft.digest;
    this.amendedByOthers = draft.amendedByOthers;
    this.lastChangedBy = draft.lastChangedBy;
    this.amendable = proposal.amendable;
    this.state = proposal.state;
    this.approvers = proposal.approvers;
    this.awaited = proposal.awaited;
    this.waitingFor = proposal.reason;
    this.waitingSince = proposal.since;
    this.registerOutputs({
      documentId: this.documentId,
      digest: this.digest,
      amendedByOthers: this.amendedByOthers,
      lastChangedBy: this.lastChangedBy,
      amendable: this.amendable,
      state: this.state,
      approvers: this.approvers,
      awaited: this.awaited,
      waitingFor: this.waitingFor,
      waitingSince: this.waitingSince,
    });
  }
}
