// One collaboration as this process talks to it: its services, the caller, the contract. Reads what does not change
// once.
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import { HttpClient } from "../http/client";
import { requireSetting, type Settings } from "../settings";
import type { Consent } from "./consent";
import { Frontend } from "./frontend";
import { Governance } from "./governance";
import { azureToken, callerOf, fixedToken, type Caller } from "./token";

/** What governance answers where there is no consent to take back. */
const WITHOUT_CONSENT = new Set(["UserDocumentNotAccepted", "UserDocumentNotFound"]);

const rooms = new Map<string, CleanRoom>();

/** The collaboration that these settings mean: one object in a process, whatever asks for it. */
export function cleanRoomOf(settings: Settings): CleanRoom {
  const key = JSON.stringify(settings);
  const room = rooms.get(key) ?? new CleanRoom(settings);
  rooms.set(key, room);
  return room;
}

export class CleanRoom {
  readonly #http: HttpClient;
  readonly #once = new Map<string, Promise<unknown>>();

  constructor(readonly settings: Settings) {
    const { token, namespace, scope, requestSeconds } = settings;
    const source = token === undefined ? azureToken(scope) : fixedToken(token, namespace);
    this.#http = new HttpClient(source, { deadline: requestSeconds * 1_000 });
  }

  get hasFrontend(): boolean {
    return this.settings.frontendUrl !== undefined;
  }

  get hasGovernance(): boolean {
    return this.settings.governanceUrl !== undefined;
  }

  get frontend(): Frontend {
    const url = requireSetting(this.settings, "frontendUrl");
    return new Frontend(this.#http, url, requireSetting(this.settings, "collaborationId"));
  }

  get governance(): Governance {
    return new Governance(this.#http, requireSetting(this.settings, "governanceUrl"));
  }

  /** Who we are, as the token says. */
  caller(): Promise<Caller> {
    return this.#memo("caller", async () =>
      callerOf(await this.#http.token("read who is signed in"), this.settings.namespace),
    );
  }

  /** The contract: as set, else the one of the collaboration's analytics workload. */
  contractId(): Promise<string> {
    const { contractId } = this.settings;
    return contractId === undefined ? this.#contractOfFrontend() : Promise.resolve(contractId);
  }

  /** Fails, clearly and before anything is written, where the services would refuse us. */
  verify(): Promise<void> {
    return this.#memo("verify", async () => {
      if (!this.hasFrontend && !this.hasGovernance) {
        const { namespace } = this.settings;
        throw new InvalidInputError(
          `No service is set. Set ${namespace}:frontendUrl or ${namespace}:governanceUrl in the stack's configuration, or CLEANROOM_FRONTEND_URL or CLEANROOM_GOVERNANCE_URL in the environment.`,
        );
      }
      await this.caller();
      if (this.hasFrontend) {
        await this.frontend.collaboration();
        await this.#verifyContract();
      }
      // The frontend knows its members by name; only governance compares their tenants.
      await (this.hasGovernance
        ? this.governance.cleanRoomHostData(await this.contractId())
        : this.#contractOfFrontend());
    });
  }

  /** A contract of another collaboration would be trusted by nobody: every federated subject begins with its id. */
  async #verifyContract(): Promise<void> {
    const { collaborationId, contractId, namespace } = this.settings;
    const itsOwn = contractId === undefined ? undefined : await this.#contractOfFrontend();
    if (itsOwn !== contractId) {
      throw new InvalidInputError(
        `${namespace}:contractId is '${contractId ?? ""}', but ${this.settings.frontendUrl ?? ""} names '${itsOwn ?? ""}' as the contract of collaboration '${collaborationId ?? ""}': the clean room would sign in as '${itsOwn ?? ""}-…', and be refused. Correct the setting, or leave it out (CLEANROOM_CONTRACT_ID, too): the frontend is asked then.`,
      );
    }
  }

  #contractOfFrontend(): Promise<string> {
    return this.#memo("contract", () => this.frontend.contractId());
  }

  /** Takes back our consent to a document's use; answers whether there was any, which a document needs to be accepted for. */
  async giveUpConsent(documentId: string): Promise<boolean> {
    try {
      await this.setConsent(documentId, "disable");
      return true;
    } catch (error) {
      if (error instanceof RefusedError && WITHOUT_CONSENT.has(error.code ?? "")) {
        return false;
      }
      throw error;
    }
  }

  /** Consent to a document's use, of all its approvers together. */
  consent(documentId: string): Promise<Consent> {
    return this.hasGovernance ? this.governance.consent(documentId) : this.frontend.consent(documentId);
  }

  /**
   * Enables or disables our consent to a document's use. What is disabled is read back: an answer alone says nothing. Of
   * what is enabled nothing can be read, since another approver may have theirs disabled.
   */
  async setConsent(documentId: string, consent: "enable" | "disable"): Promise<void> {
    const service = this.hasGovernance ? this.governance : this.frontend;
    await service.setConsent(documentId, consent);
    if (consent === "disable" && (await this.consent(documentId)).enabled) {
      throw new ContentMismatchError(
        `Document '${documentId}': the service took that our consent is disabled, but still shows it as enabled. Run \`pulumi up\` (or destroy) again.`,
      );
    }
  }

  #memo<T>(key: string, read: () => Promise<T>): Promise<T> {
    let value = this.#once.get(key) as Promise<T> | undefined;
    if (value === undefined) {
      value = read();
      this.#once.set(key, value);
      value.catch(() => this.#once.delete(key));
    }
    return value;
  }
}
