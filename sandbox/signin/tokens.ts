// Issues and verifies the sandbox's access tokens: RS256, one key, one issuer a tenant.
import { errors, jwtVerify, SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import { TokenError, type TokenClaims, type TokenRequest } from "../context";
import type { SigningKey } from "./signing-key";

export class Tokens {
  constructor(
    /** `https://localhost:<port>` */
    readonly authority: string,
    readonly key: SigningKey,
    private readonly clock: () => Date,
  ) {}

  issuerOf(tenantId: string): string {
    return `${this.authority}/${tenantId}/v2.0`;
  }

  /** Seconds since the epoch. */
  now(): number {
    return Math.floor(this.clock().getTime() / 1000);
  }

  issue({ tenantId, oid, audience, upn, appid, seconds = 3600 }: TokenRequest): Promise<string> {
    const now = this.now();
    const user = upn === undefined ? {} : { upn, preferred_username: upn };
    const app = appid === undefined ? {} : { appid, azp: appid };
    return new SignJWT({ oid, tid: tenantId, ver: "2.0", ...user, ...app })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.key.kid })
      .setIssuer(this.issuerOf(tenantId))
      .setSubject(oid)
      .setAudience(audience)
      .setIssuedAt(Math.min(now, now + seconds))
      .setNotBefore(Math.min(now, now + seconds))
      .setExpirationTime(now + seconds)
      .setJti(randomUUID())
      .sign(this.key.privateKey);
  }

  /** @throws TokenError */
  async verify(token: string, expected: { readonly audience: string | readonly string[] }): Promise<TokenClaims> {
    let claims: Record<string, unknown>;
    try {
      const options = { algorithms: ["RS256"], currentDate: this.clock(), requiredClaims: ["exp", "iss", "aud"] };
      claims = (await jwtVerify(token, this.key.publicKey, options)).payload;
    } catch (error) {
      throw refusal(error);
    }
    const accepted = [expected.audience].flat().map(withoutSlash);
    const given = [claims.aud].flat().map((each) => withoutSlash(String(each)));
    if (!given.some((each) => accepted.includes(each))) {
      throw new TokenError(
        "wrongAudience",
        `The token is for ${given.join(", ")}, and not for ${accepted.join(" or ")}.`,
      );
    }
    if (typeof claims.tid !== "string" || claims.iss !== this.issuerOf(claims.tid)) {
      throw new TokenError(
        "wrongIssuer",
        `The token's issuer ${JSON.stringify(claims.iss)} is not that of its tenant.`,
      );
    }
    if (typeof claims.oid !== "string") throw new TokenError("noObjectId", "The token has no oid claim.");
    return { ...claims, oid: claims.oid, tid: claims.tid };
  }
}

const withoutSlash = (audience: string): string => audience.replace(/\/+$/, "");

function refusal(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) {
    const at =
      typeof error.payload.exp === "number" ? new Date(error.payload.exp * 1000).toISOString() : "some time ago";
    return new TokenError("expired", `The token expired at ${at}.`);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const fault = error.claim === "nbf" ? "notYetValid" : "malformed";
    return new TokenError(fault, `The token's ${error.claim} claim is refused: ${error.message}.`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenError("badSignature", "The token's signature is not that of the sandbox's sign-in.");
  }
  if (error instanceof errors.JOSEError)
    return new TokenError("malformed", `The token is malformed: ${error.message}.`);
  throw error;
}
