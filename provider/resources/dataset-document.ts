// A published dataset: one document in governance, accepted by its owner, with the content that was sent. Accepted
// documents can't be changed, so other content is another document.
import { ContentMismatchError, InvalidInputError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { shortDigest } from "../model/canonical";
import { datasetDigest, type Dataset } from "../model/dataset";
import { jsonDifference } from "../model/difference";
import { isKnown } from "../model/unknown";
import { datasetProblems, documentIdProblems, mountCautions } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { find, publish, requireOwner, requireSame, shownPart, withdrawOpen, type Found } from "./published-dataset";

export interface DatasetDocumentInputs extends Dataset {
  readonly collaboration?: string;
  readonly name: string;
  /** Document id of the author's choice; by default one is made from name and content. */
  readonly chosenId?: string;
  /** Subject of the federated credential by which the clean room signs in, to be compared with the recorded owner. */
  readonly federatedSubject?: string;
  readonly onDelete?: "disableConsent" | "leave";
  /** Takes over a document that exists, and writes nothing. */
  readonly adopt?: boolean;
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
  inputs: [...CONTENT, "federatedSubject", "onDelete", "adopt"],
  replaceOn: CONTENT,

  idOf: (_room, news) => Promise.resolve(documentIdOf(news)),

  isSameObject: (id, news) => documentIdOf(news) === id,

  check(news, olds) {
    return [
      ...documentIdProblems("name", news.name),
      ...(news.chosenId === undefined ? [] : documentIdProblems("documentId", news.chosenId)),
      ...datasetProblems(news),
      ...immutabilityProblems(news, olds),
    ];
  },

  async foresee(room, news, known) {
    if (!isKnown(news)) {
      return;
    }
    const id = documentIdOf(news);
    for (const caution of mountCautions(id, news.store.storageAccountType)) {
      say(`Dataset '${id}': no query could read it, because ${caution}`);
    }
    if (known === undefined || known.isReplaced) {
      // An id of the author's choice may be taken; one made from the content holds that content.
      if (news.adopt === true || news.chosenId !== undefined) {
        await lookAt(room, id, news);
      }
    }
    if (known !== undefined && known.id !== id) {
      const old = known.state.onDelete === "leave" ? "stays in use (onDelete: leave)" : "is no longer to be used";
      say(`Dataset '${news.name}': its content changes, so document '${id}' is published, and '${known.id}' ${old}.`);
    }
  },

  async isPending(room, id, state) {
    const found = await confirm(room, id, state);
    requireOwner(id, found, state.ownerId);
    return false;
  },

  async create(room, news) {
    const id = documentIdOf(news);
    const found = await lookAt(room, id, news);
    if (found?.state !== "Accepted") {
      await publish(room, id, news, found);
    } else if (news.adopt !== true) {
      // It was published before, and perhaps given up: its use is wanted again.
      await room.setConsent(id, "enable");
    }
    const published = await confirm(room, id, news);
    requireOwner(id, published, (await room.caller()).oid);
    return { id, state: await observed(room, id, published) };
  },

  async update(room, id, _state, news) {
    return observed(room, id, await confirm(room, id, news));
  },

  async read(room, id) {
    const found = await find(room, id);
    return found && (await observed(room, id, found));
  },

  async delete(room, id, state) {
    const stays = `Document '${id}' stays in governance, where no document can be deleted`;
    if (state.onDelete === "leave") {
      say(`${stays}; queries may go on using it (onDelete: leave).`);
      return;
    }
    await withdrawOpen(room, id);
    const disabled = await room.giveUpConsent(id);
    say(
      disabled
        ? `${stays}; its use is disabled: no query can read it any more.`
        : `${stays}; it was never accepted, so no query can read it.`,
    );
  },
};

function documentIdOf(news: DatasetDocumentInputs): string {
  return news.chosenId ?? `${news.name}-${shortDigest(datasetDigest(news))}`;
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

/** What has this id already, which must be ours and the same. */
async function lookAt(room: CleanRoom, id: string, news: DatasetDocumentInputs): Promise<Found | undefined> {
  const found = await find(room, id);
  if (found !== undefined) {
    requireSame(id, news, found);
    if (found.state === "Accepted") {
      requireOwner(id, found, (await room.caller()).oid);
    }
  }
  if (news.adopt === true && found?.state !== "Accepted") {
    throw new InvalidInputError(
      `Document '${id}' can't be adopted: ${found === undefined ? "governance has none of this id" : `it is ${found.state}, not Accepted`}. Correct the documentId, or leave adopt out to have it published.`,
    );
  }
  return found;
}

/** Nothing counts as published before the service shows it: accepted, and with the content that was sent. */
async function confirm(room: CleanRoom, id: string, news: DatasetDocumentInputs): Promise<Found> {
  const found = await find(room, id);
  if (found === undefined) {
    throw new ContentMismatchError(
      `Dataset '${id}' is in this stack's state, but governance does not have it: the service may be another one, or it was reset. \`pulumi refresh\`, then \`pulumi up\`, publishes it again.`,
    );
  }
  requireSame(id, news, found);
  if (found.state !== "Accepted") {
    throw new ContentMismatchError(
      `Dataset '${id}' is ${found.state} instead of Accepted. Run \`pulumi up\` again; if it stays so, another collaborator proposed it first: choose another name.`,
    );
  }
  const subject = `${await room.contractId()}-${found.ownerId ?? ""}`;
  if (news.federatedSubject !== undefined && news.federatedSubject !== subject) {
    const { oid } = await room.caller();
    throw new InvalidInputError(
      `Dataset '${id}': governance recorded '${found.ownerId ?? ""}' as its owner, so the clean room signs in with the subject '${subject}', ` +
        `but the federated credential trusts '${news.federatedSubject}'. Run as the owner (${oid} is signed in now), or correct the credential's subject.`,
    );
  }
  return found;
}

async function observed(room: CleanRoom, id: string, { dataset, ownerId }: Found): Promise<Observed> {
  return {
    documentId: id,
    contractId: await room.contractId(),
    digest: datasetDigest(dataset),
    ownerId: ownerId ?? "",
  };
}
