// The dataset document as the clean room sees it: accepted by all its approvers, consented to, and readable.
import type { DatasetSpecification, EncryptionMode, StoreType, UserDocument } from "../../contract";
import { notInAnalytics } from "../../contract/combinations";
import type { GovernanceService } from "../context";
import { type Steps, Unmet } from "./steps";

const PUBLISH =
  "publish the dataset and have it accepted: AzureDataset, S3Dataset or DatasetDocument, whose documentId is the id to read";
const ENABLE =
  'enable the execution consent of the document: DocumentConsent with the argument `consent: "enabled"`, by the approver who disabled it';

export interface Dataset {
  readonly ownerId: string;
  readonly contractId: string;
  readonly specification: DatasetSpecification;
  readonly encryptionMode: EncryptionMode;
  readonly writes: boolean;
}

export async function openDataset(steps: Steps, governance: GovernanceService, id: string): Promise<Dataset> {
  const document = await steps.run("document", PUBLISH, () => {
    const found = governance.getDocument(id);
    if (found === undefined) throw new Error(`governance has no document ${JSON.stringify(id)}`);
    checkAccepted(found);
    const voters = (found.finalVotes ?? []).map(({ approverId }) => approverId);
    const named = voters.map((each) => (each === found.proposerId ? `${each}, its owner` : each));
    return { value: found, detail: `accepted by ${named.join(", ")}` };
  });
  const dataset = await steps.run("descriptor", "publish the dataset anew, under another document id", () => {
    const value = read(document);
    const { store } = value.specification.datasetAccessPoint;
    const unread = notInAnalytics({ store: store.type as StoreType, mode: value.encryptionMode });
    return {
      value,
      caution: unread && `the analytics workload does not read this: ${unread}`,
      detail: `${store.type} ${store.name}, ${value.encryptionMode}, ${value.writes ? "write" : "read"} access`,
    };
  });
  await steps.run("consent", ENABLE, () => {
    const { status, reason } = governance.consent(id, "execution");
    if (status !== "enabled") throw new Error(`execution is disabled${reason ? `: ${reason.message}` : ""}`);
    return { value: undefined, detail: "execution is enabled" };
  });
  return dataset;
}

/** The state alone proves nothing: every approver's vote is looked for, and the owner's among them. */
function checkAccepted({ id, state, approvers, finalVotes = [], proposerId }: UserDocument): void {
  if (state !== "Accepted") throw new Error(`document ${id} is ${state}, not Accepted`);
  const accepted = new Set(finalVotes.filter((each) => each.ballot === "accepted").map((each) => each.approverId));
  const missing = approvers.filter((each) => !accepted.has(each.approverId)).map((each) => each.approverId);
  if (missing.length > 0) throw new Error(`document ${id} is Accepted without the votes of ${missing.join(", ")}`);
  if (proposerId === undefined || !accepted.has(proposerId)) {
    throw new Error(`the owner ${proposerId ?? "(none)"} of document ${id} is not among those who accepted it`);
  }
}

function read({ id, data, labels, contractId, proposerId = "" }: UserDocument): Dataset {
  if (labels?.type !== undefined && labels.type !== "dataset") {
    throw new Unmet(`document ${id} is a ${labels.type}, not a dataset`, "name the document of a dataset");
  }
  const specification = JSON.parse(data) as DatasetSpecification;
  const { datasetAccessPoint: point, datasetAccessPolicy: policy } = specification;
  if (policy.allowedFields.length === 0)
    throw new Error("allowedFields is empty: the clean room refuses that at run time");
  const { EncryptionMode: mode } = decodeConfiguration(point.protection.configuration);
  if (mode !== "CSE" && mode !== "CPK" && mode !== "SSE") {
    throw new Error(`encryption mode ${JSON.stringify(mode)} is not CSE, CPK or SSE`);
  }
  const writes = policy.accessMode === "write";
  return { ownerId: proposerId, contractId, specification, encryptionMode: mode, writes };
}

/** Configurations travel as base64 of JSON. @throws when it is not that */
export function decodeConfiguration(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  if (typeof value !== "object" || value === null) throw new Error("a configuration is not a JSON object in base64");
  return value as Record<string, unknown>;
}
