// The token endpoint: exchanges an assertion of another issuer for a token of a managed identity, when whoever knows
// the identities finds a federated credential for it.
import { type FederatedExchange, FederationError } from "../context";
import { type Answer, ok, type Request, type Route } from "../http";
import { aadError } from "./errors";
import { isTenant } from "./tenants";
import type { Tokens } from "./tokens";

export type Exchange = (request: FederatedExchange) => Promise<{ readonly oid: string }>;

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LIFETIME = 3600;

/** @param exchange looked up at each request, because it is registered after the service has started */
export function federationRoutes(tokens: Tokens, exchange: () => Exchange | undefined): Route[] {
  return [
    {
      method: "POST",
      path: "/:tenantId/oauth2/v2.0/token",
      handler: async (request) => answer(tokens, exchange(), request),
    },
  ];
}

async function answer(tokens: Tokens, exchange: Exchange | undefined, request: Request): Promise<Answer> {
  const tenantId = request.params.tenantId ?? "";
  if (!isTenant(tenantId)) return aadError("invalid_tenant", 90002, `Tenant '${tenantId}' not found.`);
  const form = new URLSearchParams(await request.text());
  const missing = ["grant_type", "client_id", "client_assertion_type", "client_assertion", "scope"].find(
    (key) => !form.get(key),
  );
  if (missing !== undefined) {
    return aadError("invalid_request", 900144, `The request body must contain the following parameter: '${missing}'.`);
  }
  if (form.get("grant_type") !== "client_credentials") {
    return aadError("unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  if (form.get("client_assertion_type") !== ASSERTION_TYPE) {
    return aadError("invalid_request", 50027, `Invalid client assertion type. It must be ${ASSERTION_TYPE}.`);
  }
  const scope = form.get("scope") ?? "";
  if (!scope.endsWith("/.default")) {
    return aadError(
      "invalid_scope",
      70011,
      `The provided value for the input parameter 'scope' is not valid: ${scope}`,
    );
  }
  const clientId = form.get("client_id") ?? "";
  const assertion = form.get("client_assertion") ?? "";
  const notFound = `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`;
  if (exchange === undefined) return aadError("unauthorized_client", 700016, notFound);
  try {
    const { oid } = await exchange({ tenantId, clientId, assertion, scope });
    const audience = scope.slice(0, -"/.default".length);
    const token = await tokens.issue({ tenantId, oid, audience, appid: clientId, seconds: LIFETIME });
    return ok({ token_type: "Bearer", expires_in: LIFETIME, ext_expires_in: LIFETIME, access_token: token });
  } catch (error) {
    if (!(error instanceof FederationError)) throw error;
    const number = Number(/\d+/.exec(error.code)?.[0] ?? 700213);
    const kind = number === 700016 ? "unauthorized_client" : "invalid_client";
    return aadError(kind, number, error.message.replace(/^AADSTS\d+:\s*/, ""), kind === "invalid_client" ? 401 : 400);
  }
}
