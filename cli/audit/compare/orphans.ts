// What governance holds of ours, or may hold, and no named stack's state knows. A document whose use is disabled was
// given up, as deleting does, and is no orphan; what becomes of a secret can't be read, so each is listed.
import type { DocumentEntry } from "../../../provider/sources/entry";
import type { StackResource } from "../../shared/stack";
import type { Finding } from "../finding";
import type { Governed } from "../governed";
import { documentIdOf, TELL_OWNER } from "./common";

/** Ids of the documents and secrets that a state names. */
export function documentsOf(resources: readonly StackResource[]): ReadonlySet<string> {
  return new Set(resources.map(documentIdOf));
}

/** Ids of the secrets that a state's datasets describe the use of, wherever they come from. */
function usedSecrets(resources: readonly StackResource[]): ReadonlySet<unknown> {
  return new Set(
    resources.flatMap(({ outputs }) => {
      const { store, dek } = outputs as { store?: { awsCgsSecretId?: unknown }; dek?: { cgsSecretId?: unknown } };
      return [store?.awsCgsSecretId, dek?.cgsSecretId];
    }),
  );
}

export function orphans(governed: Governed, resources: readonly StackResource[]): readonly Finding[] {
  const known = documentsOf(resources);
  const used = usedSecrets(resources);
  const unknown = (entries: ReadonlyMap<string, DocumentEntry>): readonly DocumentEntry[] =>
    [...entries.values()].filter(({ documentId }) => !known.has(documentId));
  return [
    ...unknown(governed.datasets).flatMap((entry) => unknownDocument(entry, "dataset", governed)),
    ...unknown(governed.queries).flatMap((entry) => unknownDocument(entry, "query", governed)),
    ...[...governed.secretIds]
      .filter((id) => id.startsWith(`${governed.caller}_`) && !known.has(id) && !used.has(id))
      .map((id) => unknownSecret(id, governed.caller)),
  ];
}

function unknownDocument(
  { documentId, state, ownerId, forged, problem }: DocumentEntry,
  type: "dataset" | "query",
  { caller, consents }: Governed,
): readonly Finding[] {
  const nowhere = { stack: null, resource: null, document: documentId };
  if (forged) {
    return [{ ...nowhere, kind: "forged", found: problem ?? "", mend: TELL_OWNER }];
  }
  const take = takeOver(documentId, type, state === "Accepted");
  if (state === "Draft") {
    const found = `a draft of a ${type} that no stack knows; whose it is, governance does not record`;
    return [{ ...nowhere, kind: "draft", found, mend: `if it is ours: ${take}; a draft can't be deleted` }];
  }
  const isGivenUp = consents.get(documentId)?.enabled === false;
  if (state !== undefined && (ownerId !== caller || isGivenUp)) {
    return [];
  }
  if (state === undefined || problem !== undefined) {
    return [{ ...nowhere, kind: "unreadable", found: problem ?? "", mend: "look at it with its author" }];
  }
  const found = `${state === "Proposed" ? "our proposal is open" : "it is accepted and in use, and we proposed it"}; no stack knows it`;
  const end =
    type === "dataset" ? "disables its use" : state === "Proposed" ? "withdraws it" : "leaves it to its approvers";
  return [{ ...nowhere, kind: "orphan", found, mend: `${take}; removing that resource again ${end}` }];
}

/** How a program comes to know a document: what is not accepted yet is finished by the resource itself. */
function takeOver(documentId: string, type: "dataset" | "query", isAccepted: boolean): string {
  const resource = type === "dataset" ? "DatasetDocument" : "Query";
  const adopt = isAccepted || type === "query" ? ", adopt: true" : "";
  return `a ${resource} with documentId: '${documentId}'${adopt} and its content, then pulumi up`;
}

function unknownSecret(id: string, caller: string): Finding {
  const name = id.slice(caller.length + 1);
  return {
    kind: "orphan-secret",
    stack: null,
    resource: null,
    document: id,
    found: "a secret of ours that no stack knows; where a stack deleted it, its value opens nothing any more",
    mend: `if its value may still open something: a ContractSecret named '${name}', pulumi up, and its removal again overwrite it`,
  };
}
