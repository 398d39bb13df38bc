// Governance as an issuer of tokens: its signing key, the URL that every tenant may override, and the token that the
// attested clean room gets.
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { GovernanceService } from "../context";
import { ok, type Route, ServiceError } from "../http";
import type { SigningKey } from "../signin";
import type { Caller } from "./caller";
import type { Chain } from "./chain";
import { requireCleanRoom } from "./contracts";
import type { State } from "./state";

export function issuerInfo(state: State, { tenantId }: Caller): unknown {
  const issuerUrl = state.tenantIssuers.get(tenantId);
  const tenantData = issuerUrl === undefined ? {} : { tenantData: { tenantId, issuerUrl } };
  return { enabled: true, issuerUrl: state.issuerUrl, ...tenantData };
}

/** Any registered user of a tenant may overwrite the tenant's issuer. */
export async function setIssuerUrl(chain: Chain, { tenantId }: Caller, url: unknown): Promise<void> {
  if (typeof url !== "string") throw new ServiceError(400, "InvalidUrl", "cannot read property 'match' of undefined");
  const scheme = /^(?:([^:/?#]+):)?/.exec(url)?.[1];
  if (scheme !== "http" && scheme !== "https") {
    const message = `Url should have http or https as its scheme but scheme is ${scheme}.`;
    throw new ServiceError(400, "InvalidUrl", message);
  }
  await chain.write({ kind: "tenantIssuer", tenantId, url });
}

export function tenantIssuer(state: State, tenantId: string): string {
  const url = state.tenantIssuers.get(tenantId) ?? state.issuerUrl;
  if (url === undefined) throw new Error(`no issuer URL is set, neither for tenant ${tenantId} nor for all`);
  return url;
}

type TokenRequest = Parameters<GovernanceService["issueCleanRoomToken"]>[0];

/** @throws CleanRoomRefusal */
export function issueCleanRoomToken(
  state: State,
  key: SigningKey,
  contractId: string,
  now: Date,
  { tenantId, subject, audience, hostData, issuer }: TokenRequest,
): Promise<string> {
  requireCleanRoom(state, contractId, hostData);
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: "PS256", typ: "JWT", kid: key.kid })
    .setIssuer(issuer ?? tenantIssuer(state, tenantId))
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 3600)
    .setJti(randomUUID())
    .sign(key.privateKey);
}

/** The routes that anyone may read, at the governance-wide issuer URL. */
export function issuerRoutes(state: State, key: () => SigningKey): Route[] {
  const document = (): unknown => ({
    issuer: state.issuerUrl ?? "{placeholder}",
    jwks_uri: `${state.issuerUrl ?? "{placeholder}"}/keys`,
    response_types_supported: ["id_token"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
  return [
    { method: "GET", path: "/app/oidc/.well-known/openid-configuration", handler: () => ok(document()) },
    { method: "GET", path: "/app/oidc/keys", handler: () => ok({ keys: [key().jwk] }) },
  ];
}
