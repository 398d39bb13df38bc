// What governance writes down. The ledger is the only truth: every state below is made from it, at the start and at
// every write alike.
import type { Approver, Ballot } from "../../contract";

/** What a document is about, as it was put or proposed. */
export interface DocumentContent {
  readonly contractId: string;
  readonly data: unknown;
  readonly labels?: Readonly<Record<string, string>>;
  readonly approvers?: readonly Approver[];
}

/** The draft as it stood when it was proposed; forged proposals may hold anything. */
export interface SetUserDocument {
  readonly documentId: string;
  readonly document: DocumentContent & { readonly version?: string };
}

export type Option = "execution" | "telemetry";

/** One change; `kind` says of what. */
export type Change =
  /** A new primary was elected: versions written from now on carry the new view. */
  | { readonly kind: "election" }
  | { readonly kind: "contract"; readonly id: string; readonly data: string }
  | { readonly kind: "policy"; readonly contractId: string; readonly hostData: readonly string[] }
  | { readonly kind: "issuer"; readonly url: string }
  | { readonly kind: "tenantIssuer"; readonly tenantId: string; readonly url: string }
  | { readonly kind: "user"; readonly id: string; readonly tenantId: string; readonly invitationId?: string }
  | { readonly kind: "userRemoved"; readonly id: string }
  /** The collaboration's own register of members, kept by its membership manager and not by governance. */
  | { readonly kind: "member"; readonly identifier: string; readonly status: string; readonly isOwner: boolean }
  | { readonly kind: "invitation"; readonly id: string; readonly claims: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: "invitationAccepted"; readonly id: string; readonly userId: string; readonly tenantId?: string }
  | { readonly kind: "document"; readonly id: string; readonly content: DocumentContent }
  | {
      readonly kind: "proposal";
      readonly id: string;
      readonly proposerId: string;
      readonly name: string;
      readonly args: SetUserDocument;
      readonly approvers: readonly Approver[];
    }
  | { readonly kind: "ballot"; readonly proposalId: string; readonly ballot: Ballot }
  | { readonly kind: "withdrawal"; readonly proposalId: string }
  | {
      readonly kind: "consent";
      readonly documentId: string;
      readonly option: Option;
      readonly approverId: string;
      readonly status: "enabled" | "disabled";
    }
  | { readonly kind: "secret"; readonly contractId: string; readonly id: string; readonly value: string }
  | {
      readonly kind: "event";
      readonly contractId: string;
      readonly scope: string;
      readonly id: string;
      /** Milliseconds since the epoch, thirteen digits. */
      readonly timestamp: string;
      readonly data: unknown;
    };

/** A change with its place in the ledger. Sequence numbers have gaps: the ledger's own signatures take some. */
export interface Entry {
  readonly view: number;
  readonly seqno: number;
  /** ISO 8601, for the human reader. */
  readonly at: string;
  readonly change: Change;
}

export const versionOf = ({ view, seqno }: Pick<Entry, "view" | "seqno">): string => `${view}.${seqno}`;
