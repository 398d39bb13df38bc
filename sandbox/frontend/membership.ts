// Who belongs to the collaboration: what the frontend asks its membership manager, in the name of the token's user.
import { decodeJwt, type JWTPayload } from "jose";
import { type SignIn, TokenError } from "../context";
import type { Member, RunningGovernance } from "../governance";
import { serviceAudiences } from "../governance";
import { ServiceError } from "../http";
import { collaboration } from "../world";

export interface User {
  /** Mail name of a user, application id of an app. */
  readonly identifier: string;
  readonly objectId: string | undefined;
}

/** Reads the token without believing it: governance and the membership manager check it. */
export function userOf(token: string): User {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch (error) {
    throw invalidToken((error as Error).message);
  }
  const claim = (...names: string[]): string | undefined =>
    names.map((name) => claims[name]).find((value): value is string => typeof value === "string" && value !== "");
  const identifier = claim("preferred_username", "upn", "email") ?? claim("appid", "azp");
  if (identifier === undefined) {
    throw invalidToken(
      "User tokens must contain an email claim (preferred_username/upn/email). App tokens must contain appid or azp claim.",
    );
  }
  // An object id without a tenant is nobody's.
  return { identifier, objectId: claim("tid") === undefined ? undefined : claim("oid") };
}

const invalidToken = (why: string): ServiceError =>
  new ServiceError(400, "InvalidToken", `Failed to parse user token: ${why}`);

export interface CollaborationAnswer {
  readonly collaborationId: string;
  readonly collaborationName: string;
  readonly userStatus: string;
}

export class Membership {
  constructor(
    private readonly governance: RunningGovernance,
    private readonly signIn: SignIn,
  ) {}

  async list(token: string, activeOnly: boolean): Promise<{ collaborations: CollaborationAnswer[] }> {
    const user = userOf(token);
    try {
      await this.verify(token);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const message = "Failed to get collaborations from the membership manager.";
      throw new ServiceError(400, "MembershipManagerRequestFailed", message);
    }
    const member = this.governance.member(user.identifier);
    const found = member === undefined || (activeOnly && member.status !== "Active") ? [] : [describe(member)];
    return { collaborations: found };
  }

  /** @throws ServiceError 404 for an unknown collaboration as for somebody who is no member of it */
  async get(token: string, collaborationId: string, activeOnly = false): Promise<CollaborationAnswer> {
    const member = await this.memberOf(token, collaborationId);
    if (member === undefined || (activeOnly && member.status !== "Active")) {
      throw new ServiceError(404, "CollaborationNotFound", `Collaboration ${collaborationId} not found.`);
    }
    return describe(member);
  }

  async collaborators(token: string, collaborationId: string): Promise<unknown> {
    if ((await this.memberOf(token, collaborationId)) === undefined) {
      const message = `Collaboration ${collaborationId} not found or caller is not a member.`;
      throw new ServiceError(404, "CollaborationNotFound", message);
    }
    const members = this.governance.members();
    return { collaborators: members.map(({ identifier, isOwner }) => ({ userIdentifier: identifier, isOwner })) };
  }

  async activate(token: string, collaborationId: string): Promise<void> {
    const member = await this.memberOf(token, collaborationId);
    if (member !== undefined) await this.governance.change({ kind: "member", ...member, status: "Active" });
  }

  private async memberOf(token: string, collaborationId: string): Promise<Member | undefined> {
    const { identifier } = userOf(token);
    await this.verify(token);
    return collaborationId.toLowerCase() === collaboration.id ? this.governance.member(identifier) : undefined;
  }

  private async verify(token: string): Promise<void> {
    try {
      await this.signIn.verify(token, { audience: serviceAudiences });
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // Members are known by their mail name: a token without an object id gets as far as governance.
      if (error.fault !== "noObjectId") throw new ServiceError(401, "InvalidAuthenticationInfo", error.message);
    }
  }
}

function describe({ status }: Member): CollaborationAnswer {
  return { collaborationId: collaboration.id, collaborationName: collaboration.name, userStatus: status };
}
