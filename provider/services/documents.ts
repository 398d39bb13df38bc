// Documents of governance, read for what they say: a dataset, or a query with its datasets' owners and contents.
import type { DatasetSpecification, SparkApplicationSpecification, UserDocument } from "../../contract";
import { ContentMismatchError, messageOf } from "../errors";
import { datasetDigest, isWholeDataset, toDataset, type Dataset } from "../model/dataset";
import { parseJson, UnreadableJsonError } from "../model/json";
import { isWhole, reviewDigest, toQuery, type QueryContent, type Reviewable } from "../model/query";
import type { Governance } from "./governance";

/** Where documents are read: governance itself, or what was read of it for one answer. */
export interface DocumentSource {
  readonly governance: Pick<Governance, "document" | "documents">;
}

/** What a dataset's document says. */
export function datasetOf(document: UserDocument): Dataset {
  return parsed(document, "dataset", (data) => {
    const specification = data as DatasetSpecification;
    const dataset = toDataset(specification);
    if (!isWholeDataset(specification) || specification.name !== document.id) {
      throw new ForeignPartsError("it has parts that no review would show: another name, or fields of its own");
    }
    return dataset;
  });
}

/** What a query's document says; of a proposed one, its proposal's copy. */
export function queryOf(document: UserDocument): QueryContent {
  return parsed(document, "query", (data) => {
    const application = data as SparkApplicationSpecification;
    const query = toQuery(application);
    if (!isWhole(application) || application.name !== document.id) {
      throw new ForeignPartsError(
        "it has parts that no review would show: another kind of application, another name, or fields of its own",
      );
    }
    return query;
  });
}

/** A dataset that a query uses, as governance knows it. */
export interface UsedDataset {
  readonly documentId: string;
  readonly digest: string;
  /** Object id of its owner: whoever proposed it. */
  readonly owner: string;
}

/** The datasets of a query, each there and accepted, or an error that says which is not. */
export async function datasetsOf(
  room: DocumentSource,
  { inputs, output }: QueryContent,
): Promise<readonly UsedDataset[]> {
  const ids = [...new Set([...inputs, output].map(({ documentId }) => documentId))];
  return Promise.all(ids.map((id) => usedDataset(room, id)));
}

async function usedDataset(room: DocumentSource, documentId: string): Promise<UsedDataset> {
  const document = await room.governance.document(documentId);
  if (document === undefined) {
    const known = (await room.governance.documents("dataset")).map(({ id }) => id);
    throw new ContentMismatchError(
      `Dataset '${documentId}' does not exist. Published are: ${known.join(", ") || "none yet"}. Correct the id, or ask its owner to publish it.`,
    );
  }
  if (document.state !== "Accepted" || document.proposerId === undefined) {
    throw new ContentMismatchError(
      `Dataset '${documentId}' is still ${document.state}: a query over it could never be accepted. Ask its owner to finish publishing it.`,
    );
  }
  requireVotes(document);
  return { documentId, digest: datasetDigest(datasetOf(document)), owner: document.proposerId };
}

/** Object ids of the datasets' owners, each once, sorted. */
export function ownersOf(datasets: readonly UsedDataset[]): readonly string[] {
  return [...new Set(datasets.map(({ owner }) => owner))].sort();
}

/** Everything a reviewer of this query document agrees to, with its digest. */
export async function reviewOf(
  room: DocumentSource,
  document: UserDocument,
): Promise<Reviewable & { digest: string; owners: readonly string[] }> {
  const query = queryOf(document);
  const datasets = await datasetsOf(room, query);
  const reviewable: Reviewable = {
    documentId: document.id,
    contractId: document.contractId,
    query,
    approvers: document.approvers.map(({ approverId }) => approverId),
    datasets,
  };
  return { ...reviewable, digest: reviewDigest(reviewable), owners: ownersOf(datasets) };
}

/** Fails when an accepted document lacks the vote of one of its approvers: then it was not accepted by them. */
export function requireVotes(document: UserDocument): void {
  const accepted = (document.finalVotes ?? []).filter(({ ballot }) => ballot === "accepted");
  const missing = document.approvers.filter(
    ({ approverId }) => !accepted.some((vote) => vote.approverId === approverId),
  );
  if (document.state === "Accepted" && (missing.length > 0 || document.approvers.length === 0)) {
    throw new ContentMismatchError(
      `Document '${document.id}' is marked Accepted, but without the vote of ${missing.map(({ approverId }) => approverId).join(", ") || "any approver"}: ` +
        "somebody had it accepted past its approvers. Do not rely on it; tell the collaboration's owner.",
    );
  }
}

/** More in a document than a review would show. */
class ForeignPartsError extends Error {}

function parsed<T>(document: UserDocument, what: "dataset" | "query", read: (data: unknown) => T): T {
  try {
    return read(parseJson(document.data));
  } catch (error) {
    const isOurs = error instanceof UnreadableJsonError || error instanceof ForeignPartsError;
    const why = isOurs ? messageOf(error) : `it lacks what every ${what} has`;
    throw new ContentMismatchError(
      `Document '${document.id}' holds something this release can't read (${why}). Look at it with its author.`,
      { cause: error },
    );
  }
}
