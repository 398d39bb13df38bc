// A dataset's way into governance: published through the frontend or, for what its form can't say, step by step, each
// only if still missing; and what is there already, compared with what is meant to be.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, RefusedError } from "../errors";
import { datasetDigest, isGovernanceKey, normalise, toDetails, toSpecification, type Dataset } from "../model/dataset";
import { jsonDifference } from "../model/difference";
import type { CleanRoom } from "../services/clean-room";
import { datasetOf, requireVotes } from "../services/documents";
import { castBallot, proposeDocument, withdrawProposal, writeDocument } from "../services/writes";

export interface Found {
  readonly dataset: Dataset;
  readonly state: string;
  readonly ownerId: string | undefined;
  /** As governance has it, where that was asked. */
  readonly document?: UserDocument;
}

/** The document of this id. Governance shows its votes, too, so it is asked where it can be. */
export async function find(room: CleanRoom, id: string): Promise<Found | undefined> {
  if (room.hasGovernance) {
    const document = await room.governance.document(id);
    return document && foundAs(document);
  }
  const document = await room.frontend.dataset(id);
  return document && { dataset: document.data, state: document.state, ownerId: document.proposerId };
}

function foundAs(document: UserDocument): Found {
  requireVotes(document);
  return { dataset: datasetOf(document), state: document.state, ownerId: document.proposerId, document };
}

/** A document is its proposer's: only they may enable and disable its use. */
export function requireOwner(id: string, { ownerId }: Found, owner: string): void {
  if (ownerId !== owner) {
    throw new ContentMismatchError(
      `Document '${id}' was published by ${ownerId ?? "somebody"}, not by ${owner}. Sign in as its owner, or choose another documentId or name.`,
    );
  }
}

export function requireSame(id: string, news: Dataset, { dataset, ownerId }: Found): void {
  if (datasetDigest(dataset) === datasetDigest(news)) {
    return;
  }
  throw new ContentMismatchError(
    `Document '${id}' exists with other content${ownerId === undefined ? "" : ` (published by ${ownerId})`}, and the service would ignore ours without a word. Choose another documentId or name.\n` +
      jsonDifference(shownPart(dataset), shownPart(news), "in governance", "this program"),
  );
}

export function shownPart(dataset: Dataset): unknown {
  const { store, identity, datasetSchema, datasetAccessPolicy, dek, kek } = dataset;
  return normalise({ store, identity, datasetSchema, datasetAccessPolicy, dek, kek });
}

/** Publishes what is not accepted yet. The services say yes to other content of the same id, too: compare afterwards. */
export async function publish(room: CleanRoom, id: string, dataset: Dataset, found: Found | undefined): Promise<void> {
  if (found?.document !== undefined) {
    await requireOursAlone(room, found.document);
  }
  if (isGovernanceKey(dataset.dek) || !room.hasFrontend) {
    await throughGovernance(room, id, dataset, found);
  } else {
    await room.frontend.publishDataset(id, toDetails(id, dataset));
  }
}

/** Withdraws our proposal of a document whose publication broke off; there is none of one that was accepted. */
export async function withdrawOpen(room: CleanRoom, id: string): Promise<void> {
  const document = room.hasGovernance ? await room.governance.document(id) : undefined;
  if (document?.state === "Proposed" && document.proposalId !== undefined) {
    if (document.proposerId === (await room.caller()).oid) {
      await withdrawProposal(room, document.proposalId);
    }
  }
}

/** The frontend's own steps, for what its dataset form can't say: create, propose, accept; each only if still missing. */
async function throughGovernance(room: CleanRoom, id: string, news: Dataset, found: Found | undefined): Promise<void> {
  const document = found?.document ?? (await createDraft(room, id, news));
  const { proposalId = await unlessDone(proposeDocument(room, id, document.version)) } = document;
  const open = proposalId ?? (await required(room, id)).proposalId;
  if (open !== undefined) {
    await unlessDone(castBallot(room, id, open, "accept"));
  }
}

/** Anybody may have drafted it, with approvers of their own choice: proposed so, it could never be accepted by us alone. */
async function requireOursAlone(room: CleanRoom, { id, state, approvers, proposerId }: UserDocument): Promise<void> {
  const { oid } = await room.caller();
  const strange = approvers.map(({ approverId }) => approverId).filter((approver) => approver !== oid);
  const proposer = state === "Proposed" ? (proposerId ?? oid) : oid;
  if (strange.length > 0 || approvers.length === 0 || proposer !== oid) {
    throw new ContentMismatchError(
      `Document '${id}' is there as ${state}, with the approvers ${approvers.map(({ approverId }) => approverId).join(", ") || "none"}${proposer === oid ? "" : `, proposed by ${proposer}`}, so it can't be published by ${oid} alone. Choose another documentId or name.`,
    );
  }
}

async function createDraft(room: CleanRoom, id: string, news: Dataset): Promise<UserDocument> {
  const content = {
    contractId: await room.contractId(),
    data: JSON.stringify(toSpecification(id, news)),
    labels: { type: "dataset" },
    approvers: [{ approverId: (await room.caller()).oid, approverIdType: "user" }],
  };
  const step = `create dataset document '${id}'`;
  await unlessDone(writeDocument(room, id, content, step, (data) => data === content.data));
  const created = await required(room, id);
  requireSame(id, news, foundAs(created));
  return created;
}

async function required(room: CleanRoom, id: string): Promise<UserDocument> {
  const document = await room.governance.document(id);
  if (document === undefined) {
    throw new ContentMismatchError(
      `Dataset document '${id}' was created, but governance does not show it. Run \`pulumi up\` again.`,
    );
  }
  return document;
}

/** Somebody, perhaps an earlier run of ours, was first: what is there is read and compared afterwards. */
async function unlessDone<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    if (!(error instanceof RefusedError) || (error.status !== 409 && error.status !== 405)) {
      throw error;
    }
    return undefined;
  }
}
