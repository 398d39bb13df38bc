// Datasets and queries of the collaboration, as governance shows them to us now.
import type { UserDocument } from "../../contract";
import { ContentMismatchError } from "../errors";
import type { Dataset } from "../model/dataset";
import { datasetDigest } from "../model/dataset";
import { queryLines } from "../model/difference";
import type { QueryContent } from "../model/query";
import type { CleanRoom } from "../services/clean-room";
import { datasetOf, requireVotes, reviewOf } from "../services/documents";

export interface PublishedDataset {
  readonly documentId: string;
  readonly digest: string;
  /** Object id of its owner. */
  readonly ownerId: string;
  readonly fields: Dataset["datasetSchema"]["fields"];
  readonly allowedFields: readonly string[];
  readonly accessMode: "read" | "write";
}

export interface ReviewableQuery {
  readonly documentId: string;
  readonly state: "Draft" | "Proposed" | "Accepted";
  /** What `propose` and `QueryApproval` name. */
  readonly digest: string;
  readonly query: QueryContent;
  /** The query as a reviewer reads it, line by line; the engine shows the whole of a list, and of a text three lines. */
  readonly text: readonly string[];
  readonly approvers: readonly string[];
  /** Object ids of the approvers who have accepted. */
  readonly accepted: readonly string[];
}

/**
 * The accepted dataset of this name, whatever digest its id ends in; `owner` narrows it down. Of several versions, the
 * one whose use is not disabled is meant.
 */
export async function findDataset(room: CleanRoom, name: string, owner?: string): Promise<PublishedDataset> {
  await room.verify();
  const ids = (await room.governance.documents("dataset")).map(({ id }) => id);
  const versions = ids.filter(
    (id) => id === name || (id.startsWith(`${name}-`) && /^-[0-9a-f]{12}$/.test(id.slice(name.length))),
  );
  const documents = (await Promise.all(versions.map((id) => room.governance.document(id)))).filter(
    (document) => document?.state === "Accepted" && (owner === undefined || document.proposerId === owner),
  ) as UserDocument[];
  const usable = documents.length > 1 ? await withConsent(room, documents) : documents;
  const document = usable[0];
  if (document === undefined) {
    throw new ContentMismatchError(
      `Dataset '${name}' is not published${owner === undefined ? "" : ` by ${owner}`}. Published are: ${ids.join(", ") || "none yet"}. Correct the name, or ask its owner to publish it.`,
    );
  }
  if (usable.length > 1) {
    throw new ContentMismatchError(
      `Dataset '${name}' has several versions in use: ${usable.map(({ id }) => id).join(", ")}. Name one of them in full.`,
    );
  }
  requireVotes(document);
  const dataset = datasetOf(document);
  return {
    documentId: document.id,
    digest: datasetDigest(dataset),
    ownerId: document.proposerId ?? "",
    fields: dataset.datasetSchema.fields,
    allowedFields: dataset.datasetAccessPolicy.allowedFields,
    accessMode: dataset.datasetAccessPolicy.accessMode,
  };
}

async function withConsent(room: CleanRoom, documents: readonly UserDocument[]): Promise<readonly UserDocument[]> {
  const consents = await Promise.all(documents.map(({ id }) => room.governance.consent(id)));
  return documents.filter((_, index) => consents[index]?.enabled === true);
}

/** The query as a reviewer sees it, or undefined while there is none of this id. */
export async function readQuery(room: CleanRoom, documentId: string): Promise<ReviewableQuery | undefined> {
  await room.verify();
  const document = await room.governance.document(documentId);
  if (document === undefined) {
    return undefined;
  }
  requireVotes(document);
  const { query, digest, approvers } = await reviewOf(room, document);
  const ballots =
    document.state === "Proposed" && document.proposalId !== undefined
      ? (await room.governance.proposalStatus(document.proposalId)).ballots
      : (document.finalVotes ?? []);
  return {
    documentId,
    state: document.state,
    digest,
    query,
    text: queryLines(query),
    approvers: [...approvers].sort(),
    accepted: ballots
      .filter(({ ballot }) => ballot === "accepted")
      .map(({ approverId }) => approverId)
      .sort(),
  };
}
