// Clean room governance: a ledger, the rules that decide what enters it, and the REST face through which
// collaborators reach it.
import type { GovernanceService, SignIn, Tls } from "../context";
import { type Gate, startService } from "../http";
import type { Home } from "../home";
import { newSigningKey, openSigningKey } from "../signin";
import { cleanRoomHostData, collaboration, collaborators, contractId } from "../world";
import { Chain, type WriteGate } from "./chain";
import { type Application, GovernanceClient } from "./client";
import { consentStatus } from "./consents";
import { findDocument } from "./documents";
import { Events } from "./events";
import type { Change } from "./ledger";
import { issueCleanRoomToken, issuerRoutes, tenantIssuer } from "./oidc";
import { governanceRoutes } from "./routes";
import { attestationReport, REPORT_PATH, reportRoutes } from "./report";
import { readSecret } from "./secrets";
import type { Member, State } from "./state";
import { finalizeInvitation } from "./users";

export { serviceAudiences } from "./caller";
export type { WriteGate } from "./chain";
export type { GovernanceClient } from "./client";
export type { Change } from "./ledger";
export type { Member } from "./state";

export interface GovernanceOptions {
  readonly home: Home;
  readonly tls: Tls;
  readonly signIn: SignIn;
  readonly gate?: Gate;
  /** Stands around every write to the ledger. */
  readonly writeGate?: WriteGate;
  readonly clock: () => Date;
  /** A new ledger begins without an accepted clean room policy. */
  readonly withoutPolicy?: boolean;
  readonly log: (message: string) => void;
}

export interface RunningGovernance extends GovernanceService {
  readonly url: string;
  /** On behalf of the bearer of `authorization`. */
  as(authorization: string | undefined): GovernanceClient;
  /** What only members and operators may do, and what tests need: writes a change as it is. */
  change(change: Change): Promise<void>;
  finalizeInvitation(id: string): Promise<void>;
  members(): readonly Member[];
  member(identifier: string): Member | undefined;
  /**
   * What the proposal to rotate the issuer's signing key brings about, once it is accepted and the key is made: tokens are
   * signed with the new one at once, and the key set holds it alone.
   */
  rotateSigningKey(): Promise<void>;
  /** The public key of the issuer, as its key set shows it. */
  jwk(): Readonly<Record<string, unknown>>;
  /** What the recovery agent answers. */
  report(): unknown;
  close(abruptly?: boolean): Promise<void>;
}

export async function startGovernance(options: GovernanceOptions): Promise<RunningGovernance> {
  const { home, tls, signIn, gate, clock, log } = options;
  const port = await home.get("governance");
  const url = `https://localhost:${port}`;
  const keyFile = home.path("governance.key");
  let key = await openSigningKey(keyFile);
  const chain = await Chain.open(home.path("ledger.jsonl"), clock, options.writeGate);
  const { state } = chain;
  await Promise.all(beginning(state, url, options.withoutPolicy ?? false).map((change) => chain.write(change)));
  const app: Application = { chain, events: new Events(chain), signIn };
  const routes = [...governanceRoutes(app), ...issuerRoutes(state, () => key), ...reportRoutes(tls)];
  const service = await startService({ service: "governance", port, tls, gate, log, routes });
  return {
    url,
    as: (authorization) => new GovernanceClient(app, authorization),
    change: async (change) => void (await chain.write(change)),
    finalizeInvitation: (id) => finalizeInvitation(chain, id),
    members: () => [...state.members.values()],
    member: (identifier) => state.members.get(identifier.toLowerCase()),
    rotateSigningKey: async () => {
      key = await newSigningKey(keyFile);
    },
    jwk: () => ({ ...key.jwk }),
    report: () => attestationReport(tls),
    getDocument: (id) => findDocument(state, id),
    cleanRoomPolicy: () => state.policies.get(contractId) ?? [],
    consent: (documentId, option) => consentStatus(state, documentId, option),
    readSecretAsCleanRoom: (id, hostData) => readSecret(state, contractId, id, hostData),
    tenantIssuer: (tenantId) => tenantIssuer(state, tenantId),
    issueCleanRoomToken: async (request) => issueCleanRoomToken(state, key, contractId, clock(), request),
    close: async (abruptly) => {
      await service.close(abruptly);
      await chain.close();
    },
  };
}

/**
 * What members have done before the collaborators come; nothing when it has been written. The contract is the last of it,
 * so that a ledger whose beginning was interrupted is begun again.
 */
function beginning(state: State, url: string, withoutPolicy: boolean): Change[] {
  if (state.contracts.size > 0) return [];
  const data = {
    ccrgovEndpoint: url,
    ccrgovApiPathPrefix: "/app",
    ccrgovServiceCertDiscovery: {
      endpoint: `${url}${REPORT_PATH}`,
      snpHostData: cleanRoomHostData,
      constitutionDigest: "",
      jsappBundleDigest: "",
    },
    ccfNetworkRecoveryMembers: [],
  };
  const people = collaborators.flatMap(({ userOid, pipelineOid, tenantId, upn, name }): Change[] => [
    { kind: "invitation", id: `invite-${name}`, claims: { preferred_username: [upn] } },
    { kind: "invitationAccepted", id: `invite-${name}`, userId: userOid, tenantId },
    { kind: "user", id: userOid, tenantId, invitationId: `invite-${name}` },
    { kind: "user", id: pipelineOid, tenantId },
    { kind: "member", identifier: upn, status: "Active", isOwner: name === collaboration.ownerName },
    { kind: "member", identifier: pipelineOid, status: "Active", isOwner: false },
  ]);
  const policy: Change = { kind: "policy", contractId, hostData: [cleanRoomHostData] };
  return [
    { kind: "issuer", url: `${url}/app/oidc` },
    ...people,
    ...(withoutPolicy ? [] : [policy]),
    { kind: "contract", id: contractId, data: JSON.stringify(data) },
  ];
}
