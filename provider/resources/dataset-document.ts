// A published dataset: one document in governance, accepted by its owner, with the content that was sent. Accepted
// documents can't be changed, so other content is another document.
import type { DatasetDetails } from "../../contract";
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { shortDigest } from "../model/canonical";
import { datasetDigest, isGovernanceKey, normalise, toDetails, toSpecification, type Dataset } from "../model/dataset";
import { jsonDifference } from "../model/difference";
import { isKnown } from "../model/unknown";
import { datasetProblems, documentIdProblems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { datasetOf, requireVotes } from "../services/documents";

export interface DatasetDocumentInputs extends Dataset {
  readonly collaboration?: string;
  readonly name: string;
  /** Document id of the author's choice; by default one is made from name and content. */
  readonly chosenId?: string;
  /** Subject of the federated credential by which the clean room signs in, to be compared with the recorded owner. */
  readonly federatedSubject?: string;
  readonly onDelete?: "disableConsent" | "leave";
}

interface Observed {
  readonly documentId: string;
  readonly contractId: string;
  readonly digest: string;
  /** Object id of the owner, as governance recorded it. */
  readonly ownerId: string;
}

/** What a document is made of: with another one it is another document. */
const CONTENT = [
  "collaboration",
  "name",
  "chosenId",
  "store",
  "identity",
  "dek",
  "kek",
  "datasetSchema",
  "datasetAccessPolicy",
] as const;

export const datasetDocument: Handler<DatasetDocumentInputs, Observed> = {
  inputs: [...CONTENT, "federatedSubject", "onDelete"],
  replaceOn: CONTENT,

  isSameObject: (state, news) => documentIdOf(news, datasetDigest(news)) === state.documentId,

  async check(room, news, olds) {
    const problems = [
      ...documentIdProblems("name", news.name),
      ...(news.chosenId === undefined ? [] : documentIdProblems("documentId", news.chosenId)),
      ...datasetProblems(news),
      ...immutabilityProblems(news, olds),
    ];
    if (problems.length === 0) {
      await room.verify();
    }
    return problems;
  },

  async isPending(room, _id, state) {
    await confirm(room, state.documentId, state, state.digest);
    return false;
  },

  async create(room, news) {
    const digest = datasetDigest(news);
    const documentId = documentIdOf(news, digest);
    await publish(room, documentId, news, digest);
    return { id: documentId, state: await confirm(room, documentId, news, digest) };
  },

  async update(room, _id, state, news) {
    return confirm(room, state.documentId, news, datasetDigest(news));
  },

  async read(room, _id, state) {
    const found = await find(room, state.documentId, state);
    if (found === undefined) {
      return undefined;
    }
    return {
      documentId: state.documentId,
      contractId: state.contractId,
      digest: datasetDigest(found.dataset),
      ownerId: found.ownerId ?? "",
    };
  },

  async delete(room, _id, state) {
    const stays = `Document '${state.documentId}' stays in governance, where no document can be deleted`;
    if (state.onDelete === "leave") {
      say(`${stays}; queries may go on using it (onDelete: leave).`);
      return;
    }
    const disabled = await room.giveUpConsent(state.documentId);
    say(
      disabled
        ? `${stays}; its use is disabled: no query can read it any more.`
        : `${stays}; it was never accepted, so no query can read it.`,
    );
  },
};

function documentIdOf({ name, chosenId }: DatasetDocumentInputs, digest: string): string {
  return chosenId ?? `${name}-${shortDigest(digest)}`;
}

/** With an id of the author's choice, other content would be silently ignored by the service: it is refused instead. */
function immutabilityProblems(news: DatasetDocumentInputs, olds: DatasetDocumentInputs | undefined): string[] {
  const sameId = news.chosenId !== undefined && news.chosenId === olds?.chosenId;
  if (!sameId || !isKnown(news) || !isKnown(olds)) {
    return [];
  }
  if (datasetDigest(news) === datasetDigest(olds)) {
    return [];
  }
  return [
    `documentId '${news.chosenId ?? ""}' was published with other content, and a published document can't be changed: choose another documentId, or leave it out to have one made from the content.\n` +
      jsonDifference(shownPart(olds), shownPart(news), "published", "this program"),
  ];
}

async function publish(room: CleanRoom, id: string, dataset: DatasetDocumentInputs, digest: string): Promise<void> {
  const found = await find(room, id, dataset);
  if (found !== undefined) {
    requireSame(id, dataset, digest, found);
    await requireOurs(room, id, found);
  }
  if (found?.state !== "Accepted") {
    await (throughGovernance(room, dataset)
      ? propose(room, id, dataset)
      : room.frontend.publishDataset(id, toDetails(id, dataset)));
  } else {
    // It was published before, and perhaps given up: its use is wanted again.
    await room.setConsent(id, "enable");
  }
}

/** The frontend's own steps, for what its dataset form can't say: create, propose, accept; each only if still missing. */
async function propose(room: CleanRoom, id: string, dataset: DatasetDocumentInputs): Promise<void> {
  const { governance } = room;
  const { oid } = await room.caller();
  if ((await governance.document(id)) === undefined) {
    const content = {
      contractId: await room.contractId(),
      data: JSON.stringify(toSpecification(id, dataset)),
      labels: { type: "dataset" },
      approvers: [{ approverId: oid, approverIdType: "user" }],
    };
    await unlessDone(governance.putDocument(id, content, `create dataset document '${id}'`));
  }
  const created = await governance.document(id);
  if (created === undefined) {
    throw new ContentMismatchError(
      `Dataset document '${id}' was created, but governance does not show it. Run \`pulumi up\` again.`,
    );
  }
  requireSame(id, dataset, datasetDigest(dataset), { dataset: datasetOf(created) });
  if (created.state === "Draft") {
    await unlessDone(governance.propose(id, created.version));
  }
  const proposed = await governance.document(id);
  if (proposed?.state === "Proposed" && proposed.proposalId !== undefined) {
    await unlessDone(governance.vote(id, proposed.proposalId, "accept"));
  }
}

/** Somebody, perhaps an earlier run of ours, was first: what is there is read and compared afterwards. */
async function unlessDone(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    if (!(error instanceof RefusedError) || (error.status !== 409 && error.status !== 405)) {
      throw error;
    }
  }
}

