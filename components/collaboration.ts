// What the clean room says now, at preview too: its identity and policy, its datasets and queries.
import * as pulumi from "@pulumi/pulumi";
import type { CleanRoomDetails, PublishedDataset, ReviewableQuery, Sources } from "../provider";
import { loadProvider } from "./provider";

export type { CleanRoomDetails, PublishedDataset, ReviewableQuery } from "../provider";

/** Which collaboration is meant. */
export interface CollaborationOptions {
  /**
   * Namespace of the stack configuration that says where its services are (`frontendUrl`, `governanceUrl`,
   * `collaborationId`, `contractId`, `token`). A second collaboration has a namespace of its own.
   * @default "cleanroom"
   */
  readonly collaboration?: string;
}

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

function ask<T>(
  { collaboration = "cleanroom" }: CollaborationOptions,
  question: (sources: Sources) => Promise<T>,
): pulumi.Output<T> {
  const answer = async (): Promise<T> => {
    try {
      return await question(sourcesOf(collaboration));
    } catch (error) {
      throw shown(error);
    }
  };
  return pulumi.output(answer()) as pulumi.Output<T>;
}

/**
 * One for each collaboration and configuration, so that what several questions have in common is asked once. Several
 * stacks may run in one process (Automation API): each has its own configuration.
 */
const asked = new Map<string, Sources>();

function sourcesOf(collaboration: string): Sources {
  const key = JSON.stringify([collaboration, pulumi.runtime.allConfig()]);
  const sources = asked.get(key) ?? loadProvider().sources(collaboration, (name) => pulumi.runtime.getConfig(name));
  asked.set(key, sources);
  return sources;
}

const shownAs = new WeakMap<Error, pulumi.RunError>();

/** A RunError is shown by its message alone, without our stack; the same error is the same RunError, so it shows once. */
function shown(error: unknown): pulumi.RunError {
  const key = error instanceof Error ? error : new Error(String(error));
  const known = shownAs.get(key) ?? new pulumi.RunError(key.message);
  shownAs.set(key, known);
  return known;
}
