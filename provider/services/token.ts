// Bearer tokens: the one that was set, or one from the machine's own Azure sign-in. An expired token is named before
// it is sent; a token's text is never shown.
import { InvalidInputError, messageOf } from "../errors";
import type { TokenSource } from "../http/client";
import { debug } from "../log";

/** What a token says of its bearer, read without verifying: the services verify. */
export interface Caller {
  /** Object id: how governance names a user. */
  readonly oid: string;
  /** Tenant id. */
  readonly tid: string;
  /** What Azure calls such a principal: a pipeline's is a service principal, whose token names no person. */
  readonly type: "User" | "ServicePrincipal";
}

/** A token that was handed over in the settings; it can't be renewed here. */
export function fixedToken(token: string, namespace: string): TokenSource {
  return () => {
    const expires = expiryOf(token, namespace);
    if (expires !== undefined && expires <= Date.now()) {
      const at = new Date(expires).toISOString();
      return Promise.reject(
        new InvalidInputError(
          `The token expired at ${at}. Set a new one in ${namespace}:token or CLEANROOM_TOKEN, or leave both out to sign in with Azure's own credentials.`,
        ),
      );
    }
    return Promise.resolve(token);
  };
}

/** What `@azure/identity` gives. */
export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresOnTimestamp: number;
}

export interface Credential {
  getToken(scope: string): Promise<AccessToken | null>;
}

/** A token is renewed so long before its end, in milliseconds, that no request outlives it. */
const MARGIN = 2 * 60_000;

/**
 * Tokens of `scope` from the environment's Azure credentials: workload or managed identity, Azure CLI and others. One is
 * fetched for all who ask together, and kept: the Azure CLI would be started for each.
 */
export function azureToken(scope: string, open: () => Promise<Credential> = azureCredential): TokenSource {
  let kept: Promise<AccessToken> | undefined;
  const fetched = (): Promise<AccessToken> => {
    const asked: Promise<AccessToken> = fetchToken(scope, open).catch((error: unknown) => {
      kept = kept === asked ? undefined : kept;
      throw error;
    });
    kept = asked;
    return asked;
  };
  return async (fresh) => {
    const before = kept;
    if (before === undefined || fresh) {
      return (await fetched()).token;
    }
    const { token, expiresOnTimestamp } = await before;
    // Of those who find it old together, the first asks for another.
    return expiresOnTimestamp - MARGIN > Date.now()
      ? token
      : (await (kept === before ? fetched() : (kept ?? fetched()))).token;
  };
}

async function azureCredential(): Promise<Credential> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential();
}

async function fetchToken(scope: string, open: () => Promise<Credential>): Promise<AccessToken> {
  let answer: AccessToken | null;
  try {
    // A credential of its own: an old one would answer from what it has kept.
    answer = await (await open()).getToken(scope);
  } catch (error) {
    debug(messageOf(error));
    throw new InvalidInputError(
      `No token for ${scope}: none of Azure's credentials on this machine gave one (${summary(error)}). Sign in (\`az login\`), or give the pipeline a workload identity. CLEANROOM_DEBUG=1 shows what each said.`,
      { cause: error },
    );
  }
  if (answer === null) {
    throw new InvalidInputError(`No token for ${scope}: sign in (\`az login\`), or give the pipeline an identity.`);
  }
  return answer;
}

/** One line of the many that a chain of credentials answers. */
function summary(error: unknown): string {
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** Who bears the token. */
export function callerOf(token: string, namespace: string): Caller {
  const { oid, tid, idtyp, upn, preferred_username, email } = claimsOf(token, namespace);
  if (typeof oid !== "string" || typeof tid !== "string") {
    throw new InvalidInputError(
      "The token names no user (its claims `oid` and `tid` are missing), so governance can't know its bearer. Sign in as a user or a service principal.",
    );
  }
  const person =
    idtyp === "user" || (idtyp !== "app" && [upn, preferred_username, email].some((name) => name !== undefined));
  return { oid, tid, type: person ? "User" : "ServicePrincipal" };
}

/** When a token ends, in milliseconds since the epoch; undefined when it does not say. */
export function expiryOf(token: string, namespace: string): number | undefined {
  const { exp } = claimsOf(token, namespace);
  return typeof exp === "number" ? exp * 1_000 : undefined;
}

function claimsOf(token: string, namespace: string): Readonly<Record<string, unknown>> {
  const part = token.split(".")[1];
  try {
    const claims: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    if (typeof claims === "object" && claims !== null) {
      return claims as Record<string, unknown>;
    }
  } catch {
    // said below, without the token
  }
  throw new InvalidInputError(
    `The token (${token.length} characters) is no JSON web token. Check ${namespace}:token or CLEANROOM_TOKEN.`,
  );
}
