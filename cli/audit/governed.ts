// What governance holds, as far as an audit compares it. Everything is read; nothing is written.
import type { CleanRoom } from "../../provider/services/clean-room";
import type { Consent } from "../../provider/services/consent";
import { listDatasets, type DatasetEntry } from "../../provider/sources/datasets";
import type { DocumentEntry } from "../../provider/sources/entry";
import { listQueries, type QueryEntry } from "../../provider/sources/queries";
import { all, Snapshot } from "../../provider/sources/snapshot";

export interface Governed {
  /** Object id of the caller. */
  readonly caller: string;
  readonly contractId: string;
  readonly datasets: ReadonlyMap<string, DatasetEntry>;
  readonly queries: ReadonlyMap<string, QueryEntry>;
  /** Consent to the use of the accepted documents that matter, by document id. */
  readonly consents: ReadonlyMap<string, Consent>;
  readonly secretIds: ReadonlySet<string>;
}

/** `known`: ids of documents that a state names; of these and of the caller's own, consent is read, too. */
export async function readGoverned(room: CleanRoom, known: ReadonlySet<string>): Promise<Governed> {
  await room.verify();
  const snapshot = new Snapshot(room);
  const { oid: caller } = await room.caller();
  const contractId = await room.contractId();
  const datasets = await listDatasets(room, {}, snapshot);
  const queries = await listQueries(room, {}, snapshot);
  const matters = ({ documentId, state, ownerId }: DocumentEntry): boolean =>
    state === "Accepted" && (known.has(documentId) || ownerId === caller);
  const consents = [...datasets, ...queries]
    .filter(matters)
    .map(async ({ documentId }) => [documentId, await snapshot.consent(documentId)] as const);
  return {
    caller,
    contractId,
    datasets: new Map(datasets.map((entry) => [entry.documentId, entry])),
    queries: new Map(queries.map((entry) => [entry.documentId, entry])),
    consents: new Map(await all(consents)),
    secretIds: new Set(await room.governance.secretIds(contractId)),
  };
}
