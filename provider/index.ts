// What the provider offers by name: a host for each kind of resource, and the data sources. Programs and old stacks'
// states ask for it as `pulumi-cleanroom/provider`, so names here stay.
import { InvalidInputError } from "./errors";
import type { Handler } from "./handler";
import { endWithEngine } from "./lifetime";
import { Host, type ConfigLookup, type Present, type Properties } from "./host";
import { accessKeyProof } from "./resources/access-key-proof";
import { contractSecret } from "./resources/contract-secret";
import { dataKey } from "./resources/data-key";
import { datasetDocument } from "./resources/dataset-document";
import { documentConsent } from "./resources/document-consent";
import { hsmKey } from "./resources/hsm-key";
import { hsmRoleAssignment } from "./resources/hsm-role-assignment";
import { queryAmendment } from "./resources/query-amendment";
import { queryApproval } from "./resources/query-approval";
import { queryDraft } from "./resources/query-draft";
import { queryProposal } from "./resources/query-proposal";
import { tenantIssuer } from "./resources/tenant-issuer";
import { cleanRoomOf } from "./services/clean-room";
import { readSettings } from "./settings";
import type { SigningKey } from "./model/issuer";
import { listAuditEvents, type EventsFilter } from "./sources/audit-events";
import { readCleanRoomDetails } from "./sources/clean-room-details";
import { findFederatedCredentials, type WantedCredential } from "./sources/federated-credentials";
import { findDataset, listDatasets, type DatasetFilter } from "./sources/datasets";
import { compareIssuers, type IssuerQuestion } from "./sources/issuer-places";
import { listPendingProposals, type PendingFilter } from "./sources/pending-proposals";
import { listQueries, readQuery, type QueryFilter } from "./sources/queries";

export type { AuditEvent } from "./sources/audit-events";
export type { CleanRoomDetails } from "./sources/clean-room-details";
export type { DatasetEntry, PublishedDataset } from "./sources/datasets";
export type { PendingProposal } from "./sources/pending-proposals";
export type { SigningKey } from "./model/issuer";
export type { IssuerPlace } from "./sources/issuer-places";
export type { WantedCredential } from "./sources/federated-credentials";
export type { QueryEntry, ReviewableQuery } from "./sources/queries";

const HANDLERS = {
  AccessKeyProof: accessKeyProof,
  ContractSecret: contractSecret,
  DataKey: dataKey,
  DatasetDocument: datasetDocument,
  DocumentConsent: documentConsent,
  HsmKey: hsmKey,
  HsmRoleAssignment: hsmRoleAssignment,
  QueryAmendment: queryAmendment,
  QueryApproval: queryApproval,
  QueryDraft: queryDraft,
  QueryProposal: queryProposal,
  TenantIssuer: tenantIssuer,
} as const;

/** Kinds of resource; a kind's name is in the state of every stack that uses it. */
export const KINDS: readonly string[] = Object.keys(HANDLERS);

interface Config {
  get(key: string): string | undefined;
}

/** One run of the engine, as a provider process sees it. */
interface Run {
  readonly methods: Map<string, Methods>;
  readonly present: Present;
}

/** By the configuration that the engine hands over: what was read and whom we are connected to is kept. */
const runs = new WeakMap<Config, Run>();

/** The methods of one kind's provider, for a provider process with this configuration. Must stay synchronous. */
export function open(kind: string, config: Config): Methods {
  endWithEngine();
  const run = runs.get(config) ?? { methods: new Map<string, Methods>(), present: new Map() };
  runs.set(config, run);
  const methods = run.methods.get(kind) ?? methodsOf(kind, config, run.present);
  run.methods.set(kind, methods);
  return methods;
}

function methodsOf(kind: string, config: Config, present: Present): Methods {
  const handler = (HANDLERS as Readonly<Record<string, unknown>>)[kind];
  if (handler === undefined) {
    throw new InvalidInputError(
      `This release of pulumi-cleanroom has no resource of kind '${kind}'. The stack was made by a newer one: update the package.`,
    );
  }
  const host = new Host(kind, handler as Handler<Properties, Properties>, (key) => config.get(key), present);
  return {
    check: (olds, news) => host.check(olds, news),
    diff: (id, olds, news) => host.diff(id, olds, news),
    create: (news) => host.create(news),
    update: (id, olds, news) => host.update(id, olds, news),
    read: (id, props) => host.read(id, props),
    delete: (id, props) => host.delete(id, props),
  };
}

/** What the engine's dynamic provider calls, as own properties of a plain object. */
export type Methods = Pick<Host, "check" | "diff" | "create" | "update" | "read" | "delete">;

/** The data sources of one collaboration, for a program or a tool. */
export function sources(namespace: string, config: ConfigLookup, env = process.env): Sources {
  const room = cleanRoomOf(readSettings(namespace, config, env));
  return {
    cleanRoomDetails: (waitSeconds) => readCleanRoomDetails(room, waitSeconds),
    dataset: (name, owner) => findDataset(room, name, owner),
    query: (documentId) => readQuery(room, documentId),
    datasets: (filter) => listDatasets(room, filter),
    queries: (filter) => listQueries(room, filter),
    pendingProposals: (filter) => listPendingProposals(room, filter),
    auditEvents: (filter) => listAuditEvents(room, filter),
    issuerKeys: () => room.frontend.issuerKeys(),
    issuerPlaces: (question) => compareIssuers(room, question),
    federatedCredentials: (identityId, wanted) => findFederatedCredentials(room, identityId, wanted),
  };
}

export interface Sources {
  cleanRoomDetails(waitSeconds?: number): ReturnType<typeof readCleanRoomDetails>;
  dataset(name: string, owner?: string): ReturnType<typeof findDataset>;
  query(documentId: string): ReturnType<typeof readQuery>;
  datasets(filter?: DatasetFilter): ReturnType<typeof listDatasets>;
  queries(filter?: QueryFilter): ReturnType<typeof listQueries>;
  pendingProposals(filter?: PendingFilter): ReturnType<typeof listPendingProposals>;
  auditEvents(filter?: EventsFilter): ReturnType<typeof listAuditEvents>;
  issuerKeys(): Promise<readonly SigningKey[]>;
  issuerPlaces(question: IssuerQuestion): ReturnType<typeof compareIssuers>;
  federatedCredentials(
    identityId: string,
    wanted: readonly WantedCredential[],
  ): ReturnType<typeof findFederatedCredentials>;
}
