// Datasets of the collaboration, as governance shows them to us now.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, messageOf } from "../errors";
import type { Dataset } from "../model/dataset";
import { datasetDigest } from "../model/dataset";
import type { CleanRoom } from "../services/clean-room";
import { datasetOf, requireVotes } from "../services/documents";
import { entriesOf, type Content, type DocumentEntry } from "./entry";
import type { DocumentFilter } from "./filter";
import type { Snapshot } from "./snapshot";

/** What a dataset's document says. */
export interface DatasetContent {
  readonly digest: string;
  readonly fields: Dataset["datasetSchema"]["fields"];
  readonly allowedFields: readonly string[];
  readonly accessMode: "read" | "write";
}

export interface PublishedDataset extends DatasetContent {
  readonly documentId: string;
  /** Object id of its owner. */
  readonly ownerId: string;
}

/** A dataset of a list: what its text says is missing where it can't be read. */
export type DatasetEntry = DocumentEntry & Partial<DatasetContent>;

export interface DatasetFilter extends DocumentFilter {
  /** Whether its use is enabled; one request more for each. @default either, and not read */
  readonly inUse?: boolean;
}

/** All datasets that the filter asks for, sorted by document id; those that can't be relied on are marked so. */
export function listDatasets(
  room: CleanRoom,
  filter: DatasetFilter = {},
  snapshot?: Snapshot,
): Promise<readonly DatasetEntry[]> {
  return entriesOf(room, "dataset", filter, entryContent, snapshot);
}

const entryContent: Content<DatasetContent> = (document) => {
  try {
    return Promise.resolve(contentOf(document));
  } catch (error) {
    return Promise.resolve({ problem: messageOf(error) });
  }
};

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
  return { documentId: document.id, ownerId: document.proposerId ?? "", ...contentOf(document) };
}

async function withConsent(room: CleanRoom, documents: readonly UserDocument[]): Promise<readonly UserDocument[]> {
  const consents = await Promise.all(documents.map(({ id }) => room.governance.consent(id)));
  return documents.filter((_, index) => consents[index]?.enabled === true);
}

/** Fails for a descriptor that lacks its schema or its policy: whoever wrote it did not use this package or the frontend. */
function contentOf(document: UserDocument): DatasetContent {
  const dataset = datasetOf(document) as Partial<Dataset>;
  const { fields } = dataset.datasetSchema ?? {};
  const { allowedFields, accessMode } = dataset.datasetAccessPolicy ?? {};
  if (!Array.isArray(fields) || !Array.isArray(allowedFields) || accessMode === undefined) {
    throw new ContentMismatchError(
      `Document '${document.id}' says neither its fields nor how they may be used. Look at it with its author.`,
    );
  }
  return { digest: datasetDigest(dataset as Dataset), fields, allowedFields, accessMode };
}
