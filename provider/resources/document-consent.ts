// Our consent to a document's use: the one brake on a document that is accepted, since none can be changed or deleted.
import { InvalidInputError, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { choiceProblems, documentIdProblems, waitProblems } from "../model/validate";
import { persist, since, type Progress, type Status } from "../progress";
import type { CleanRoom } from "../services/clean-room";

export interface DocumentConsentInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  readonly consent: "enabled" | "disabled";
  readonly onDelete?: "leave" | "disable" | "enable";
  readonly waitSeconds?: number;
}

interface Observed extends Progress {
  /** Ours, as governance has it; empty while the document is not accepted. */
  readonly observed: "enabled" | "disabled" | "";
  /** Whether the document may be used: no approver has disabled it. */
  readonly usable: boolean;
  /** Object ids of those who have disabled it. */
  readonly disabledBy: readonly string[];
}

export const documentConsent: Handler<DocumentConsentInputs, Observed> = {
  inputs: ["collaboration", "documentId", "consent", "onDelete", "waitSeconds"],
  replaceOn: ["collaboration", "documentId"],

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check({ documentId, consent, onDelete, waitSeconds }) {
    return [
      ...documentIdProblems("documentId", documentId),
      ...choiceProblems("consent", consent, ["enabled", "disabled"]),
      ...(onDelete === undefined ? [] : choiceProblems("onDelete", onDelete, ["leave", "disable", "enable"])),
      ...waitProblems(waitSeconds),
    ];
  },

  async isPending(room, _id, state) {
    if (state.status === "waiting") {
      return true;
    }
    const { observed } = await look(room, state);
    if (observed !== state.consent) {
      say(`Document '${state.documentId}': our consent is ${observed || "void"}, not ${state.consent}.`);
    }
    return observed !== state.consent;
  },

  async create(room, news) {
    return { id: idOf(news), state: await establish(room, news) };
  },

  update: (room, _id, state, news) => establish(room, news, state),

  async read(room, _id, state) {
    return since(await look(room, state), state);
  },

  async delete(room, _id, { documentId, onDelete = "leave" }) {
    const wanted = onDelete === "enable" ? "enabled" : "disabled";
    const { observed } = await look(room, { documentId, consent: wanted });
    if (onDelete !== "leave" && observed !== "" && observed !== wanted) {
      await room.setConsent(documentId, onDelete);
    }
    const now = onDelete === "leave" || observed === "" ? observed : wanted;
    say(
      `Document '${documentId}' stays, and our consent to its use is ${now || "not given, since it is not accepted"}.`,
    );
  },
};

function idOf({ documentId }: DocumentConsentInputs): string {
  return `${documentId}-consent`;
}

function establish(room: CleanRoom, news: DocumentConsentInputs, before?: Observed): Promise<Observed> {
  const { documentId, consent, waitSeconds } = news;
  return persist(`Consent to document '${documentId}'`, waitSeconds, before, async () => {
    const now = await look(room, news);
    if (now.observed === "" || now.observed === consent) {
      return now;
    }
    await set(room, documentId, consent);
    return look(room, news);
  });
}

async function set(room: CleanRoom, documentId: string, consent: "enabled" | "disabled"): Promise<void> {
  try {
    await room.setConsent(documentId, consent === "enabled" ? "enable" : "disable");
  } catch (error) {
    if (error instanceof RefusedError && error.code === "NotUserDocumentApprover") {
      const { oid } = await room.caller();
      throw new InvalidInputError(
        `Document '${documentId}': ${oid} is not among its approvers, so it has no consent to give. Sign in as one of them, or leave this consent out.`,
        { cause: error },
      );
    }
    throw error;
  }
}

async function look(
  room: CleanRoom,
  { documentId, consent }: Pick<DocumentConsentInputs, "documentId" | "consent">,
): Promise<Status & Omit<Observed, "since">> {
  const [{ accepted, enabled, disabledBy }, { oid }] = await Promise.all([room.consent(documentId), room.caller()]);
  if (!accepted) {
    const reason = "the document is not accepted yet: only then is there a consent to give";
    return { status: "waiting", reason, observed: "", usable: false, disabledBy: [] };
  }
  const observed = disabledBy.includes(oid) ? "disabled" : "enabled";
  const done = observed === consent;
  const reason = done ? "" : `our consent is ${observed}`;
  return { status: done ? "ready" : "waiting", reason, observed, usable: enabled, disabledBy };
}