interface Found {
  readonly dataset: Dataset;
  readonly state?: string;
  readonly ownerId?: string;
}

async function find(room: CleanRoom, id: string, dataset: Dataset): Promise<Found | undefined> {
  if (throughGovernance(room, dataset)) {
    const document = await room.governance.document(id);
    if (document === undefined) {
      return undefined;
    }
    requireVotes(document);
    return { dataset: datasetOf(document), state: document.state, ownerId: document.proposerId };
  }
  const document = await room.frontend.dataset(id);
  return document && { dataset: datasetOfDetails(document.data), state: document.state, ownerId: document.proposerId };
}

/** Nothing counts as published before the service shows it: accepted, ours, and with the content that was sent. */
async function confirm(room: CleanRoom, id: string, dataset: DatasetDocumentInputs, digest: string): Promise<Observed> {
  const found = await find(room, id, dataset);
  if (found === undefined) {
    throw new ContentMismatchError(
      `Dataset '${id}' is in this stack's state, but governance does not have it: the service may be another one, or it was reset. \`pulumi refresh\`, then \`pulumi up\`, publishes it again.`,
    );
  }
  requireSame(id, dataset, digest, found);
  const { oid } = await room.caller();
  if (found.state !== "Accepted") {
    throw new ContentMismatchError(
      `Dataset '${id}' is ${found.state ?? "in no state"} instead of Accepted. Run \`pulumi up\` again; if it stays so, another collaborator proposed it first: choose another name.`,
    );
  }
  const contractId = await room.contractId();
  if (dataset.federatedSubject !== undefined && dataset.federatedSubject !== `${contractId}-${found.ownerId ?? ""}`) {
    throw new InvalidInputError(
      `Dataset '${id}': governance recorded '${found.ownerId ?? ""}' as its owner, so the clean room signs in with the subject '${contractId}-${found.ownerId ?? ""}', ` +
        `but the federated credential trusts '${dataset.federatedSubject}'. Run as the owner (${oid} is signed in now), or correct the credential's subject.`,
    );
  }
  return { documentId: id, contractId, digest, ownerId: found.ownerId ?? "" };
}

/** A document is its proposer's: only they may enable and disable its use. */
async function requireOurs(room: CleanRoom, id: string, { state, ownerId }: Found): Promise<void> {
  const { oid } = await room.caller();
  if (state === "Accepted" && ownerId !== oid) {
    throw new ContentMismatchError(
      `Document '${id}' was published by ${ownerId ?? "somebody"}, and ${oid} is signed in. Sign in as its owner, or choose another documentId or name.`,
    );
  }
}

function requireSame(id: string, dataset: Dataset, digest: string, found: Found): void {
  if (datasetDigest(found.dataset) === digest) {
    return;
  }
  throw new ContentMismatchError(
    `Document '${id}' exists with other content${found.ownerId === undefined ? "" : ` (published by ${found.ownerId})`}, and the service would ignore ours without a word. Choose another documentId or name.\n` +
      jsonDifference(shownPart(found.dataset), shownPart(dataset), "in governance", "this program"),
  );
}

function throughGovernance(room: CleanRoom, { dek }: Dataset): boolean {
  return isGovernanceKey(dek) || !room.hasFrontend;
}

function shownPart(dataset: Dataset): unknown {
  const { store, identity, datasetSchema, datasetAccessPolicy, dek, kek } = dataset;
  return normalise({ store, identity, datasetSchema, datasetAccessPolicy, dek, kek });
}

function datasetOfDetails({ name: _, ...dataset }: DatasetDetails): Dataset {
  return dataset;
}
