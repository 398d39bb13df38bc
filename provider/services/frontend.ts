// The workload frontend (dataplane API): the routes this package uses, each answer checked for its shape.
import type { DatasetDetails, DocumentState, ReleasePolicy } from "../../contract";
import type { Answer, Call, HttpClient } from "../http/client";
import { signingKeysOf, type SigningKey } from "../model/issuer";
import { consentOf, NO_CONSENT, type Consent } from "./consent";
import { fieldsOf, listOf, optionalText, secretIdOf, stateOf, textOf, UnexpectedAnswerError } from "./shape";

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
  /** The tenant's own, where it has one. */
  readonly tenantIssuerUrl: string | undefined;
  /** The contract's, which is everybody's. */
  readonly contractIssuerUrl: string | undefined;
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
    const { body, where } = await this.#send({ method: "GET", path: "", step });
    const fields = fieldsOf(body, where);
    return {
      name: textOf(fields, "collaborationName", where),
      userStatus: optionalText(fields, "userStatus", where),
    };
  }

  /** Id of the contract that the collaboration's analytics workload runs under. */
  async contractId(): Promise<string> {
    const step = "read the analytics contract";
    const { body, where } = await this.#send({ method: "GET", path: "/analytics", step });
    return textOf(fieldsOf(body, where), "id", where);
  }

  /** Issuer of the clean room's tokens, as the caller's tenant is to trust it. */
  async issuerInfo(): Promise<IssuerInfo> {
    const step = "read the clean room's identity";
    const { body, where } = await this.#send({ method: "GET", path: "/oidc/issuerInfo", step });
    const fields = fieldsOf(body, where);
    const tenant = fieldsOf(fields.tenantData ?? {}, where);
    const tenantIssuerUrl = optionalText(tenant, "issuerUrl", where);
    const contractIssuerUrl = optionalText(fields, "issuerUrl", where);
    return {
      enabled: fields.enabled === true,
      issuerUrl: tenantIssuerUrl ?? contractIssuerUrl,
      tenantIssuerUrl,
      contractIssuerUrl,
    };
  }

  /** Public halves of the keys that the clean room's tokens are signed with. */
  async issuerKeys(): Promise<readonly SigningKey[]> {
    const step = "read the issuer's keys";
    const { body, where } = await this.#send({ method: "GET", path: "/oidc/keys", step });
    const keys = listOf(fieldsOf(body, where).keys, where).map((key) => fieldsOf(key, where));
    keys.forEach((key) => textOf(key, "kid", where));
    return signingKeysOf(keys);
  }

  /** Sets the issuer of the caller's tenant: anybody of it may, and the last one counts. */
  async setIssuerUrl(url: string): Promise<void> {
    const step = `set the tenant's issuer to '${url}'`;
    await this.#send({ method: "POST", path: "/oidc/setIssuerUrl", step, body: { url }, idempotent: true });
  }

  /**
   * Secure key release policy of the clean room. The service names it by a dataset; of a dataset that is not there yet
   * it answers the same claims with an empty authority, and 500 while the contract has no accepted policy.
   */
  async releasePolicy(datasetId: string): Promise<ReleasePolicy> {
    const step = "read the clean room's security policy";
    const path = `/analytics/datasets/${segment(datasetId)}/skrpolicy`;
    const { body, where } = await this.#send({ method: "GET", path, step, deadline: 15_000 });
    const fields = fieldsOf(body, where);
    return {
      version: textOf(fields, "version", where),
      anyOf: listOf(fields.anyOf, where).map((branch) => {
        const { authority, allOf } = fieldsOf(branch, where);
        return {
          authority: typeof authority === "string" ? authority : "",
          allOf: listOf(allOf, where).map((item) => {
            const claim = fieldsOf(item, where);
            return { claim: textOf(claim, "claim", where), equals: textOf(claim, "equals", where) };
          }),
        };
      }),
    };
  }

  /** The dataset, or undefined when there is none of this id. */
  async dataset(id: string): Promise<DatasetDocument | undefined> {
    const step = `read dataset '${id}'`;
    const path = `/analytics/datasets/${segment(id)}`;
    const { status, body, where } = await this.#send({ method: "GET", path, step, absentCode: "UserDocumentNotFound" });
    if (status === 404) {
      return undefined;
    }
    const fields = fieldsOf(body, where);
    if (textOf(fields, "id", where) !== id) {
      throw new UnexpectedAnswerError(
        `${where}: the service answered another dataset, '${textOf(fields, "id", where)}'.`,
      );
    }
    return {
      id,
      version: textOf(fields, "version", where),
      state: stateOf(fields, where),
      proposerId: optionalText(fields, "proposerId", where),
      data: fieldsOf(fields.data, where) as unknown as DatasetDetails,
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
    const { status, body, where } = await this.#send({ method: "GET", path, step, absentCode: "UserDocumentNotFound" });
    return status === 404 ? NO_CONSENT : consentOf(body, where);
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
    const sent = { secretConfig: value, secretValue: value };
    const { body, where } = await this.#send({ method: "PUT", path, step, body: sent, secrets: [value] });
    return secretIdOf(body, name, where);
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
