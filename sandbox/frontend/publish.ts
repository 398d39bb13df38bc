// Publishing: create, propose and, for a dataset, accept, each step taken for done when governance says it has been. So
// a second publish of the same id goes through whatever its content is, and changes nothing.
import type { Approver, DatasetDetails, QueryDetails, UserDocument } from "../../contract";
import type { GovernanceClient } from "../governance";
import { ServiceError } from "../http";
import { contractId } from "../world";
import { dotnetJson } from "./dotnet-json";
import { parseQuery, toApplication } from "./query";
import { toSpecification } from "./specification";

interface Publication {
  readonly data: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly approvers: readonly Approver[];
}

/** @param ownerId object id of the caller, the dataset's only approver; empty when the token has none */
export async function publishDataset(
  client: GovernanceClient,
  id: string,
  ownerId: string,
  details: DatasetDetails,
): Promise<void> {
  const specification = toSpecification(id, details as Parameters<typeof toSpecification>[1]);
  const approvers = [{ approverId: ownerId, approverIdType: "user" }];
  const proposalId = await publish(client, id, {
    data: dotnetJson(specification, true),
    labels: { type: "dataset" },
    approvers,
  });
  if (proposalId === undefined) return;
  await unlessConflict(() => client.vote(id, { proposalId }, "accepted"));
}

/** Its approvers are those who proposed its datasets, each once; who proposed a draft is nobody, `""`. */
export async function publishQuery(client: GovernanceClient, id: string, details: QueryDetails): Promise<void> {
  const query = parseQuery(details);
  const approverIds = new Set<string>();
  for (const { specification } of [...query.inputs, query.output]) {
    approverIds.add((await read(client, specification)).proposerId ?? "");
  }
  const approvers = [...approverIds].map((approverId) => ({ approverId, approverIdType: "user" }));
  const data = dotnetJson(toApplication(id, query));
  await publish(client, id, { data, labels: { type: "spark-application" }, approvers });
}

/** @returns the open proposal, or nothing when the document has been accepted */
async function publish(client: GovernanceClient, id: string, publication: Publication): Promise<string | undefined> {
  await unlessConflict(() => client.putDocument(id, { version: "", contractId, ...publication }), 405);
  const document = await read(client, id);
  if (document.state === "Accepted") return undefined;
  if (document.proposalId) return document.proposalId;
  const proposal = await unlessConflict(() => client.propose(id, { version: document.version }));
  return proposal?.proposalId ?? (await read(client, id)).proposalId ?? "";
}

async function unlessConflict<T>(step: () => Promise<T>, ...alsoDone: number[]): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ServiceError && [409, ...alsoDone].includes(error.status)) return undefined;
    throw error;
  }
}

/** The document as the service's own model takes it: one without labels or approvers cannot be read. */
async function read(client: GovernanceClient, id: string): Promise<UserDocument> {
  const document = await client.getDocument(id);
  const missing = (["contractId", "data", "labels", "approvers"] as const).filter((key) => document[key] === undefined);
  if (missing.length === 0 && typeof document.data === "string") return document;
  const names = missing.length === 0 ? ["data"] : missing;
  const message = `JSON deserialization for type 'FrontendSvc.Models.GetUserDocument' was missing required properties including: ${names.map((each) => `'${each}'`).join("; ")}.`;
  throw new ServiceError(500, "CgsRequestFailed", message);
}
