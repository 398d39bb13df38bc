// Workload identity federation: another issuer's token is exchanged for one of a managed identity or an application, when
// a federated credential of it names that issuer, subject and audience. Codes are Microsoft Entra's.
import type { FederatedCredentialFacts, IdentityFacts } from "../clouds";
import { type FederatedExchange, FederationError } from "../context";
import { claims, type Trust, UntrustedToken } from "./trust";

/** @throws FederationError that says which of issuer, subject and audience no credential names */
export async function exchange(
  { tenantId, clientId, assertion }: FederatedExchange,
  identity: IdentityFacts | undefined,
  trust: Trust,
): Promise<{ readonly oid: string }> {
  if (identity === undefined || identity.tenantId !== tenantId) {
    throw refusal("700016", `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`);
  }
  try {
    const { iss, sub, aud } = claims(assertion);
    const audiences = [aud ?? []].flat();
    const credential = match(identity.credentials, iss ?? "", sub ?? "", audiences, clientId);
    await trust.verify(assertion, { issuer: credential.issuer });
    return { oid: identity.principalId };
  } catch (error) {
    if (!(error instanceof UntrustedToken)) throw error;
    if (error.fault === "time")
      throw refusal("700024", `Client assertion is not within its valid time range: ${error.message}`);
    if (error.fault === "malformed") throw refusal("50027", `JWT token is invalid or malformed: ${error.message}`);
    throw refusal("50013", `Assertion failed signature validation: ${error.message}`);
  }
}

/** Comparison is exact and knows upper and lower case: the most common reason why federation fails silently. */
function match(
  credentials: readonly FederatedCredentialFacts[],
  issuer: string,
  subject: string,
  audiences: readonly string[],
  clientId: string,
): FederatedCredentialFacts {
  const ofIssuer = credentials.filter((each) => each.issuer === issuer);
  const ofSubject = ofIssuer.filter((each) => each.subject === subject);
  const found = ofSubject.find((each) => each.audiences.some((audience) => audiences.includes(audience)));
  if (found !== undefined) return found;
  const presented = `The identity ${clientId} has no federated credential`;
  if (ofIssuer.length === 0) {
    const known = credentials.map((each) => each.issuer).join(", ") || "none";
    throw refusal(
      "700211",
      `${presented} for presented assertion issuer '${issuer}'. Issuers of its credentials: ${known}.`,
    );
  }
  if (ofSubject.length === 0) {
    const known = ofIssuer.map((each) => each.subject).join(", ");
    throw refusal(
      "700213",
      `${presented} for presented assertion subject '${subject}'. Subjects of its credentials: ${known}.`,
    );
  }
  const known = ofSubject.flatMap((each) => each.audiences).join(", ");
  throw refusal(
    "700212",
    `${presented} for presented assertion audience '${audiences.join(", ")}'. Audiences of its credentials: ${known}.`,
  );
}

const refusal = (number: string, message: string): FederationError =>
  new FederationError(`AADSTS${number}`, `AADSTS${number}: ${message}`);
