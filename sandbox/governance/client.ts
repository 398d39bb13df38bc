// The governance client (cgs-client) on behalf of one caller: what its REST face and the workload frontend, which
// calls it with the caller's own token, both do.
import { randomUUID } from "node:crypto";
import type { Approver, Ballot, ProposalStatus, UserDocument } from "../../contract";
import type { ConsentStatus, SignIn } from "../context";
import { type Answer, ServiceError } from "../http";
import { authenticate, authorize, type Caller } from "./caller";
import type { Chain } from "./chain";
import { consentStatus, setConsent } from "./consents";
import { getCleanRoomPolicy, getContract, listContracts } from "./contracts";
import { getDocument, listDocuments, putDocument } from "./documents";
import type { Events } from "./events";
import { memberId } from "./members";
import { issuerInfo, setIssuerUrl } from "./oidc";
import {
  createProposal,
  type CreateProposal,
  getProposal,
  proposalStatus,
  submitBallot,
  withdrawProposal,
} from "./proposals";
import { listSecrets, putSecret } from "./secrets";
import type { State } from "./state";
import { acceptInvitation, getInvitation, getUser, type InvitationAnswer, listInvitations, listUsers } from "./users";

/** A JSON object as it arrived: nothing in it is known. */
export type Json = Readonly<Record<string, unknown>>;

export interface Application {
  readonly chain: Chain;
  readonly events: Events;
  readonly signIn: SignIn;
}

export class GovernanceClient {
  private authenticated: Promise<Caller> | undefined;

  constructor(
    private readonly app: Application,
    private readonly authorization: string | undefined,
  ) {}

  listDocuments(selector: string | null): Promise<ReturnType<typeof listDocuments>> {
    return this.read((state) => listDocuments(state, selector));
  }

  getDocument(id: string): Promise<UserDocument> {
    return this.read((state) => getDocument(state, id));
  }

  async putDocument(id: string, body: Json): Promise<string> {
    await this.caller();
    const { view, seqno } = await putDocument(this.app.chain, id, body);
    return `${view}.${seqno}`;
  }

  /** Proposes the document as it is, when `version` is its version. Without approvers the active members are asked. */
  async propose(id: string, { version }: Json): Promise<{ proposalId: string }> {
    if (version == null) throw new ServiceError(400, "VersionMissing", "Musty specify a Version value.");
    const document = await this.getDocument(id);
    if (document.version !== text(version)) {
      const message = "The version value specified in the input does not match the current version value.";
      throw new ServiceError(400, "UserDocumentModified", message);
    }
    const { approvers } = document;
    return this.createProposal({ name: "set_user_document", args: { documentId: id, document }, approvers });
  }

  async createProposal(body: CreateProposal): Promise<{ proposalId: string }> {
    if (body.approvers != null && !Array.isArray(body.approvers)) {
      throw new ServiceError(500, "InvalidOperationException", "The node must be of type 'JsonArray'.");
    }
    const members: Approver[] = [{ approverId: memberId, approverIdType: "member" }];
    const approvers = body.approvers == null || body.approvers.length === 0 ? members : body.approvers;
    const { id } = await this.caller();
    return createProposal(this.app.chain, id, randomUUID().replaceAll("-", ""), { ...body, approvers });
  }

  async vote(id: string, body: Json, ballot: Ballot["ballot"]): Promise<ProposalStatus> {
    if (body.proposalId == null) {
      throw new ServiceError(400, "ProposalIdMissing", "Musty specify the proposalId to vote on.");
    }
    const proposalId = text(body.proposalId);
    const { proposalId: current, state } = await this.getDocument(id);
    if (!current) {
      const message = `Cannot vote on the document as it is currently not proposed. UserDocument state is: ${state}`;
      throw new ServiceError(400, "UserDocumentNotProposed", message);
    }
    if (current !== proposalId) {
      const message = `The proposalId '${proposalId}' specified in the input does not match the current proposalId '${current}' value.`;
      throw new ServiceError(400, "ProposalIdMismatch", message);
    }
    return this.submitBallot(proposalId, ballot);
  }

  async submitBallot(proposalId: string, ballot: Ballot["ballot"]): Promise<ProposalStatus> {
    const { id } = await this.caller();
    return submitBallot(this.app.chain, id, proposalId, ballot);
  }

  getProposal(id: string): Promise<unknown> {
    return this.read((state) => getProposal(state, id));
  }

  proposalStatus(id: string): Promise<ProposalStatus> {
    return this.read((state) => proposalStatus(state, id));
  }

  async withdraw(proposalId: string): Promise<ProposalStatus> {
    const { id } = await this.caller();
    return withdrawProposal(this.app.chain, id, proposalId);
  }

  async setConsent(documentId: string, option: string, status: "enabled" | "disabled"): Promise<void> {
    await this.getDocument(documentId);
    const { id } = await this.caller();
    await setConsent(this.app.chain, id, documentId, option, status);
  }

  async consentStatus(documentId: string, option: string): Promise<ConsentStatus> {
    await this.getDocument(documentId);
    return this.read((state) => consentStatus(state, documentId, option));
  }

  getContract(id: string): Promise<unknown> {
    return this.read((state) => getContract(state, id));
  }

  listContracts(wanted: string | null): Promise<unknown> {
    return this.read((state) => listContracts(state, wanted));
  }

  getCleanRoomPolicy(contractId: string): Promise<unknown> {
    return this.read((state) => getCleanRoomPolicy(state, contractId));
  }

  async putSecret(contractId: string, name: string, { value }: Json): Promise<{ secretId: string }> {
    const { id } = await this.caller();
    return putSecret(this.app.chain, id, contractId, name, value);
  }

  listSecrets(contractId: string): Promise<unknown> {
    return this.read((state) => listSecrets(state, contractId));
  }

  /** 202 on the first ask for a range. */
  async listEvents(contractId: string, query: URLSearchParams): Promise<Answer> {
    await this.caller();
    return this.app.events.list(contractId, query);
  }

  async issuerInfo(): Promise<unknown> {
    return issuerInfo(this.app.chain.state, await this.caller());
  }

  async setIssuerUrl({ url }: Json): Promise<void> {
    await setIssuerUrl(this.app.chain, await this.caller(), url);
  }

  listUsers(): Promise<unknown> {
    return this.read((state) => listUsers(state));
  }

  getUser(id: string): Promise<unknown> {
    return this.read((state) => getUser(state, id));
  }

  /** Invitations ask for a valid token only: whoever reads them is not registered yet. */
  async listInvitations(): Promise<{ value: InvitationAnswer[] }> {
    await this.anyone();
    return listInvitations(this.app.chain.state);
  }

  async getInvitation(id: string): Promise<InvitationAnswer> {
    await this.anyone();
    return getInvitation(this.app.chain.state, id);
  }

  async acceptInvitation(id: string): Promise<void> {
    await acceptInvitation(this.app.chain, await this.anyone(), id);
  }

  private async read<T>(from: (state: State) => T): Promise<T> {
    await this.caller();
    return from(this.app.chain.state);
  }

  private anyone(): Promise<Caller> {
    return (this.authenticated ??= authenticate(this.app.signIn, this.authorization));
  }

  private async caller(): Promise<Caller> {
    const caller = await this.anyone();
    authorize(this.app.chain.state, caller);
    return caller;
  }
}

/** As .NET shows a JSON node: strings bare, everything else as JSON. */
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
