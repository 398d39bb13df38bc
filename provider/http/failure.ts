// Tells what surely was not sent from what may have arrived, by the code of a failed connection, and says what helps.
import { messageOf, UnknownOutcomeError, UnreachableError, type RequestPlace } from "../errors";
import { UnusableAnswerError } from "./body";

/** What the failure of a connection means. */
export type Failed =
  | {
      readonly kind: "unreachable";
      readonly error: UnreachableError;
      /** Another attempt would end alike. */ readonly hopeless: boolean;
    }
  | { readonly kind: "unknown"; readonly error: UnknownOutcomeError; readonly hopeless: boolean };

const UNTRUSTED =
  "Its certificate is not trusted: check the address, or name the authority's file in NODE_EXTRA_CA_CERTS.";
const NO_NAME = "This host name does not exist here: check the address, and the network's DNS.";
const NOBODY = "Nothing answers there: check the address and that the service runs.";
const NO_TLS = "The two ends agree on no TLS connection: check the address, its port and what stands between.";
const PROXY =
  "The proxy lets nothing through to it: check HTTPS_PROXY, its user and password, or name the host in NO_PROXY.";

/** Failures before anything was sent, with what helps. */
const NOT_SENT: Readonly<Record<string, { readonly remedy: string; readonly hopeless: boolean }>> = {
  ECONNREFUSED: { remedy: NOBODY, hopeless: false },
  EHOSTUNREACH: { remedy: NOBODY, hopeless: false },
  ENETUNREACH: { remedy: NOBODY, hopeless: false },
  EAI_AGAIN: { remedy: NO_NAME, hopeless: false },
  UND_ERR_CONNECT_TIMEOUT: { remedy: NOBODY, hopeless: false },
  ENOTFOUND: { remedy: NO_NAME, hopeless: true },
  UND_ERR_PRX_TLS: { remedy: PROXY, hopeless: true },
  UND_ERR_PRX_CONN: { remedy: PROXY, hopeless: false },
  EPROTO: { remedy: NO_TLS, hopeless: true },
  CERT_HAS_EXPIRED: { remedy: UNTRUSTED, hopeless: true },
  CERT_NOT_YET_VALID: { remedy: UNTRUSTED, hopeless: true },
  CERT_REVOKED: { remedy: UNTRUSTED, hopeless: true },
  DEPTH_ZERO_SELF_SIGNED_CERT: { remedy: UNTRUSTED, hopeless: true },
  SELF_SIGNED_CERT_IN_CHAIN: { remedy: UNTRUSTED, hopeless: true },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { remedy: UNTRUSTED, hopeless: true },
  UNABLE_TO_GET_ISSUER_CERT: { remedy: UNTRUSTED, hopeless: true },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { remedy: UNTRUSTED, hopeless: true },
  ERR_TLS_CERT_ALTNAME_INVALID: { remedy: UNTRUSTED, hopeless: true },
};
/** What undici says when a proxy answers CONNECT with anything but 200. */
const TUNNEL_REFUSED = /Proxy response \((\d+)\)|Proxy Authentication Required/;

/** `waited`: how long for, in words, when it was we who gave up. */
export function failureOf(place: RequestPlace, error: unknown, waited: string | undefined): Failed {
  if (waited !== undefined) {
    return { kind: "unknown", hopeless: false, error: new UnknownOutcomeError(place, `no answer within ${waited}`) };
  }
  if (error instanceof UnusableAnswerError) {
    return { kind: "unknown", hopeless: true, error: new UnknownOutcomeError(place, messageOf(error)) };
  }
  const { code, message } = reasonOf(error);
  const tunnel = TUNNEL_REFUSED.exec(message);
  const known =
    tunnel === null ? NOT_SENT[code ?? ""] : { remedy: PROXY, hopeless: !/^50[0234]$/.test(tunnel[1] ?? "") };
  const why = `${code ?? "failed"}: ${message}`;
  return known === undefined
    ? { kind: "unknown", hopeless: false, error: new UnknownOutcomeError(place, why, { cause: error }) }
    : {
        kind: "unreachable",
        hopeless: known.hopeless,
        error: new UnreachableError(place, `${why}. ${known.remedy}`, { cause: error }),
      };
}

/** The innermost cause that has a code: what is around it says less. */
function reasonOf(error: unknown): { readonly code?: string; readonly message: string } {
  for (let at: unknown = error; typeof at === "object" && at !== null; at = (at as { cause?: unknown }).cause) {
    if (at instanceof AggregateError && at.errors.length > 0) {
      return reasonOf(at.errors[0]);
    }
    const { code } = at as { code?: unknown };
    if (typeof code === "string") {
      return { code, message: messageOf(at) };
    }
  }
  return { message: messageOf(error) };
}
