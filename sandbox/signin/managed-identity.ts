// The managed-identity endpoint of Azure App Service, through which the unmodified `@azure/identity` gets tokens. One
// secret header a collaborator says who is asking.
import { type Answer, ok, type Request, type Route } from "../http";
import { collaborators } from "../world";
import type { Tokens } from "./tokens";

const LIFETIME = 3600;

/** @param headers secret by collaborator's name */
export function managedIdentityRoutes(tokens: Tokens, headers: Readonly<Record<string, string>>): Route[] {
  const answer = async (request: Request): Promise<Answer> => {
    const given = request.headers["x-identity-header"];
    const who = collaborators.find(({ name }) => headers[name] !== undefined && headers[name] === given);
    if (who === undefined)
      return refusal(401, "The X-IDENTITY-HEADER header is missing or not that of a collaborator.");
    const version = request.query.get("api-version");
    if (version !== "2019-08-01")
      return refusal(400, `The api-version ${JSON.stringify(version)} is not supported: 2019-08-01 is.`);
    const resource = request.query.get("resource");
    if (!resource) return refusal(400, "The resource parameter is missing.");
    const { tenantId, userOid: oid, upn } = who;
    const token = await tokens.issue({ tenantId, oid, audience: resource, upn, seconds: LIFETIME });
    const expiresOn = String(tokens.now() + LIFETIME);
    return ok({ access_token: token, expires_on: expiresOn, resource, token_type: "Bearer", client_id: oid });
  };
  return [{ method: "GET", path: "/msi/token", handler: answer }];
}

function refusal(statusCode: number, message: string): Answer {
  return { status: statusCode, body: { statusCode, message } };
}
