// Clean room governance (CGS) through cgs-client: the routes this package uses, each answer checked for its shape.
import type { Approver, Ballot, ProposalStatus, UserDocument } from "../../contract";
import type { Answer, Call, HttpClient } from "../http/client";
import { consentOf, NO_CONSENT, type Consent } from "./consent";
import { eventsPageOf, eventsQuery, type EventsAsk, type EventsPage } from "./events";
import { fieldsOf, listOf, optionalText, textOf, UnexpectedAnswerError } from "./shape";

/** What is written when a document is created or a draft is updated. */
export interface DocumentContent {
  readonly contractId: string;
  /** JSON, as a string. */
  readonly data: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly approvers: readonly Approver[];
  /** The version last read: present for an update, absent for a creation. */
  readonly version?: string;
}

/** Types of document, as their labels name them. */
export type DocumentType = "dataset" | "spark-application";

export class Governance {
  constructor(
    private readonly http: HttpClient,
    private readonly url: string,
  ) {}

  /** The document, or undefined when there is none of this id. */
  async document(id: string, deadline?: number): Promise<UserDocument | undefined> {
    const step = `read document '${id}'`;
    const path = `/userdocuments/${segment(id)}`;
    const answer = await this.#send({ method: "GET", path, step, alsoAnswers: [404], deadline });
    return answer.status === 404 ? undefined : documentOf(answer.body, id, step);
  }

  /** Ids and labels of the contract's documents of a type. */
  async documents(type: DocumentType): Promise<readonly { id: string }[]> {
    const step = `list documents of type ${type}`;
    const answer = await this.#send({ method: "GET", path: `/userdocuments?labelSelector=type:${type}`, step });
    return listOf(fieldsOf(answer.body, step).value, step).map((item) => ({
      id: textOf(fieldsOf(item, step), "id", step),
    }));
  }

  /** Creates a document or updates a draft. Not repeated by itself: the caller looks first. */
  async putDocument(id: string, content: DocumentContent, step: string): Promise<void> {
    await this.#send({ method: "PUT", path: `/userdocuments/${segment(id)}`, step, body: content, idempotent: false });
  }

  /** Proposes the draft of this version; answers the proposal's id. */
  async propose(id: string, version: string): Promise<string> {
    const step = `propose document '${id}'`;
    const path = `/userdocuments/${segment(id)}/propose`;
    const answer = await this.#send({ method: "POST", path, step, body: { version } });
    return textOf(fieldsOf(answer.body, step), "proposalId", step);
  }

  async vote(id: string, proposalId: string, vote: "accept" | "reject"): Promise<void> {
    const path = `/userdocuments/${segment(id)}/vote_${vote}`;
    await this.#send({ method: "POST", path, step: `${vote} document '${id}'`, body: { proposalId } });
  }

