// Consent to a document's use, as governance and frontend answer it alike.
import { fieldsOf, optionalText, textOf, UnexpectedAnswerError } from "./shape";

export interface Consent {
  /** Whether no approver has disabled the document's use. */
  readonly enabled: boolean;
  /** Whether the document can have consent at all: an accepted one. */
  readonly accepted: boolean;
  /** Object ids of those who have disabled it. */
  readonly disabledBy: readonly string[];
}

/** Codes with which the service says that there is nothing to consent to (yet). */
const NOT_ACCEPTED = new Set(["UserDocumentNotAccepted", "UserDocumentNotFound"]);
const OBJECT_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Where there is no document. */
export const NO_CONSENT: Consent = { enabled: false, accepted: false, disabledBy: [] };

/** Reads `{status, reason?: {code, message}}`; who has disabled it is said in the message alone. */
export function consentOf(body: unknown, step: string): Consent {
  const fields = fieldsOf(body, step);
  const reason = fieldsOf(fields.reason ?? {}, step);
  const message = optionalText(reason, "message", step) ?? "";
  const accepted = !NOT_ACCEPTED.has(optionalText(reason, "code", step) ?? "");
  // The document's id may hold something like an object id: the disablers stand behind it.
  const disablers = message.slice(message.lastIndexOf("approver(s)"));
  const enabled = textOf(fields, "status", step) === "enabled";
  const disabledBy = accepted ? [...new Set(disablers.match(OBJECT_ID) ?? [])].sort() : [];
  if (accepted && !enabled && disabledBy.length === 0) {
    throw new UnexpectedAnswerError(`${step}: it is disabled, but the service does not say by whom: '${message}'.`);
  }
  return { enabled, accepted, disabledBy };
}
