// User documents: drafts that anyone registered may overwrite, the snapshot that a proposal holds, and what was
// accepted for good.
import type { UserDocument } from "../../contract";
import { ServiceError } from "../http";
import type { Chain } from "./chain";
import type { DocumentContent, Entry } from "./ledger";
import type { State } from "./state";

/** The body of a PUT. */
export interface PutDocument extends Partial<DocumentContent> {
  readonly version?: string;
}

export function putDocument(chain: Chain, id: string, body: PutDocument): Promise<Entry> {
  const { state } = chain;
  if (state.accepted.has(id)) throw alreadyAccepted();
  const { contractId, data, labels, approvers, version } = body;
  if (!contractId) {
    throw new ServiceError(400, "ContractIdMissing", "ContractId must be specified in UserDocument payload.");
  }
  if (!data) throw new ServiceError(400, "DataMissing", "data key must be present in UserDocument payload.");
  if (!state.contracts.has(contractId)) {
    throw new ServiceError(404, "ContractNotFound", "A contract with the specified id was not found.");
  }
  const current = state.drafts.get(id);
  if (current !== undefined && !version) {
    throw new ServiceError(
      409,
      "UserDocumentAlreadyExists",
      "The specified document already exists. If the intent was to update the existing document then retry the " +
        "request after reading the latest version of the resource and setting the version on the request.",
    );
  }
  if (current !== undefined && version !== current.version) {
    throw new ServiceError(
      412,
      "PreconditionFailed",
      "The operation specified a version that is different from the version available at the server, that is, an " +
        "optimistic concurrency error. Retry the request after reading the latest version of the resource and " +
        "updating the version on the request.",
    );
  }
  return chain.write({ kind: "document", id, content: { contractId, data, labels, approvers } });
}

/** @returns undefined where neither a draft nor an open proposal nor an accepted document has this id */
export function findDocument(state: State, id: string): UserDocument | undefined {
  const accepted = state.accepted.get(id);
  if (accepted !== undefined) {
    const { version, value } = accepted;
    return { id, version, state: "Accepted", ...value } as UserDocument;
  }
  const proposal = state.openProposals(id).at(-1);
  if (proposal !== undefined) {
    const { contractId, data, labels, version } = proposal.args.document;
    const { approvers, id: proposalId, proposerId } = proposal;
    return {
      id,
      state: "Proposed",
      contractId,
      data,
      labels,
      version,
      approvers,
      proposalId,
      proposerId,
    } as UserDocument;
  }
  const draft = state.drafts.get(id);
  if (draft === undefined) return undefined;
  return { id, state: "Draft", version: draft.version, ...draft.value, proposalId: "", proposerId: "" } as UserDocument;
}

export function getDocument(state: State, id: string): UserDocument {
  const document = findDocument(state, id);
  if (document === undefined) {
    throw new ServiceError(404, "UserDocumentNotFound", "A document with the specified id was not found.");
  }
  return document;
}

interface ListedDocument {
  readonly id: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** @param selector `name:value[,name:value]`, all of which must hold */
export function listDocuments(state: State, selector: string | null): { value: ListedDocument[] } {
  const required = selector === null || selector === "" ? undefined : parseSelector(selector);
  const matches = (labels: ListedDocument["labels"]): boolean =>
    required === undefined || (labels != null && required.every(([name, value]) => labels[name] === value));
  const found = new Map<string, ListedDocument>();
  for (const store of [state.drafts, state.accepted]) {
    for (const [id, { value }] of store) if (matches(value.labels)) found.set(id, { id, labels: value.labels });
  }
  return { value: [...found.values()] };
}

function parseSelector(selector: string): [string, string][] {
  return selector.split(",").map((part) => {
    const [name = "", value = "", ...rest] = part.split(":").map((each) => each.trim());
    if (name !== "" && value !== "" && rest.length === 0) return [name, value];
    throw new ServiceError(
      400,
      "InvalidParameter",
      "labelSelector query parameter must be of the form labelName:labelValue.",
    );
  });
}

export function alreadyAccepted(): ServiceError {
  return new ServiceError(405, "UserDocumentAlreadyAccepted", "The specified document has already been accepted.");
}
