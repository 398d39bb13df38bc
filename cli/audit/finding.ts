// What an audit lists. The kinds and the fields are for programs, too: they stay.

/** Kinds of finding, the ones that need somebody first. */
export const KINDS = [
  /** A document is marked Accepted without its approvers' votes, or past an owner of its datasets. */
  "forged",
  /** What was reviewed, or is to be proposed, is no longer what governance holds. */
  "changed",
  /** In the state, and not in governance. */
  "lost",
  /** Governance holds something else than the state says: content, state, consent, approvers, votes. */
  "drift",
  /** A document that the state names, or that may be ours, is broken, or a query over a dataset that can't be relied on. */
  "unreadable",
  /** A creation or an update broke off; what it did is not known. */
  "unconfirmed",
  /** An operation that was begun, or a deletion still to be done, is left in the state. */
  "pending",
  /** A document in use that we proposed, and no named stack's state knows. */
  "orphan",
  /** A governance secret of ours that no named stack's state knows. */
  "orphan-secret",
  /** A draft that no named stack's state knows; governance does not record whose it is. */
  "draft",
  /** A resource waits for another collaborator, or was rejected by one. */
  "waiting",
] as const;

export type FindingKind = (typeof KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** The stack whose state it is about; null for what no state knows. */
  readonly stack: string | null;
  /** URN in that state; null for what no state knows. */
  readonly resource: string | null;
  /** Id of the document or secret in governance; null where it is about none. */
  readonly document: string | null;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What mends it: a command, or what to do where no command can. */
  readonly mend: string;
}

/** Sorted: what needs somebody first, then by stack and document. */
export function sorted(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ kind, stack, document, resource, found }: Finding): string =>
    [String(KINDS.indexOf(kind)).padStart(2, "0"), stack ?? "", document ?? "", resource ?? "", found].join("\n");
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
