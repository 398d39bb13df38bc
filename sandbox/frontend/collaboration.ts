// The collaboration itself: membership, invitations, contract, secrets, audit events, the issuer and the release
// policy.
import { type Answer, empty, ok, type Route, ServiceError } from "../http";
import { contractId } from "../world";
import { action, asPlainString, type FrontendCall, type Services, type Work } from "./action";
import { issuerRequest, runRequest, secretRequest } from "./models";
import { userOf } from "./membership";
import { releasePolicy } from "./release-policy";

const ROOT = "/collaborations/:collaborationId";

export function collaborationRoutes(services: Services): Route[] {
  const get = (path: string, work: Work): Route => action(services, "GET", path, work);
  return [
    get("/collaborations", async (call) => ok(await services.membership.list(call.token, call.flag("activeOnly")))),
    get(ROOT, async (call) =>
      ok(await services.membership.get(call.token, call.collaborationId, call.flag("activeOnly"))),
    ),
    get(`${ROOT}/collaborators`, async (call) =>
      ok(await services.membership.collaborators(call.token, call.collaborationId)),
    ),
    get(`${ROOT}/invitations`, listInvitations),
    get(`${ROOT}/invitations/:id`, async (call) => {
      const { userInfo, ...rest } = await (await call.client()).getInvitation(call.param("id"));
      return ok({ ...rest, userInfo: userInfo ?? null });
    }),
    action(services, "POST", `${ROOT}/invitations/:id/accept`, acceptInvitation),
    get(`${ROOT}/report`, report),
    get(`${ROOT}/analytics`, async (call) => ok(await (await call.client()).getContract(contractId))),
    get(`${ROOT}/oidc/issuerInfo`, asPlainString("Error getting OIDC issuer info", issuerInfo)),
    action(
      services,
      "POST",
      `${ROOT}/oidc/setIssuerUrl`,
      asPlainString("Error setting OIDC issuer URL", setIssuerUrl),
      {
        model: issuerRequest,
        parameter: "setIssuerUrlInput",
      },
    ),
    get(`${ROOT}/oidc/keys`, asPlainString("Error getting OIDC keys", keys)),
    get(`${ROOT}/analytics/datasets/:id/skrpolicy`, async (call) =>
      ok(await releasePolicy(await call.client(), call.param("id"))),
    ),
    action(services, "PUT", `${ROOT}/analytics/secrets/:name`, setSecret, {
      model: secretRequest,
      parameter: "requestBody",
    }),
    get(`${ROOT}/analytics/auditevents`, auditEvents),
    ...runRoutes(services),
    action(services, "POST", `${ROOT}/analytics/:workloadId`, () =>
      Promise.resolve({ status: 403, text: "This endpoint is only available in Development environment." }),
    ),
  ];
}

async function listInvitations(call: FrontendCall): Promise<Answer> {
  const { token } = call;
  const pendingOnly = call.flag("pendingOnly");
  const { userStatus } = await call.services.membership.get(token, call.collaborationId);
  if (pendingOnly && userStatus === "Active") return ok({ invitations: [] });
  const { value } = await (await call.client()).listInvitations();
  const mine = userOf(token).identifier.toLowerCase();
  const invitations = value
    .filter(({ claims }) => claims.preferred_username?.some((each) => each.toLowerCase() === mine))
    .map(({ invitationId, accountType, status }) => ({ invitationId, accountType, status }));
  return ok({ invitations });
}

/** Takes an invitation from Open over Accepted to Finalized, and the member to Active. */
async function acceptInvitation(call: FrontendCall): Promise<Answer> {
  const client = await call.client();
  const id = call.param("id");
  try {
    for (;;) {
      const { status } = await client.getInvitation(id);
      if (status === "Open") await client.acceptInvitation(id);
      else if (status === "Accepted") await call.services.governance.finalizeInvitation(id);
      else {
        await call.services.membership.activate(call.token, call.collaborationId);
        return empty(204);
      }
    }
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    return { status: 404, body: { error: "InvitationNotFound", message: `Invitation ${id} not found` } };
  }
}

async function report(call: FrontendCall): Promise<Answer> {
  const client = await call.client();
  const { data } = (await client.getContract(contractId)) as { data: string };
  const { governance } = call.services;
  const { ccrgovServiceCertDiscovery: discovery } = JSON.parse(data) as {
    ccrgovServiceCertDiscovery: { endpoint: string };
  };
  const cgs = { cgsEndpoint: governance.url, recoveryAgentEndpoint: discovery.endpoint, report: governance.report() };
  const manager = { platform: "virtual", report: null, serviceCert: "", hostData: null };
  return ok({ cgs, consortiumManager: { endpoint: `${governance.url}/consortium-manager`, report: manager } });
}

async function issuerInfo(call: FrontendCall): Promise<Answer> {
  const info = (await (await call.client()).issuerInfo()) as Record<string, unknown>;
  return ok({ enabled: info.enabled, issuerUrl: info.issuerUrl ?? null, tenantData: info.tenantData ?? null });
}

async function setIssuerUrl(call: FrontendCall): Promise<Answer> {
  const { url } = call.body;
  await (await call.client()).setIssuerUrl({ url });
  return ok({ url, message: "Successfully set OIDC issuer URL." });
}

async function keys(call: FrontendCall): Promise<Answer> {
  await call.client();
  const { kty, kid, use, alg, n, e } = call.services.governance.jwk();
  return ok({ keys: [{ kty, kid, use, alg, n, e, x5c: null, x5t: null, "x5t#S256": null }] });
}

async function setSecret(call: FrontendCall): Promise<Answer> {
  const client = await call.client();
  return ok(await client.putSecret(contractId, call.param("name"), { value: call.body.secretConfig }));
}

/** The governance client asks the application three times for a range that is still being fetched. */
async function auditEvents(call: FrontendCall): Promise<Answer> {
  const { query } = call.request;
  const asked = new URLSearchParams({ from_seqno: query.get("from_seqno") ?? "1" });
  for (const key of ["scope", "to_seqno"]) if (query.get(key)) asked.set(key, query.get(key) ?? "");
  const client = await call.client();
  let answer = await client.listEvents(contractId, asked);
  for (let attempt = 1; answer.status === 202 && attempt < 3; attempt += 1)
    answer = await client.listEvents(contractId, asked);
  const { value, nextLink } = answer.body as { value: Record<string, unknown>[]; nextLink?: string };
  const events = value.map(({ scope, id, timestamp, timestampIso, data }) => {
    const { source = null, message = null } = (data ?? {}) as Record<string, unknown>;
    return { scope, id, timestamp, timestampIso: timestampIso ?? "", data: { source, message } };
  });
  return ok({ value: events, nextLink: nextLink ?? null });
}

/** No analytics agent is deployed in the sandbox: running a query is refused as in a collaboration without one. */
function runRoutes(services: Services): Route[] {
  const refuse: Work = async (call) => {
    await call.client();
    const message = "Deployment endpoint URL not found in deployment information";
    throw new ServiceError(400, "DeploymentEndpointNotFound", message);
  };
  return [
    action(services, "POST", `${ROOT}/analytics/queries/:id/run`, refuse, {
      model: runRequest,
      parameter: "requestBody",
    }),
    action(services, "GET", `${ROOT}/analytics/runs/:jobId`, refuse),
    action(services, "GET", `${ROOT}/analytics/queries/:id/runs`, refuse),
  ];
}
