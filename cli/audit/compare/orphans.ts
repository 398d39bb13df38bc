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
    ...unknown(governed.datasets).flatMap((entry) => unknownDocument(entry, "DatasetDocument", governed.caller)),
    ...unknown(governed.queries).flatMap((entry) => unknownDocument(entry, "Query", governed.caller)),
    ...[...governed.secretIds]
      .filter((id) => id.startsWith(`${governed.caller}_`) && !known.has(id) && !used.has(id))
      .map((id) => unknownSecret(id, governed.caller)),
  ];
}

function unknownDocument(
  { documentId, state, ownerId, forged, inUse, problem }: DocumentEntry,
  resource: "DatasetDocument" | "Query",
  caller: string,
): readonly Finding[] {
  const nowhere = { stack: null, resource: null, document: documentId };
  if (forged) {
    return [{ ...nowhere, kind: "forged", found: problem ?? "", mend: TELL_OWNER }];
  }
  const adopt = `adopt: true on a ${resource} with documentId '${documentId}' and its content, then pulumi up`;
  if (state === "Draft") {
    const what = resource === "Query" ? "a query's draft" : "a dataset's draft";
    const found = `${what} that no stack knows; whose it is, governance does not record`;
    return [{ ...nowhere, kind: "draft", found, mend: `if it is ours: ${adopt}; a draft can't be deleted` }];
  }
  const unreadable = {
    ...nowhere,
    kind: "unreadable",
    found: problem ?? "",
    mend: "look at it with its author",
  } as const;
  if (state === undefined) {
    return [unreadable];
  }
  if (ownerId !== caller || (state === "Accepted" && inUse === false)) {
    return [];
  }
  if (problem !== undefined) {
    return [unreadable];
  }
  const what = state === "Proposed" ? "our proposal is open" : "it is accepted and in use, and we published it";
  const end = state === "Proposed" ? "withdraws it" : "disables its use";
  const found = `${what}; no stack knows it`;
  return [{ ...nowhere, kind: "orphan", found, mend: `${adopt}; removing that resource again ${end}` }];
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
