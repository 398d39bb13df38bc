// What the clean room says now, at preview too: its identity and policy, its datasets and queries.
import type * as pulumi from "@pulumi/pulumi";
import type { CleanRoomDetails, PublishedDataset, ReviewableQuery } from "../provider";
import { ask, type CollaborationOptions } from "./ask";

export type { CleanRoomDetails, PublishedDataset, ReviewableQuery } from "../provider";
export type { CollaborationOptions } from "./ask";

export interface CleanRoomDetailsOptions extends CollaborationOptions {
  /**
   * Seconds to wait, with progress, for the members to accept a clean room policy. 0 fails at once.
   * @default 0
   */
  readonly waitSeconds?: number;
}

/**
 * Identity and security policy of the clean room, as the frontend answers them: what a federated credential has to
 * trust, and to what code a key may be released.
 *
 * Fails where there is no accepted policy, since a key bound to nothing could never be released; where the collaboration
 * is unknown; and where the token is expired, of another tenant, or of somebody who is no collaborator.
 *
 * @example
 * const details = getCleanRoomDetails();
 * export const hostData = details.cleanroomPolicy.hostData;
 */
export function getCleanRoomDetails(options: CleanRoomDetailsOptions = {}): pulumi.Output<CleanRoomDetails> {
  return ask(options, (sources) => sources.cleanRoomDetails(options.waitSeconds));
}

export interface DatasetQuery extends CollaborationOptions {
  /** Name of the dataset, with or without the digest at the end of its document's id. */
  readonly name: string;
  /** Object id of its owner, where several have datasets of that name. @default anybody's */
  readonly ownerId?: string;
}

/** A published dataset of the collaboration, found by its name. Fails, listing what there is, when it is not there. */
export function getDataset(query: DatasetQuery): pulumi.Output<PublishedDataset> {
  return ask(query, (sources) => sources.dataset(query.name, query.ownerId));
}

export interface QueryLookup extends CollaborationOptions {
  /** Id of the query's document. */
  readonly documentId: string;
}

/**
 * A query as a reviewer sees it, with the digest that `propose` and `QueryApproval` name. Undefined while there is none,
 * so that a program can run before its counterpart has.
 */
export function getQuery(lookup: QueryLookup): pulumi.Output<ReviewableQuery | undefined> {
  return ask(lookup, (sources) => sources.query(lookup.documentId));
}