  async proposalStatus(proposalId: string): Promise<ProposalStatus> {
    const step = `read proposal ${proposalId}`;
    const path = `/users/proposals/${segment(proposalId)}/status`;
    const fields = fieldsOf((await this.#send({ method: "GET", path, step })).body, step);
    const state = textOf(fields, "state", step);
    if (!["Open", "Accepted", "Rejected", "Withdrawn"].includes(state)) {
      throw new UnexpectedAnswerError(`${step}: its state is '${state}', which is not one this release knows.`);
    }
    return {
      proposalId,
      proposerId: textOf(fields, "proposerId", step),
      state: state as ProposalStatus["state"],
      ballots: ballotsOf(fields.ballots, step),
    };
  }

  async withdraw(proposalId: string): Promise<void> {
    const path = `/users/proposals/${segment(proposalId)}/withdraw`;
    await this.#send({ method: "POST", path, step: `withdraw proposal ${proposalId}` });
  }

  /** Enables or disables execution of an accepted document, for our part. */
  async setConsent(id: string, consent: "enable" | "disable"): Promise<void> {
    const path = `/userdocuments/${segment(id)}/runtimeoptions/execution/${consent}`;
    await this.#send({ method: "POST", path, step: `${consent} consent to document '${id}'`, idempotent: true });
  }

  /** Consent to execution of a document, of all its approvers together. */
  async consent(id: string): Promise<Consent> {
    const step = `read consent to document '${id}'`;
    const path = `/userdocuments/${segment(id)}/checkstatus/execution`;
    const asks = { idempotent: true, reads: true, alsoAnswers: [404] };
    const { status, body } = await this.#send({ method: "POST", path, step, ...asks });
    return status === 404 ? NO_CONSENT : consentOf(body, step);
  }

  /** Host data (hex) of the clean rooms that the contract's accepted policy admits; empty when none is accepted. */
  async cleanRoomHostData(contractId: string): Promise<readonly string[]> {
    const step = `read the clean room policy of contract '${contractId}'`;
    const path = `/contracts/${segment(contractId)}/cleanroompolicy`;
    const { policy } = fieldsOf((await this.#send({ method: "GET", path, step })).body, step);
    const claim = fieldsOf(policy ?? {}, step)["x-ms-sevsnpvm-hostdata"];
    return claim === undefined ? [] : listOf(claim, step).map(String);
  }

  /** Sets a secret; answers its id, `<caller>_<name>`. An earlier value is overwritten. */
  async putSecret(contractId: string, name: string, value: string): Promise<string> {
    const step = `set secret '${name}'`;
    const path = `/contracts/${segment(contractId)}/secrets/${segment(name)}`;
    const answer = await this.#send({ method: "PUT", path, step, body: { value } });
    return textOf(fieldsOf(answer.body, step), "secretId", step);
  }

  /** Ids of the contract's secrets; values are never read back. */
  async secretIds(contractId: string): Promise<readonly string[]> {
    const step = `list secrets of contract '${contractId}'`;
    const path = `/contracts/${segment(contractId)}/secrets`;
    const answer = await this.#send({ method: "GET", path, step });
    return listOf(fieldsOf(answer.body, step).value, step).map((item) =>
      textOf(fieldsOf(item, step), "secretId", step),
    );
  }

  /**
   * Audit events of a contract, oldest first; undefined while governance still fetches that part of its ledger, which it
   * does on the first ask. A range that ends after the ledger is answered 500.
   */
  async events(contractId: string, ask: EventsAsk): Promise<EventsPage | undefined> {
    const step = `read audit events of contract '${contractId}'`;
    const path = `/contracts/${segment(contractId)}/events?${eventsQuery(ask)}`;
    const answer = await this.#send({ method: "GET", path, step, deadline: EVENTS_DEADLINE });
    return answer.status === 202 ? undefined : eventsPageOf(answer.body, step, ask.range?.from ?? 0);
  }

  #send({ path, ...call }: Omit<Call, "url"> & { readonly path: string }): Promise<Answer> {
    return this.http.send({ ...call, url: `${this.url}${path}` });
  }
}

const segment = encodeURIComponent;
/** Milliseconds; the governance client itself waits up to three seconds for the ledger. */
const EVENTS_DEADLINE = 20_000;

function documentOf(body: unknown, id: string, step: string): UserDocument {
  const fields = fieldsOf(body, step);
  if (textOf(fields, "id", step) !== id) {
    throw new UnexpectedAnswerError(`${step}: the service answered another document, '${String(fields.id)}'.`);
  }
  const state = textOf(fields, "state", step);
  if (state !== "Draft" && state !== "Proposed" && state !== "Accepted") {
    throw new UnexpectedAnswerError(`${step}: its state is '${state}', which is not one this release knows.`);
  }
  return {
    id,
    state,
    version: textOf(fields, "version", step),
    contractId: textOf(fields, "contractId", step),
    data: textOf(fields, "data", step),
    labels: (fields.labels ?? {}) as Record<string, string>,
    approvers: listOf(fields.approvers ?? [], step).map((item) => {
      const approver = fieldsOf(item, step);
      return {
        approverId: textOf(approver, "approverId", step),
        approverIdType: optionalText(approver, "approverIdType", step) ?? "user",
      };
    }),
    proposalId: optionalText(fields, "proposalId", step),
    proposerId: optionalText(fields, "proposerId", step),
    finalVotes: ballotsOf(fields.finalVotes, step),
  };
}

function ballotsOf(value: unknown, step: string): readonly Ballot[] {
  return listOf(value ?? [], step).map((item) => {
    const fields = fieldsOf(item, step);
    const ballot = textOf(fields, "ballot", step);
    if (ballot !== "accepted" && ballot !== "rejected") {
      throw new UnexpectedAnswerError(`${step}: a ballot is '${ballot}', which is not one this release knows.`);
    }
    return { approverId: textOf(fields, "approverId", step), ballot };
  });
}
