// What all comparisons have in common: a resource of a stack, what it says of itself, and what is wrong with its document.
import type { DocumentEntry } from "../../../provider/sources/entry";
import type { StackResource } from "../../shared/stack";
import type { Finding, FindingKind } from "../finding";
import type { Governed } from "../governed";

/** A resource of a stack's state, beside what governance holds. */
export interface Compared {
  readonly stack: string;
  readonly resource: StackResource;
  readonly governed: Governed;
  /** What the stacks' programs say of our consent, by document id: `enabled` or `disabled`. */
  readonly wanted: ReadonlyMap<string, string>;
}

/** Findings about one resource and its document. */
export function about(
  { stack, resource }: Compared,
  document: string,
): (kind: FindingKind, found: string, mend: string) => Finding {
  return (kind, found, mend) => ({ kind, stack, resource: resource.urn, document, found, mend });
}

/**
 * The document or secret in governance that a resource is about; empty where it is about none. Where the outputs do not
 * say, as after a creation that broke off, the resource's own id does.
 */
export function documentIdOf(resource: StackResource): string {
  switch (resource.kind) {
    case "ContractSecret":
      return textAt(resource, "secretId") || resource.id;
    case "DatasetDocument":
    case "QueryDraft":
      return textAt(resource, "documentId") || resource.id;
    case "QueryProposal":
    case "QueryAmendment":
    case "QueryApproval":
    case "DocumentConsent":
      return textAt(resource, "documentId") || resource.id.replace(/-(proposal|approval|amendment|consent)$/, "");
    default:
      return resource.kind === undefined ? "" : textAt(resource, "documentId");
  }
}

/** A text of the resource's outputs; empty where there is none, or where the state holds it as ciphertext. */
export function textAt({ outputs }: StackResource, key: string): string {
  const value = outputs[key];
  return typeof value === "string" ? value : "";
}

/** A list of texts of the resource's outputs, sorted; undefined where there is none. */
export function textsAt({ outputs }: StackResource, key: string): readonly string[] | undefined {
  const value = outputs[key];
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? [...(value as readonly string[])].sort()
    : undefined;
}

/** What is wrong with the document itself, whatever the state says of it. */
export function faultsOf(compared: Compared, { documentId, forged, problem }: DocumentEntry): readonly Finding[] {
  if (problem === undefined) {
    return [];
  }
  return forged
    ? [about(compared, documentId)("forged", problem, TELL_OWNER)]
    : [about(compared, documentId)("unreadable", problem, "look at it with its author")];
}

export const TELL_OWNER = "do not rely on it; tell the collaboration's owner";

/** The command that takes a change outside into the state, and the one that acts on it. */
export const refreshThenUp = (stack: string): string =>
  `pulumi refresh --stack ${stack}, then pulumi up --stack ${stack}`;

export const up = (stack: string): string => `pulumi up --stack ${stack}`;

export function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

export const listed = (ids: readonly string[]): string => ids.join(", ") || "nobody";
