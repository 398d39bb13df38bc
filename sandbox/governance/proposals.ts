// Proposals of users: opened once a document, voted on by their approvers, withdrawn by their proposer. Creating one
// checks neither draft nor approvers of the document it names; whoever relies on a document has to.
import type { Approver, Ballot, ProposalStatus } from "../../contract";
import { ServiceError } from "../http";
import type { Chain } from "./chain";
import { alreadyAccepted } from "./documents";
import type { SetUserDocument } from "./ledger";
import type { Proposal, State } from "./state";

export interface CreateProposal {
  readonly name?: string;
  readonly args?: SetUserDocument;
  readonly approvers?: readonly Approver[];
}

export async function createProposal(
  chain: Chain,
  callerId: string,
  id: string,
  body: CreateProposal,
): Promise<{ proposalId: string }> {
  const { name, args, approvers } = body;
  if (approvers === undefined) {
    throw new ServiceError(400, "ApproversMissing", "The approvers field is required in the proposal.");
  }
  if (approvers.length === 0) throw new ServiceError(400, "EmptyApprovers", "The approvers field cannot be empty.");
  if (name !== "set_user_document") {
    throw new ServiceError(400, "InvalidProposalType", `A proposal of type '${name}' is not supported.`);
  }
  // Arguments that are no object fail inside the real application, too.
  if (args == null) throw new ServiceError(500, "InternalError", "Exception thrown while executing.");
  if (args.documentId === undefined) {
    const message = "The UserDocumentId is required for set_user_document action.";
    throw new ServiceError(400, "InvalidUserDocumentId", message);
  }
  if (chain.state.accepted.has(args.documentId)) throw alreadyAccepted();
  const open = chain.state.openProposals(args.documentId).map((each) => each.id);
  if (open.length > 0) {
    const message = `Proposal ${JSON.stringify(open)} for the specified documentId already exists.`;
    throw new ServiceError(409, "UserDocumentAlreadyProposed", message);
  }
  await chain.write({ kind: "proposal", id, proposerId: callerId, name, args, approvers });
  return { proposalId: id };
}

export function getProposal(state: State, id: string): unknown {
  const { name, approvers, args } = find(state, id);
  return { proposalId: id, name, approvers, args };
}

export function proposalStatus(state: State, id: string): ProposalStatus {
  const { proposerId, state: status, ballots } = find(state, id);
  return { proposerId, state: status, ballots };
}

export async function withdrawProposal(chain: Chain, callerId: string, id: string): Promise<ProposalStatus> {
  const proposal = find(chain.state, id);
  if (proposal.proposerId !== callerId) {
    throw new ServiceError(403, "NotProposalOwner", "Only the proposal owner can withdraw the proposal.");
  }
  requireOpen(proposal);
  await chain.write({ kind: "withdrawal", proposalId: id });
  return proposalStatus(chain.state, id);
}

export async function submitBallot(
  chain: Chain,
  callerId: string,
  id: string,
  ballot: Ballot["ballot"],
): Promise<ProposalStatus> {
  const proposal = find(chain.state, id);
  if (!proposal.approvers.some((each) => each.approverId === callerId)) {
    throw new ServiceError(403, "NotProposalApprover", "The caller is not an approver for this proposal.");
  }
  requireOpen(proposal);
  if (proposal.ballots.some((each) => each.approverId === callerId)) {
    throw new ServiceError(409, "BallotAlreadySubmitted", "The ballot has already been submitted.");
  }
  // A forged proposal without a document cannot be applied: the real application throws as well.
  if (proposal.args.document == null) throw new ServiceError(500, "InternalError", "Exception thrown while executing.");
  const written = chain.write({ kind: "ballot", proposalId: id, ballot: { approverId: callerId, ballot } });
  const status = proposalStatus(chain.state, id);
  await written;
  return status;
}

function find(state: State, id: string): Proposal {
  const proposal = state.proposals.get(id);
  if (proposal === undefined) {
    throw new ServiceError(404, "ProposalNotFound", "A proposal with the specified id was not found.");
  }
  return proposal;
}

function requireOpen({ state }: Proposal): void {
  if (state === "Open") return;
  throw new ServiceError(409, "ProposalNotOpen", `The proposal is not in an open state. State is: '${state}'.`);
}
