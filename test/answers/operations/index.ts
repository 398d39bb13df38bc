// What the provider does: every operation of every kind of resource, and every question of a program.
import { datasets } from "./datasets";
import { hsmKeys, hsmRoles } from "./hsm";
import { issuers } from "./issuers";
import { keys } from "./keys";
import { proofs } from "./proofs";
import { questions } from "./questions";
import { amendments, drafts } from "./queries";
import { secrets } from "./secrets";
import { approvals, consents, proposals } from "./votes";
import type { Operation } from "./worker";

export { ledgerOf, workerOf, type Ledger, type Operation, type Worker } from "./worker";

/** By the kind of resource; the questions stand apart. */
export const BY_KIND: Readonly<Record<string, readonly Operation[]>> = {
  AccessKeyProof: proofs,
  ContractSecret: secrets,
  DataKey: keys,
  DatasetDocument: datasets,
  DocumentConsent: consents,
  HsmKey: hsmKeys,
  HsmRoleAssignment: hsmRoles,
  QueryAmendment: amendments,
  QueryApproval: approvals,
  QueryDraft: drafts,
  QueryProposal: proposals,
  TenantIssuer: issuers,
};

export const OPERATIONS: readonly Operation[] = [...Object.values(BY_KIND).flat(), ...questions];
