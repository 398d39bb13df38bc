// Clean room governance (CGS) through cgs-client: the routes this package uses, each answer checked for its shape.
import type { Approver, Ballot, ProposalStatus, UserDocument } from "../../contract";
import type { Answer, Call, HttpClient } from "../http/client";
import { consentOf, NO_CONSENT, type Consent } from "./consent";
import { eventsPageOf, eventsQuery, type EventsAsk, type EventsPage } from "./events";
import {
  fieldsOf,
  itemText,
  listOf,
  optionalText,
  secretIdOf,
  stateOf,
  textOf,
  textsOf,
  UnexpectedAnswerError,
} from "./shape";

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
    const { status, body, where } = await this.#send({
      method: "GET",
      path: `/userdocuments/${segment(id)}`,
      step,
      absentCode: "UserDocumentNotFound",
      deadline,
    });
    return status === 404 ? undefined : documentOf(body, id, where);
  }

  /** Ids and labels of the contract's documents of a type. */
  async documents(type: DocumentType): Promise<readonly { id: string }[]> {
    const step = `list documents of type ${type}`;
    const { body, where } = await this.#send({
      method: "GET",
      path: `/userdocuments?labelSelector=type:${type}`,
      step,
    });
    return listOf(fieldsOf(body, where).value, where).map((item) => ({
      id: textOf(fieldsOf(item, where), "id", where),
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
    const { body, where } = await this.#send({ method: "POST", path, step, body: { version } });
    return textOf(fieldsOf(body, where), "proposalId", where);
  }

  async vote(id: string, proposalId: string, vote: "accept" | "reject"): Promise<void> {
    const path = `/userdocuments/${segment(id)}/vote_${vote}`;
    await this.#send({ method: "POST", path, step: `${vote} document '${id}'`, body: { proposalId } });
  }

  async proposalStatus(proposalId: string): Promise<ProposalStatus> {
    const step = `read proposal ${proposalId}`;
    const path = `/users/proposals/${segment(proposalId)}/status`;
    const { body, where } = await this.#send({ method: "GET", path, step });
    const fields = fieldsOf(body, where);
    const state = textOf(fields, "state", where);
    if (!["Open", "Accepted", "Rejected", "Withdrawn"].includes(state)) {
      throw new UnexpectedAnswerError(`${where}: its state is '${state}', which is not one this release knows.`);
    }
    return {
      proposalId,
      proposerId: textOf(fields, "proposerId", where),
      state: state as ProposalStatus["state"],
      ballots: ballotsOf(fields.ballots, where),
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
    const asks = { idempotent: true, reads: true, absentCode: "UserDocumentNotFound" };
    const { status, body, where } = await this.#send({ method: "POST", path, step, ...asks });
    return status === 404 ? NO_CONSENT : consentOf(body, where);
  }

  /** Host data (hex) of the clean rooms that the contract's accepted policy admits; empty when none is accepted. */
  async cleanRoomHostData(contractId: string): Promise<readonly string[]> {
    const step = `read the clean room policy of contract '${contractId}'`;
    const path = `/contracts/${segment(contractId)}/cleanroompolicy`;
    const { body, where } = await this.#send({ method: "GET", path, step });
    const { policy } = fieldsOf(body, where);
    const claim = fieldsOf(policy ?? {}, where)["x-ms-sevsnpvm-hostdata"];
    return claim === undefined ? [] : listOf(claim, where).map((item) => itemText(item, where));
  }

  /** Sets a secret; answers its id, `<caller>_<name>`. An earlier value is overwritten. */
  async putSecret(contractId: string, name: string, value: string): Promise<string> {
    const step = `set secret '${name}'`;
    const path = `/contracts/${segment(contractId)}/secrets/${segment(name)}`;
    const { body, where } = await this.#send({ method: "PUT", path, step, body: { value }, secrets: [value] });
    return secretIdOf(body, name, where);
  }

  /** Ids of the contract's secrets; values are never read back. */
  async secretIds(contractId: string): Promise<readonly string[]> {
    const step = `list secrets of contract '${contractId}'`;
    const path = `/contracts/${segment(contractId)}/secrets`;
    const { body, where } = await this.#send({ method: "GET", path, step });
    return listOf(fieldsOf(body, where).value, where).map((item) => textOf(fieldsOf(item, where), "secretId", where));
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

function documentOf(body: unknown, id: string, where: string): UserDocument {
  const fields = fieldsOf(body, where);
  if (textOf(fields, "id", where) !== id) {
    throw new UnexpectedAnswerError(
      `${where}: the service answered another document, '${textOf(fields, "id", where)}'.`,
    );
  }
  return {
    id,
    state: stateOf(fields, where),
    version: textOf(fields, "version", where),
    contractId: textOf(fields, "contractId", where),
    data: textOf(fields, "data", where),
    labels: textsOf(fields.labels ?? {}, where),
    approvers: listOf(fields.approvers ?? [], where).map((item) => {
      const approver = fieldsOf(item, where);
      return {
        approverId: textOf(approver, "approverId", where),
        approverIdType: optionalText(approver, "approverIdType", where) ?? "user",
      };
    }),
    proposalId: optionalText(fields, "proposalId", where),
    proposerId: optionalText(fields, "proposerId", where),
    finalVotes: ballotsOf(fields.finalVotes, where),
  };
}

function ballotsOf(value: unknown, where: string): readonly Ballot[] {
  return listOf(value ?? [], where).map((item) => {
    const fields = fieldsOf(item, where);
    const ballot = textOf(fields, "ballot", where);
    if (ballot !== "accepted" && ballot !== "rejected") {
      throw new UnexpectedAnswerError(`${where}: a ballot is '${ballot}', which is not one this release knows.`);
    }
    return { approverId: textOf(fields, "approverId", where), ballot };
  });
}
