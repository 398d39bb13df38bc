// Governance's stores, as the ledger makes them. Applying an entry never fails: what may be written is decided before.
import type { Approver, Ballot, ProposalState } from "../../contract";
import { type Change, type DocumentContent, type Entry, type SetUserDocument, versionOf } from "./ledger";

export interface Versioned<T> {
  readonly version: string;
  readonly value: T;
}

export interface AcceptedDocument extends DocumentContent {
  readonly proposalId: string;
  readonly proposerId: string;
  readonly finalVotes: readonly Ballot[];
}

export interface Proposal {
  readonly id: string;
  readonly proposerId: string;
  readonly name: string;
  readonly args: SetUserDocument;
  readonly approvers: readonly Approver[];
  readonly state: ProposalState;
  readonly ballots: readonly Ballot[];
}

export interface Invitation {
  readonly id: string;
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly acceptedBy?: { readonly userId: string; readonly tenantId?: string };
  readonly finalized: boolean;
}

export interface Member {
  readonly identifier: string;
  /** `Active`, or how far the invitation has come. */
  readonly status: string;
  readonly isOwner: boolean;
}

export interface AuditEvent {
  readonly seqno: number;
  readonly timestamp: string;
  readonly data: unknown;
}

type ChangeOf<K extends Change["kind"]> = Extract<Change, { kind: K }>;

export class State {
  view = 1;
  seqno = 0;
  issuerUrl: string | undefined;
  readonly contracts = new Map<string, Versioned<string>>();
  readonly policies = new Map<string, readonly string[]>();
  readonly tenantIssuers = new Map<string, string>();
  readonly users = new Map<string, { readonly tenantId: string; readonly invitationId?: string }>();
  /** By identifier in lower case: a user's mail name or an application's id. */
  readonly members = new Map<string, Member>();
  readonly invitations = new Map<string, Invitation>();
  readonly drafts = new Map<string, Versioned<DocumentContent>>();
  readonly accepted = new Map<string, Versioned<AcceptedDocument>>();
  readonly proposals = new Map<string, Proposal>();
  /** By contract, then secret id. */
  readonly secrets = new Map<string, Map<string, string>>();
  /** By contract and scope, then event id; oldest first. */
  readonly events = new Map<string, Map<string, AuditEvent[]>>();
  /** Status by approver, by document and option. */
  readonly consents = new Map<string, Map<string, "enabled" | "disabled">>();
  /** The open proposals of a document. */
  private readonly open = new Map<string, Set<string>>();

  openProposals(documentId: string): Proposal[] {
    return [...(this.open.get(documentId) ?? [])].flatMap((id) => this.proposals.get(id) ?? []);
  }

  apply(entry: Entry): void {
    this.seqno = entry.seqno;
    this.view = entry.view;
    const { change } = entry;
    switch (change.kind) {
      case "election":
        return;
      case "contract":
        this.contracts.set(change.id, { version: versionOf(entry), value: change.data });
        return;
      case "policy":
        this.policies.set(change.contractId, change.hostData);
        return;
      case "issuer":
        this.issuerUrl = change.url;
        return;
      case "tenantIssuer":
        this.tenantIssuers.set(change.tenantId, change.url);
        return;
      case "user":
        return this.addUser(change);
      case "userRemoved":
        this.users.delete(change.id);
        return;
      case "member": {
        const { identifier, status, isOwner } = change;
        this.members.set(identifier.toLowerCase(), { identifier, status, isOwner });
        return;
      }
      case "invitation":
        this.invitations.set(change.id, { id: change.id, claims: change.claims, finalized: false });
        return;
      case "invitationAccepted":
        return this.acceptInvitation(change);
      case "document":
        this.drafts.set(change.id, { version: versionOf(entry), value: change.content });
        return;
      case "proposal":
        return this.addProposal(change);
      case "ballot":
        return this.addBallot(change, versionOf(entry));
      case "withdrawal":
        return this.settle(change.proposalId, { state: "Withdrawn" });
      case "consent":
        inner(this.consents, `${change.documentId}_${change.option}`).set(change.approverId, change.status);
        return;
      case "secret":
        inner(this.secrets, change.contractId).set(change.id, change.value);
        return;
      case "event":
        return this.addEvent(change, entry.seqno);
    }
  }

  private addUser({ id, tenantId, invitationId }: ChangeOf<"user">): void {
    this.users.set(id, { tenantId, invitationId });
    const invitation = invitationId === undefined ? undefined : this.invitations.get(invitationId);
    if (invitation !== undefined) this.invitations.set(invitation.id, { ...invitation, finalized: true });
  }

  private acceptInvitation({ id, userId, tenantId }: ChangeOf<"invitationAccepted">): void {
    const invitation = this.invitations.get(id);
    if (invitation !== undefined) this.invitations.set(id, { ...invitation, acceptedBy: { userId, tenantId } });
  }

  private addProposal({ id, proposerId, name, args, approvers }: ChangeOf<"proposal">): void {
    this.proposals.set(id, { id, proposerId, name, args, approvers, state: "Open", ballots: [] });
    const open = this.open.get(args.documentId) ?? new Set();
    this.open.set(args.documentId, open.add(id));
  }

  private addBallot({ proposalId, ballot }: ChangeOf<"ballot">, version: string): void {
    const proposal = this.proposals.get(proposalId);
    if (proposal === undefined) return;
    const ballots = [...proposal.ballots, ballot];
    if (ballot.ballot === "rejected") return this.settle(proposalId, { state: "Rejected", ballots });
    if (!isAcceptedByAll(proposal, ballots)) {
      this.proposals.set(proposalId, { ...proposal, ballots });
      return;
    }
    const { contractId, data, labels } = proposal.args.document;
    const { proposerId, approvers } = proposal;
    const value = { contractId, data, labels, proposalId, proposerId, approvers, finalVotes: ballots };
    this.accepted.set(proposal.args.documentId, { version, value });
    this.settle(proposalId, { state: "Accepted", ballots });
  }

  private settle(id: string, outcome: Pick<Proposal, "state"> & { readonly ballots?: readonly Ballot[] }): void {
    const proposal = this.proposals.get(id);
    if (proposal === undefined) return;
    this.proposals.set(id, { ...proposal, ...outcome });
    this.open.get(proposal.args.documentId)?.delete(id);
  }

  private addEvent({ contractId, scope, id, timestamp, data }: ChangeOf<"event">, seqno: number): void {
    const byId = inner(this.events, eventsMap(contractId, scope));
    const events = byId.get(id) ?? [];
    events.push({ seqno, timestamp, data });
    byId.set(id, events);
  }
}

export const eventsMap = (contractId: string, scope: string): string =>
  scope === "" ? contractId : `${contractId}-${scope}`;

function isAcceptedByAll({ approvers }: Proposal, ballots: readonly Ballot[]): boolean {
  const accepted = new Set(ballots.filter((each) => each.ballot === "accepted").map((each) => each.approverId));
  return approvers.every((each) => accepted.has(each.approverId));
}

function inner<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const found = map.get(key) ?? new Map<string, T>();
  map.set(key, found);
  return found;
}
