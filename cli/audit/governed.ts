// What governance holds, as far as an audit compares it. Everything is read; nothing is written.
import type { CleanRoom } from "../../provider/services/clean-room";
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
  readonly secretIds: ReadonlySet<string>;
}

/** `known`: ids of documents that a state names; of these and of the caller's own, it is also read whether they are in use. */
export async function readGoverned(room: CleanRoom, known: ReadonlySet<string>): Promise<Governed> {
  await room.verify();
  const snapshot = new Snapshot(room);
  const { oid: caller } = await room.caller();
  const contractId = await room.contractId();
  const matters = ({ documentId, state, ownerId }: DocumentEntry): boolean =>
    state === "Accepted" && (known.has(documentId) || ownerId === caller);
  const withUse = async <E extends DocumentEntry>(entries: Promise<readonly E[]>): Promise<ReadonlyMap<string, E>> => {
    const read = (await entries).map(async (entry): Promise<[string, E]> => {
      const { documentId } = entry;
      return [documentId, matters(entry) ? { ...entry, inUse: await snapshot.inUse(documentId) } : entry];
    });
    return new Map(await all(read));
  };
  const [datasets, queries, secretIds] = await Promise.all([
    withUse(listDatasets(room, {}, snapshot)),
    withUse(listQueries(room, {}, snapshot)),
    room.governance.secretIds(contractId),
  ]);
  return { caller, contractId, datasets, queries, secretIds: new Set(secretIds) };
}
