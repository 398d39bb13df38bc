// The workload frontend (dataplane API): the routes this package uses, each answer checked for its shape.
import type { DatasetDetails, DocumentState, ReleasePolicy } from "../../contract";
import type { Answer, Call, HttpClient } from "../http/client";
import { consentOf, NO_CONSENT, type Consent } from "./consent";
import { fieldsOf, listOf, optionalText, textOf } from "./shape";

const API_VERSION = "2026-03-01-preview";

export interface DatasetDocument {
  readonly id: string;
  readonly version: string;
  readonly state: DocumentState;
  readonly proposerId: string | undefined;
  readonly data: DatasetDetails;
}

export interface IssuerInfo {
  readonly enabled: boolean;
  /** The tenant's own issuer, where it has one; else the contract's. */
  readonly issuerUrl: string | undefined;
}

export class Frontend {
  constructor(
    private readonly http: HttpClient,
    private readonly url: string,
    private readonly collaborationId: string,
  ) {}

  /** Answers only a collaborator, so it doubles as the check of token, tenant and collaboration. */
  async collaboration(): Promise<{ name: string; userStatus: string | undefined }> {
    const step = `read collaboration '${this.collaborationId}'`;
    const fields = fieldsOf((await this.#send({ method: "GET", path: "", step })).body, step);
    return {
      name: textOf(fields, "collaborationName", step),
      userStatus: optionalText(fields, "userStatus", step),
    };
  }

  /** Id of the contract that the collaboration's analytics workload runs under. */
  async contractId(): Promise<string> {
    const step = "read the analytics contract";
    const answer = await this.#send({ method: "GET", path: "/analytics", step });
    return textOf(fieldsOf(answer.body, step), "id", step);
  }

  /** Issuer of the clean room's tokens, as the caller's tenant is to trust it. */
  async issuerInfo(): Promise<IssuerInfo> {
    const step = "read the clean room's identity";
    const fields = fieldsOf((await this.#send({ method: "GET", path: "/oidc/issuerInfo", step })).body, step);
    const tenant = fieldsOf(fields.tenantData ?? {}, step);
    return {
      enabled: fields.enabled === true,
      issuerUrl: optionalText(tenant, "issuerUrl", step) ?? optionalText(fields, "issuerUrl", step),
    };
  }

  /**
   * Secure key release policy of the clean room. The service names it by a dataset; of a dataset that is not there yet
   * it answers the same claims with an empty authority, and 500 while the contract has no accepted policy.
   */
  async releasePolicy(datasetId: string): Promise<ReleasePolicy> {
    const step = "read the clean room's security policy";
    const path = `/analytics/datasets/${segment(datasetId)}/skrpolicy`;
    const fields = fieldsOf((await this.#send({ method: "GET", path, step, deadline: 15_000 })).body, step);
    return {
      version: textOf(fields, "version", step),
      anyOf: listOf(fields.anyOf, step).map((branch) => {
        const { authority, allOf } = fieldsOf(branch, step);
        return {
          authority: typeof authority === "string" ? authority : "",
          allOf: listOf(allOf, step).map((item) => {
            const claim = fieldsOf(item, step);
            return { claim: textOf(claim, "claim", step), equals: textOf(claim, "equals", step) };
          }),
        };
      }),
    };
  }

  /** The dataset, or undefined when there is none of this id. */
  async dataset(id: string): Promise<DatasetDocument | undefined> {
    const step = `read dataset '${id}'`;
    const path = `/analytics/datasets/${segment(id)}`;
    const answer = await this.#send({ method: "GET", path, step, alsoAnswers: [404] });
    if (answer.status === 404) {
      return undefined;
    }
    const fields = fieldsOf(answer.body, step);
    return {
      id: textOf(fields, "id", step),
      version: textOf(fields, "version", step),
      state: textOf(fields, "state", step) as DocumentState,
      proposerId: optionalText(fields, "proposerId", step),
      data: fieldsOf(fields.data, step) as unknown as DatasetDetails,
    };
  }

  /** Publishes a dataset. An existing one of the same id is left as it is, without a word: read it back. */
  async publishDataset(id: string, details: DatasetDetails): Promise<void> {
    const path = `/analytics/datasets/${segment(id)}/publish`;
    await this.#send({ method: "POST", path, step: `publish dataset '${id}'`, body: details, idempotent: true });
  }

  /** Consent to execution of a document, of all its approvers together. */
  async consent(documentId: string): Promise<Consent> {
    const step = `read consent to document '${documentId}'`;
    const path = `/consent/${segment(documentId)}`;
    const { status, body } = await this.#send({ method: "GET", path, step, alsoAnswers: [404] });
    return status === 404 ? NO_CONSENT : consentOf(body, step);
  }

  async setConsent(documentId: string, consentAction: "enable" | "disable"): Promise<void> {
    const path = `/consent/${segment(documentId)}`;
    const step = `${consentAction} consent to document '${documentId}'`;
    await this.#send({ method: "PUT", path, step, body: { consentAction } });
  }

  /** Sets a secret (base64); answers its id. Published description and service disagree on the field's name, so it goes as both. */
  async putSecret(name: string, value: string): Promise<string> {
    const step = `set secret '${name}'`;
    const path = `/analytics/secrets/${segment(name)}`;
    const body = { secretConfig: value, secretValue: value };
    const answer = await this.#send({ method: "PUT", path, step, body });
    return textOf(fieldsOf(answer.body, step), "secretId", step);
  }

  #send({ path, ...call }: Omit<Call, "url"> & { readonly path: string }): Promise<Answer> {
    const base = `${this.url}/collaborations/${segment(this.collaborationId)}${path}`;
    return this.http.send({
      ...call,
      url: `${base}${path.includes("?") ? "&" : "?"}api-version=${API_VERSION}`,
      remedy: (status) =>
        status === 404 && path === ""
          ? "Check the collaboration's id: it is the UUID that the collaboration's owner sees, not its name or an Azure resource id."
          : undefined,
    });
  }
}

const segment = encodeURIComponent;
