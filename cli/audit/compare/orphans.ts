// What governance holds of ours, or may hold, and no named stack's state knows. A document whose use is disabled was
// given up, as deleting does, and is no orphan; what becomes of a secret can't be read, so each is listed.
import type { DocumentEntry } from "../../../provider/sources/entry";
import type { StackResource } from "../../shared/stack";
import type { Finding } from "../finding";
import type { Governed } from "../governed";
import { TELL_OWNER, textAt } from "./common";
import { datasetIdOf } from "./dataset";
import { queryIdOf } from "./query";

/** Ids of the documents that a state names. */
export function documentsOf(resources: readonly StackResource[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap((resource) => {
      switch (resource.kind) {
        case "DatasetDocument":
          return [datasetIdOf({ resource })];
        case "QueryDraft":
        case "QueryProposal":
        case "QueryAmendment":
        case "QueryApproval":
          return [queryIdOf({ resource })];
        default:
          return [textAt(resource, "documentId")].filter((id) => id !== "");
      }
    }),
  );
}

/** Ids of the secrets that a state has, or whose use one of its datasets describes. */
export function secretsOf(resources: readonly StackResource[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap((resource) => {
      const { store, dek } = resource.outputs as { store?: unknown; dek?: unknown };
      const used = [
        (store as { awsCgsSecretId?: unknown } | undefined)?.awsCgsSecretId,
        (dek as { cgsSecretId?: unknown } | undefined)?.cgsSecretId,
      ];
      const own = resource.kind === "ContractSecret" ? [textAt(resource, "secretId") || resource.id] : [];
      return [...own, ...used.filter((id) => typeof id === "string")];
    }),
  );
}

export function orphans(governed: Governed, resources: readonly StackResource[]): readonly Finding[] {
  const documents = documentsOf(resources);
  const secrets = secretsOf(resources);
  const unknown = (entries: ReadonlyMap<string, DocumentEntry>): readonly DocumentEntry[] =>
    [...entries.values()].filter(({ documentId }) => !documents.has(documentId));
  return [
    ...unknown(governed.datasets).flatMap((entry) => unknownDocument(entry, "DatasetDocument", governed.caller)),
    ...unknown(governed.queries).flatMap((entry) => unknownDocument(entry, "Query", governed.caller)),
    ...[...governed.secretIds]
      .filter((id) => id.startsWith(`${governed.caller}_`) && !secrets.has(id))
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
