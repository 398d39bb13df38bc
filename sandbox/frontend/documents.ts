// Datasets and queries: read, publish, vote, consent.
import type { DatasetDetails, QueryDetails, UserDocument } from "../../contract";
import { type Answer, empty, ok, type Route, ServiceError } from "../http";
import { action, asPlainString, type FrontendCall, type Services, type Work } from "./action";
import { consentRequest, datasetDetails, queryDetails, voteRequest } from "./models";
import { publishDataset, publishQuery } from "./publish";
import { toQueryDetails, uses } from "./query";
import { toDetails } from "./specification";

const ROOT = "/collaborations/:collaborationId";

export function documentRoutes(services: Services): Route[] {
  const get = (path: string, work: Work): Route => action(services, "GET", `${ROOT}${path}`, work);
  const body = { datasetDetails, queryDetails, request: voteRequest, requestBody: consentRequest };
  const send = (method: "POST" | "PUT", path: string, parameter: keyof typeof body, work: Work): Route =>
    action(services, method, `${ROOT}${path}`, work, { model: body[parameter], parameter });
  return [
    get("/analytics/datasets", (call) => list(call, "dataset")),
    get("/analytics/queries", (call) => list(call, "spark-application")),
    get("/analytics/datasets/:id/queries", queriesOfDataset),
    get("/analytics/datasets/:id", getDataset),
    get("/analytics/queries/:id", getQuery),
    send(
      "POST",
      "/analytics/datasets/:id/publish",
      "datasetDetails",
      asPlainString("Error publishing dataset", publishDatasetOf),
    ),
    send(
      "POST",
      "/analytics/queries/:id/publish",
      "queryDetails",
      asPlainString("Error publishing query", publishQueryOf),
    ),
    send("POST", "/analytics/queries/:id/vote", "request", vote),
    get("/consent/:id", async (call) => ok(await (await call.client()).consentStatus(call.param("id"), "execution"))),
    send("PUT", "/consent/:id", "requestBody", setConsent),
  ];
}

async function list(call: FrontendCall, type: string): Promise<Answer> {
  const { value } = await (await call.client()).listDocuments(`type:${type}`);
  return ok({ value: value.map(({ id, labels }) => ({ id, labels: labels ?? {} })) });
}

async function queriesOfDataset(call: FrontendCall): Promise<Answer> {
  const client = await call.client();
  const { value } = await client.listDocuments("type:spark-application");
  const found: unknown[] = [];
  for (const { id, labels } of value) {
    const { data } = await client.getDocument(id);
    if (data == null) throw new ServiceError(400, "ContentEmpty", `Document with Id ${id} has null content.`);
    for (let times = uses(data, call.param("id")); times > 0; times -= 1) found.push({ id, labels: labels ?? {} });
  }
  return ok({ value: found });
}

async function getDataset(call: FrontendCall): Promise<Answer> {
  const document = await (await call.client()).getDocument(call.param("id"));
  return ok(describe(document, toDetails(document.data)));
}

async function getQuery(call: FrontendCall): Promise<Answer> {
  const document = await (await call.client()).getDocument(call.param("id"));
  const { proposalId = "", approvers = [] } = document;
  return ok({ proposalId, approvers, ...describe(document, toQueryDetails(document.data)) });
}

function describe({ id, version, state, proposerId = "" }: UserDocument, data: unknown): Record<string, unknown> {
  return { id, version: version ?? "", data, state, proposerId };
}

async function publishDatasetOf(call: FrontendCall): Promise<Answer> {
  const { callerId } = call;
  await publishDataset(await call.client(), call.param("id"), callerId, call.body as unknown as DatasetDetails);
  return empty(204);
}

async function publishQueryOf(call: FrontendCall): Promise<Answer> {
  await publishQuery(await call.client(), call.param("id"), call.body as unknown as QueryDetails);
  return empty(204);
}

/** Anything but exactly `accept` rejects. */
async function vote(call: FrontendCall): Promise<Answer> {
  const { proposalId, voteAction } = call.body;
  const client = await call.client();
  await client.vote(call.param("id"), { proposalId }, voteAction === "accept" ? "accepted" : "rejected");
  return empty(204);
}

async function setConsent(call: FrontendCall): Promise<Answer> {
  const client = await call.client();
  const wanted = call.body.consentAction;
  if (wanted !== "enable" && wanted !== "disable") {
    throw new ServiceError(
      500,
      "ArgumentException",
      "Action must be 'enable' or 'disable' (Parameter 'consentAction')",
    );
  }
  await client.setConsent(call.param("id"), "execution", `${wanted}d`);
  return empty(204);
}
