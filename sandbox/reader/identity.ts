// The clean room signs in as the dataset's managed identity: governance vouches for it by a token, which Entra exchanges
// when the identity has a federated credential for exactly that issuer, subject and audience.
import type { TokenCredential } from "@azure/core-auth";
import { type Agent, request } from "undici";
import type { SpecificationIdentity } from "../../contract";
import type { SandboxContext } from "../context";

const AUDIENCE = "api://AzureADTokenExchange";

interface CleanRoomIdentity {
  readonly subject: string;
  readonly issuer: string;
  readonly audience: string;
  readonly credential: TokenCredential;
}

/** Nothing is asked until a token is needed; `signIn` of the answer's credential asks for storage or the vault. */
export function cleanRoomIdentity(
  ctx: SandboxContext,
  agent: Agent,
  identity: SpecificationIdentity,
  {
    contractId,
    ownerId,
    hostData,
  }: { readonly contractId: string; readonly ownerId: string; readonly hostData: string },
): CleanRoomIdentity {
  const { clientId, tenantId } = identity;
  const subject = `${contractId}-${ownerId}`;
  const issuer = issuerOf(identity) ?? ctx.governance.tenantIssuer(tenantId);
  const known = new Map<string, Promise<string>>();
  const signIn = async (scope: string): Promise<string> => {
    const assertion = await ctx.governance.issueCleanRoomToken({
      tenantId,
      subject,
      audience: AUDIENCE,
      hostData,
      issuer,
    });
    return exchange(agent, `${ctx.signIn.authority}/${tenantId}/oauth2/v2.0/token`, { clientId, assertion, scope });
  };
  const credential: TokenCredential = {
    getToken: async (scopes) => {
      const scope = String([scopes].flat()[0]);
      const token = known.get(scope) ?? signIn(scope);
      known.set(scope, token);
      return { token: await token, expiresOnTimestamp: Date.now() + 3_000_000 };
    },
  };
  return { subject, issuer, audience: AUDIENCE, credential };
}

function issuerOf({ tokenIssuer }: SpecificationIdentity): string | undefined {
  return (tokenIssuer as { issuer?: { url?: string } } | null | undefined)?.issuer?.url || undefined;
}

async function exchange(
  agent: Agent,
  url: string,
  { clientId, assertion, scope }: { readonly clientId: string; readonly assertion: string; readonly scope: string },
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope,
  });
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const answer = (await body.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token !== undefined) return answer.access_token;
  throw new Error(
    (answer.error_description ?? `the token endpoint answered ${statusCode}`).split(/\r?\n| Trace ID/)[0],
  );
}
