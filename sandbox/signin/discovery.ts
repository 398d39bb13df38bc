// What a verifier of the sandbox's tokens reads: each tenant's discovery document and the signing keys.
import { ok, type Route } from "../http";
import { aadError } from "./errors";
import { isTenant } from "./tenants";
import type { Tokens } from "./tokens";

export function discoveryRoutes(tokens: Tokens): Route[] {
  const document = (tenantId: string): unknown => {
    const base = `${tokens.authority}/${tenantId}`;
    return {
      issuer: tokens.issuerOf(tenantId),
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      response_types_supported: ["id_token", "token"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["private_key_jwt"],
      claims_supported: ["aud", "iss", "iat", "nbf", "exp", "oid", "tid", "upn", "preferred_username", "appid"],
    };
  };
  return [
    {
      method: "GET",
      path: "/:tenantId/v2.0/.well-known/openid-configuration",
      handler: ({ params: { tenantId = "" } }) =>
        isTenant(tenantId)
          ? ok(document(tenantId))
          : aadError("invalid_tenant", 90002, `Tenant '${tenantId}' not found.`),
    },
    { method: "GET", path: "/:tenantId/discovery/v2.0/keys", handler: () => ok({ keys: [tokens.key.jwk] }) },
  ];
}
