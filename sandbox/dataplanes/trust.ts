// Checks a token against the keys that its issuer publishes, as every relying party does: discovery document, key set,
// signature, times. Fetched over TLS that trusts the sandbox's own authority and nothing else.
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { Agent, request } from "undici";

/** Why a token of another issuer is not believed. */
export class UntrustedToken extends Error {
  constructor(
    readonly fault: "malformed" | "issuer" | "audience" | "signature" | "time",
    message: string,
  ) {
    super(message);
  }
}

export interface Trust {
  /** The claims of a token that carries a valid signature of `issuer`. @throws UntrustedToken */
  verify(token: string, expected: { readonly issuer: string; readonly audience?: string }): Promise<JWTPayload>;
  close(): Promise<void>;
}

const LIMIT = 256 * 1024;

export function createTrust(ca: string, clock: () => Date): Trust {
  const agent = new Agent({ connect: { ca }, headersTimeout: 5_000, bodyTimeout: 5_000 });
  return {
    verify: async (token, { issuer, audience }) => {
      const claimed = claims(token).iss;
      if (claimed !== issuer) {
        throw new UntrustedToken("issuer", `the token's issuer is ${JSON.stringify(claimed)}, not ${issuer}`);
      }
      const keys = await publishedKeys(agent, issuer);
      try {
        const options = { issuer, audience, currentDate: clock(), algorithms: ["RS256", "ES256", "PS256"] };
        return (await jwtVerify(token, createLocalJWKSet(keys), options)).payload;
      } catch (error) {
        throw explain(error);
      }
    },
    close: () => agent.close(),
  };
}

/** The claims of a token that nobody has checked yet. @throws UntrustedToken */
export function claims(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    throw new UntrustedToken("malformed", `not a JSON Web Token: ${(error as Error).message}`);
  }
}

async function publishedKeys(agent: Agent, issuer: string): Promise<JSONWebKeySet> {
  const document = await fetchJson(agent, `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`);
  const { issuer: named, jwks_uri: keysUrl } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) {
    throw new UntrustedToken("issuer", `the discovery document of ${issuer} names the issuer ${JSON.stringify(named)}`);
  }
  if (typeof keysUrl !== "string") {
    throw new UntrustedToken("issuer", `the discovery document of ${issuer} names no jwks_uri`);
  }
  const { keys = [] } = (await fetchJson(agent, keysUrl)) as Partial<JSONWebKeySet>;
  // `alg` of a published key is a hint: governance publishes one RSA key and signs with PSS.
  return { keys: keys.map(({ alg: _hint, ...key }) => key) };
}

async function fetchJson(agent: Agent, url: string): Promise<unknown> {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new UntrustedToken("issuer", `${JSON.stringify(url)} is not a URL`);
  }
  if (parsed.protocol !== "https:") throw new UntrustedToken("issuer", `${url} is not an HTTPS address`);
  try {
    const { statusCode, body } = await request(parsed, { dispatcher: agent });
    const text = await body.text();
    if (statusCode !== 200 || text.length > LIMIT) throw new Error(`it answered ${statusCode}, ${text.length} bytes`);
    return JSON.parse(text);
  } catch (error) {
    throw new UntrustedToken("issuer", `${url} cannot be read: ${(error as Error).message}`);
  }
}

function explain(error: unknown): UntrustedToken {
  const message = (error as Error).message;
  if (error instanceof errors.JWTExpired) return new UntrustedToken("time", message);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const fault = error.claim === "aud" ? "audience" : error.claim === "iss" ? "issuer" : "time";
    return new UntrustedToken(fault, message);
  }
  return new UntrustedToken("signature", message);
}
