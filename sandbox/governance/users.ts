// Who is registered with governance, and the invitations by which somebody comes to be.
import { ServiceError } from "../http";
import type { Caller } from "./caller";
import type { Chain } from "./chain";
import type { Invitation, State } from "./state";

export function listUsers(state: State): unknown {
  return { value: [...state.users.keys()].map((id) => describe(state, id)) };
}

export function getUser(state: State, id: string): unknown {
  if (!state.users.has(id)) {
    throw new ServiceError(404, "UserIdentityNotFound", `User identity with ID ${id} not found.`);
  }
  return describe(state, id);
}

function describe(state: State, id: string): unknown {
  const user = state.users.get(id);
  return { id, accountType: "microsoft", invitationId: user?.invitationId ?? "", data: { tenantId: user?.tenantId } };
}

export interface InvitationAnswer {
  readonly invitationId: string;
  readonly accountType: "microsoft";
  readonly claims: Invitation["claims"];
  readonly userInfo?: { readonly userId: string; readonly data: { readonly tenantId?: string } };
  readonly status: "Open" | "Accepted" | "Finalized";
}

export function listInvitations(state: State): { value: InvitationAnswer[] } {
  return { value: [...state.invitations.values()].map(invitationAnswer) };
}

export function getInvitation(state: State, id: string): InvitationAnswer {
  return invitationAnswer(find(state, id));
}

/** @throws ServiceError 409 when it is not open, 403 when a claim of the token is not what the invitation asks for */
export async function acceptInvitation(chain: Chain, caller: Caller, id: string): Promise<void> {
  const invitation = find(chain.state, id);
  const { status } = invitationAnswer(invitation);
  if (status !== "Open") {
    throw new ServiceError(409, "InvitationNotOpen", `Invitation with ID ${id} is not open. Status is: ${status}`);
  }
  for (const [claim, expected] of Object.entries(invitation.claims)) {
    const given = caller.claims[claim];
    if (given === undefined) {
      throw new ServiceError(403, "TokenClaimMissing", `Missing claim in incoming token: ${claim}`);
    }
    if (typeof given !== "string" || !expected.includes(given)) {
      const message = `Incoming claim ${claim}, value ${JSON.stringify(given)} does not match expected values: ${expected.join(",")}`;
      throw new ServiceError(403, "TokenClaimMismatch", message);
    }
  }
  await chain.write({ kind: "invitationAccepted", id, userId: caller.id, tenantId: caller.tenantId });
}

/** What members do with an accepted invitation, through the consortium manager: they register the user. */
export async function finalizeInvitation(chain: Chain, id: string): Promise<void> {
  const { acceptedBy } = find(chain.state, id);
  if (acceptedBy === undefined)
    throw new ServiceError(412, "InvitationNotAccepted", `Invitation ${id} is not accepted.`);
  await chain.write({ kind: "user", id: acceptedBy.userId, tenantId: acceptedBy.tenantId ?? "", invitationId: id });
}

function find(state: State, id: string): Invitation {
  const invitation = state.invitations.get(id);
  if (invitation === undefined) {
    throw new ServiceError(404, "InvitationNotFound", `Invitation with ID ${id} not found.`);
  }
  return invitation;
}

function invitationAnswer({ id, claims, acceptedBy, finalized }: Invitation): InvitationAnswer {
  const userInfo = acceptedBy && { userId: acceptedBy.userId, data: { tenantId: acceptedBy.tenantId } };
  const status = finalized ? "Finalized" : acceptedBy === undefined ? "Open" : "Accepted";
  return { invitationId: id, accountType: "microsoft", claims, ...(userInfo && { userInfo }), status };
}
