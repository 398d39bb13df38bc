// Lists of what governance holds: datasets, queries, what waits for votes, and what clean rooms have logged.
import type * as pulumi from "@pulumi/pulumi";
import type { AuditEvent, DatasetEntry, PendingProposal, QueryEntry } from "../provider";
import { ask, type CollaborationOptions } from "./ask";

export type { AuditEvent, DatasetEntry, PendingProposal, QueryEntry } from "../provider";

export interface DocumentsQuery extends CollaborationOptions {
  /** How the document's id begins. @default any */
  readonly namePrefix?: string;
  /** Object id of whoever proposed it. @default anybody's */
  readonly ownerId?: string;
  /**
   * `mine`: what the caller proposed; `others`: what somebody else did. Drafts are neither, since governance does not
   * record their author.
   * @default anybody's
   */
  readonly whose?: "mine" | "others";
}

export interface DatasetsQuery extends DocumentsQuery {
  /** What governance says of it. @default any */
  readonly state?: "Draft" | "Proposed" | "Accepted";
  /** Whether its use is enabled; one request more for each dataset. @default either, and not read */
  readonly inUse?: boolean;
}

/**
 * The collaboration's datasets, sorted by document id: `[{ documentId, state, ownerId, approvers, accepted, awaited,
 * forged, digest, fields, allowedFields, accessMode, problem? }]`.
 *
 * What can't be relied on is in the list and says so: `forged` and `problem` for one that is marked Accepted without its
 * approvers' votes, `problem` alone for one that can't be read. Use those without a `problem`.
 *
 * Fails where governance refuses the caller or does not answer. Reads each document; eight requests at a time.
 *
 * @example
 * const offered = getDatasets({ whose: "others", state: "Accepted", inUse: true });
 * export const datasets = offered.apply((all) => all.filter((each) => each.problem === undefined).map((each) => each.documentId));
 */
export function getDatasets(query: DatasetsQuery = {}): pulumi.Output<readonly DatasetEntry[]> {
  return ask(query, (sources) => sources.datasets(query));
}

export interface QueriesQuery extends DatasetsQuery {
  /** Document id of a dataset that it reads or writes. @default any */
  readonly dataset?: string;
}

/**
 * The collaboration's queries, sorted by document id: `[{ documentId, state, ownerId, proposalId, approvers, accepted,
 * awaited, forged, digest, query, text, problem? }]`. Of an open proposal, all of it is the proposal's copy, which is what
 * gets accepted. `digest` is missing where a dataset of the query can't be relied on, and `problem` says which.
 *
 * @example
 * export const overOurSales = getQueries({ dataset: sales.documentId }).apply((all) => all.map((each) => each.documentId));
 */
export function getQueries(query: QueriesQuery = {}): pulumi.Output<readonly QueryEntry[]> {
  return ask(query, (sources) => sources.queries(query));
}

export interface PendingProposalsQuery extends DocumentsQuery {
  /** Whether the caller's own vote is missing. @default either */
  readonly awaitsMe?: boolean;
  /** What is proposed. @default both */
  readonly type?: "dataset" | "query";
}

/**
 * What waits for votes now: `[{ type, documentId, proposalId, ownerId, approvers, accepted, awaited, awaitsMe, digest, text,
 * problem? }]`. A document that can't be read may be a proposal: it is in the list, without `state` and with `problem`.
 *
 * @example
 * export const toReview = getPendingProposals({ awaitsMe: true });
 */
export function getPendingProposals(query: PendingProposalsQuery = {}): pulumi.Output<readonly PendingProposal[]> {
  return ask(query, (sources) => sources.pendingProposals(query));
}

export interface AuditEventsQuery extends CollaborationOptions {
  /** Log of this scope. @default the one without a scope */
  readonly scope?: string;
  /** Events of this id. @default the contract's own */
  readonly id?: string;
  /** First place in governance's ledger to look at. @default its beginning */
  readonly fromSeqno?: number;
  /** Last place in governance's ledger to look at; past its end is no fault. @default its end */
  readonly toSeqno?: number;
  /** First moment, ISO 8601, by the clean room's clock: `2026-06-30T12:00:00Z`. @default the beginning */
  readonly since?: string;
  /** Last moment, ISO 8601. @default now */
  readonly until?: string;
  /** How many of the newest to answer. @default 100 */
  readonly limit?: number;
}

/**
 * What clean rooms have logged under attestation, oldest first: `[{ scope, id, seqno, time, source, message, data }]`.
 *
 * Governance fetches its ledger in parts of 2,000 places, each of which takes it a second or more, from the newest one
 * backwards until `limit` events are found, or a part has only events from before `since`. Fails after two minutes: ask
 * for less then.
 */
export function getAuditEvents(query: AuditEventsQuery = {}): pulumi.Output<readonly AuditEvent[]> {
  return ask(query, (sources) => sources.auditEvents(query));
}
