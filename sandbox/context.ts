// What the sandbox's parts are handed and offer to each other. Interfaces only: each part depends on this page and
// not on another's code.
import type { UserDocument } from "../contract";
import type { Gate } from "./http/server";
import type { World } from "./world";

export type { Collaborator, World } from "./world";

/** Ports by name, chosen free at first use and kept in the sandbox's folder, so that addresses outlive restarts. */
export interface PortBook {
  get(name: string): Promise<number>;
}

/** Key material of the sandbox's own certificate authority (PEM): every service uses this one certificate. */
export interface Tls {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

export interface TokenRequest {
  readonly tenantId: string;
  readonly oid: string;
  /** A URL (`https://vault.azure.net`) or a client id, without `/.default`. */
  readonly audience: string;
  readonly upn?: string;
  readonly appid?: string;
  /** Lifetime; negative for a token that has expired. @default 3600 */
  readonly seconds?: number;
}

export interface TokenClaims {
  readonly oid: string;
  readonly tid: string;
  readonly [claim: string]: unknown;
}

/** `sub` of the assertion is checked by whoever knows the identities, not by the sign-in service. */
export interface FederatedExchange {
  readonly tenantId: string;
  readonly clientId: string;
  readonly assertion: string;
  /** As asked for: `https://vault.azure.net/.default`. */
  readonly scope: string;
}

export type TokenFault =
  "malformed" | "badSignature" | "wrongIssuer" | "wrongAudience" | "expired" | "notYetValid" | "noObjectId";

/** A token that is refused, and for what. */
export class TokenError extends Error {
  constructor(
    readonly fault: TokenFault,
    message: string,
  ) {
    super(message);
  }
}

/** A federated exchange that is refused; `code` is Entra's number (`AADSTS70021`), which the message begins with. */
export class FederationError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The sandbox's Microsoft Entra: signs tokens, and checks them for the services. */
export interface SignIn {
  /** `https://localhost:<port>`: the address of every tenant's issuer, discovery document and token endpoint. */
  readonly authority: string;
  issue(request: TokenRequest): Promise<string>;
  /** @throws TokenError */
  verify(token: string, expected: { readonly audience: string | readonly string[] }): Promise<TokenClaims>;
  /** Who answers `client_credentials` with a `client_assertion`; throws FederationError to refuse. */
  onFederatedExchange(exchange: (request: FederatedExchange) => Promise<{ readonly oid: string }>): void;
}

export interface ConsentStatus {
  readonly status: "enabled" | "disabled";
  readonly reason?: { readonly code: string; readonly message: string };
}

/** Governance refuses the clean room: `code` is the one that the real service answers. */
export class CleanRoomRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Governance as the attested clean room reaches it; everybody else goes through its REST face. */
export interface GovernanceService {
  getDocument(id: string): UserDocument | undefined;
  /** Host data (hexadecimal) of the accepted clean room policy; empty until one is accepted. */
  cleanRoomPolicy(): readonly string[];
  consent(documentId: string, option: "execution" | "telemetry"): ConsentStatus;
  /** @throws CleanRoomRefusal when the host data is not in the accepted policy, or there is no such secret. */
  readSecretAsCleanRoom(secretId: string, hostData: string): string;
  /** The issuer that federated credentials of this tenant must name. */
  tenantIssuer(tenantId: string): string;
  /**
   * The federation token, signed PS256. The issuer's key set nonetheless says `"alg": "RS256"` of the key, as the real
   * one does: a verifier must not hold the key to that.
   * @throws CleanRoomRefusal when the host data is not in the accepted policy.
   */
  issueCleanRoomToken(request: {
    readonly tenantId: string;
    readonly subject: string;
    readonly audience: string;
    readonly hostData: string;
    /** As the dataset's identity names it. @default the tenant's */
    readonly issuer?: string;
  }): Promise<string>;
}

export interface SandboxContext {
  /** Absolute path of the folder that holds all state. */
  readonly dir: string;
  readonly world: World;
  readonly tls: Tls;
  readonly ports: PortBook;
  readonly signIn: SignIn;
  readonly governance: GovernanceService;
  readonly clock: () => Date;
  /** How late roles, keys, credentials and deleted names take effect. @default 0 */
  readonly eventualSeconds?: number;
  /** Folder of the Pulumi project whose programs' commands are run. @default this project's root */
  readonly project?: string;
  /** Stands before every request of every service, those of clouds and data planes included. */
  readonly gate?: Gate;
  /** One line in the sandbox's log. Never a token or a key. */
  readonly log: (message: string) => void;
}
