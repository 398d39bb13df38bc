// The REST face of the governance client: every route that a collaborator's user may call. Nothing has a DELETE.
import { empty, type Handler, ok, type Request, type Route, ServiceError } from "../http";
import { ProblemError } from "../http";
import { type Application, GovernanceClient, type Json } from "./client";

type Use = (client: GovernanceClient, request: Request, param: (name: string) => string) => ReturnType<Handler>;

export function governanceRoutes(app: Application): Route[] {
  const route = (method: Route["method"], path: string, use: Use): Route => ({
    method,
    path,
    handler: (request) =>
      use(new GovernanceClient(app, request.headers.authorization), request, (name) => request.params[name] ?? ""),
  });
  return [
    { method: "GET", path: "/ready", handler: () => empty() },
    ...documentRoutes(route),
    ...proposalRoutes(route),
    ...contractRoutes(route),
    ...identityRoutes(route),
  ];
}

type MakeRoute = (method: Route["method"], path: string, use: Use) => Route;

function documentRoutes(route: MakeRoute): Route[] {
  const document = "/userdocuments/:id";
  return [
    route("GET", "/userdocuments", async (client, { query }) =>
      ok(await client.listDocuments(query.get("labelSelector"))),
    ),
    route("GET", document, async (client, _, param) => ok(await client.getDocument(param("id")))),
    route("PUT", document, async (client, request, param) => {
      const transaction = await client.putDocument(param("id"), await object(request));
      return { status: 200, headers: { "x-ms-ccf-transaction-id": transaction } };
    }),
    route("POST", `${document}/propose`, async (client, request, param) =>
      ok(await client.propose(param("id"), await object(request))),
    ),
    route("POST", `${document}/vote_accept`, async (client, request, param) =>
      ok(await client.vote(param("id"), await object(request), "accepted")),
    ),
    route("POST", `${document}/vote_reject`, async (client, request, param) =>
      ok(await client.vote(param("id"), await object(request), "rejected")),
    ),
    route("POST", `${document}/runtimeoptions/:option/enable`, async (client, _, param) => {
      await client.setConsent(param("id"), param("option"), "enabled");
      return empty();
    }),
    route("POST", `${document}/runtimeoptions/:option/disable`, async (client, _, param) => {
      await client.setConsent(param("id"), param("option"), "disabled");
      return empty();
    }),
    route("POST", `${document}/checkstatus/:option`, async (client, _, param) =>
      ok(await client.consentStatus(param("id"), param("option"))),
    ),
  ];
}

function proposalRoutes(route: MakeRoute): Route[] {
  const proposal = "/users/proposals/:id";
  return [
    route("POST", "/users/proposals/create", async (client, request) =>
      ok(await client.createProposal(await object(request))),
    ),
    route("GET", proposal, async (client, _, param) => ok(await client.getProposal(param("id")))),
    route("GET", `${proposal}/status`, async (client, _, param) => ok(await client.proposalStatus(param("id")))),
    route("POST", `${proposal}/withdraw`, async (client, _, param) => ok(await client.withdraw(param("id")))),
    route("POST", `${proposal}/ballots/vote_accept`, async (client, _, param) =>
      ok(await client.submitBallot(param("id"), "accepted")),
    ),
    route("POST", `${proposal}/ballots/vote_reject`, async (client, _, param) =>
      ok(await client.submitBallot(param("id"), "rejected")),
    ),
  ];
}

function contractRoutes(route: MakeRoute): Route[] {
  const contract = "/contracts/:id";
  return [
    route("GET", "/contracts", async (client, { query }) => ok(await client.listContracts(query.get("state")))),
    route("GET", contract, async (client, _, param) => ok(await client.getContract(param("id")))),
    route("GET", `${contract}/cleanroompolicy`, async (client, _, param) =>
      ok(await client.getCleanRoomPolicy(param("id"))),
    ),
    route("GET", `${contract}/secrets`, async (client, _, param) => ok(await client.listSecrets(param("id")))),
    route("PUT", `${contract}/secrets/:name`, async (client, request, param) =>
      ok(await client.putSecret(param("id"), param("name"), await object(request))),
    ),
    route("GET", `${contract}/events`, (client, { query }, param) => client.listEvents(param("id"), query)),
    // Written by members; nobody needs to be signed in to read it.
    route("GET", `${contract}/deploymentinfo`, () => ok({ proposalIds: [], data: {} })),
  ];
}

function identityRoutes(route: MakeRoute): Route[] {
  return [
    route("GET", "/oidc/issuerInfo", async (client) => ok(await client.issuerInfo())),
    route("POST", "/oidc/setIssuerUrl", async (client, request) => {
      await client.setIssuerUrl(await object(request));
      return empty();
    }),
    route("GET", "/users/identities", async (client) => ok(await client.listUsers())),
    route("GET", "/users/identities/:id", async (client, _, param) => ok(await client.getUser(param("id")))),
    route("GET", "/users/invitations", async (client) => ok(await client.listInvitations())),
    route("GET", "/users/invitations/:id", async (client, _, param) => ok(await client.getInvitation(param("id")))),
    route("POST", "/users/invitations/:id/accept", async (client, _, param) => {
      await client.acceptInvitation(param("id"));
      return empty();
    }),
  ];
}

/** CCF's limit for a request's body. */
const MAX_BODY = 1024 * 1024;

async function object(request: Request): Promise<Json> {
  const text = await request.text();
  if (Buffer.byteLength(text) > MAX_BODY) {
    throw new ServiceError(413, "RequestBodyTooLarge", `HTTP request body is too large (max body size: ${MAX_BODY}).`);
  }
  const body = await request.json();
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Json;
  const message =
    "The JSON value could not be converted to System.Text.Json.Nodes.JsonObject. Path: $ | LineNumber: 0 | BytePositionInLine: 0.";
  throw ProblemError.validation({ $: [message], content: ["The content field is required."] });
}
