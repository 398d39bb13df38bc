// What the sandbox's control can do, whoever asks: over its routes or in the same process.
import type { FabricGrant } from "../dataplanes/onelake";
import type { FaultRule, FaultStatus } from "../faults";
import type { Change } from "../governance";

export interface Status {
  readonly pid: number;
  readonly state: "starting" | "running";
  /** URL by service. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface ReadOptions {
  /** Host data in hexadecimal that the reader attests to. @default that of the clean room policy */
  readonly hostData?: string;
  /** Rows to answer. @default 5 */
  readonly rows?: number;
}

export interface ReadStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What the collaborator can do about a failed step. */
  readonly remedy?: string;
  /** What azure-cleanroom 8.0.0 does here that is no error of this step: most of it without a word. */
  readonly caution?: string;
}

export interface ReadResult {
  readonly ok: boolean;
  /** Of the clean room that was played, hexadecimal. */
  readonly hostData: string;
  readonly steps: readonly ReadStep[];
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  readonly totalRows?: number;
}

export interface AdminFace {
  status(): Status;
  /** Variables of a collaborator's shell, except PATH. */
  env(name: string): Promise<Record<string, string>>;
  read(documentId: string, options: ReadOptions): Promise<ReadResult>;
  /** Host data of the accepted clean room policy; none takes the policy away. */
  setPolicy(hostData: readonly string[]): Promise<void>;
  /** Another signing key of governance's token issuer, as an accepted proposal to rotate it makes. */
  rotateSigningKey(): Promise<void>;
  putUser(oid: string, user: { readonly tenantId: string; readonly identifier?: string }): Promise<void>;
  removeUser(oid: string): Promise<void>;
  /** Writes a change to the ledger as it is. */
  change(change: Change): Promise<void>;
  /** The ledger's entries, oldest first. */
  ledger(): Promise<readonly unknown[]>;
  /** What is given, or taken away, by hand in Fabric. Refused where there is no such workspace. */
  giveFabricRight(grant: FabricGrant): Promise<void>;
  /** Sets a fault. Refused when the rule cannot be. */
  addFault(rule: FaultRule): Promise<{ readonly id: string }>;
  /** The faults that are set, with how often each matched and hit. */
  faults(): Promise<readonly FaultStatus[]>;
  /** Takes one fault away, or all of them. */
  clearFaults(id?: string): Promise<void>;
}
