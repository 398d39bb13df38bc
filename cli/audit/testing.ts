// For the tests of the audit: a stack and a governance that agree, and ways to make them differ.
import { textDigest, type QueryContent } from "../../provider/model/query";
import type { Consent } from "../../provider/services/consent";
import type { DatasetEntry } from "../../provider/sources/datasets";
import type { QueryEntry } from "../../provider/sources/queries";
import { stateOf, type StackState } from "../shared/stack";
import { compare, shareOf } from "./compare";
import type { Finding } from "./finding";
import type { Governed } from "./governed";

export const ME = "me";
export const query: QueryContent = {
  segments: [{ sequence: 1, sql: "SELECT 1" }],
  inputs: [{ documentId: "sales-1", view: "sales" }],
  output: { documentId: "results-1", view: "results" },
};
export const accepted: QueryEntry = {
  documentId: "q",
  state: "Accepted",
  ownerId: ME,
  proposalId: "p1",
  approvers: [ME, "other"],
  accepted: [ME, "other"],
  awaited: [],
  forged: false,
  digest: "sha256:q",
  query,
  text: [],
};
export const dataset: DatasetEntry = {
  documentId: "sales-1",
  state: "Accepted",
  ownerId: ME,
  proposalId: "p0",
  approvers: [ME],
  accepted: [ME],
  awaited: [],
  forged: false,
  digest: "sha256:d",
};

export const KIND = "pulumi-nodejs:dynamic/cleanroom:";
export function exported(kind: string, id: string, outputs: object, more: object = {}): object {
  const type = `${KIND}${kind}`;
  return {
    urn: `urn:pulumi:dev::cleanroom::${type}::${kind}-${id}`,
    custom: true,
    type,
    id,
    inputs: {},
    outputs,
    ...more,
  };
}

export const resources = {
  dataset: exported("DatasetDocument", "sales-1", { documentId: "sales-1", digest: "sha256:d", ownerId: ME }),
  secret: exported("ContractSecret", "me_key", { secretId: "me_key" }),
  draft: exported("QueryDraft", "q", {
    documentId: "q",
    textDigest: textDigest(query),
    digest: "sha256:q",
    approvers: ["other", ME],
  }),
  proposal: exported("QueryProposal", "q-proposal", {
    documentId: "q",
    state: "Accepted",
    proposalId: "p1",
    digest: "sha256:q",
    approvers: [ME, "other"],
    status: "ready",
  }),
  approval: exported("QueryApproval", "q-approval", {
    documentId: "q",
    digest: "sha256:q",
    ballot: "accepted",
    status: "ready",
  }),
  amendment: exported("QueryAmendment", "q-amendment", { documentId: "q", segments: query.segments, status: "ready" }),
};

export const all = Object.values(resources);
export const state = (resources: readonly object[], pending: readonly object[] = []): StackState =>
  stateOf("dev", { version: 3, deployment: { resources, pending_operations: pending } });

export interface Holds {
  readonly datasets?: readonly DatasetEntry[];
  readonly queries?: readonly QueryEntry[];
  readonly secretIds?: readonly string[];
  /** Who has disabled the use of which document. */
  readonly disabled?: Readonly<Record<string, readonly string[]>>;
}
export function governed(holds: Holds = {}): Governed {
  const { datasets = [dataset], queries = [accepted], secretIds = ["me_key"], disabled = {} } = holds;
  const consents = [...datasets, ...queries]
    .filter(({ state }) => state === "Accepted")
    .map(({ documentId }): [string, Consent] => {
      const disabledBy = disabled[documentId] ?? [];
      return [documentId, { accepted: true, enabled: disabledBy.length === 0, disabledBy }];
    });
  return {
    caller: ME,
    contractId: "analytics",
    datasets: new Map(datasets.map((each) => [each.documentId, each])),
    queries: new Map(queries.map((each) => [each.documentId, each])),
    consents: new Map(consents),
    secretIds: new Set(secretIds),
  };
}

export function found(resources: readonly object[], holds: Holds = {}): readonly Finding[] {
  return compare([shareOf(state(resources), new Set(["cleanroom"]))], governed(holds));
}
export const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ kind, document, found: what }) => `${kind} ${document ?? "-"}: ${what}`);
