// What the routes of one vault share: where it is, what it holds, and who may pass.
import type { Request } from "../../http";
import type { VaultFacts } from "../../clouds";
import type { ObjectKind } from "./model";
import type { VaultStore } from "./store";

export interface VaultPart {
  /** `vaultUri`, with its slash at the end. */
  readonly url: string;
  readonly store: VaultStore;
  readonly now: () => number;
  /** As ARM knows it now: its tags and SKU may change while it is served. */
  readonly vault: () => VaultFacts;
  authorise(request: Request, action: string, object?: { kind: ObjectKind; name: string }): Promise<void>;
}

/** How long and how surely a deleted object can be brought back, as each answer's attributes say. */
export function recovery({ purgeProtection, retentionDays }: VaultFacts) {
  return {
    recoveryLevel: purgeProtection ? "Recoverable" : "Recoverable+Purgeable",
    recoverableDays: retentionDays,
  } as const;
}
