// Consent to an accepted document's use: any approver may disable it, and only that approver may enable it again.
import type { ConsentStatus } from "../context";
import { ServiceError } from "../http";
import type { Chain } from "./chain";
import type { Option } from "./ledger";
import type { State } from "./state";

export function consentStatus(state: State, documentId: string, option: string): ConsentStatus {
  if (!state.accepted.has(documentId)) {
    return { status: "disabled", reason: { code: "UserDocumentNotAccepted", message: notAccepted(documentId) } };
  }
  requireOption(option);
  const statuses = state.consents.get(`${documentId}_${option}`) ?? new Map<string, string>();
  const disabledBy = [...statuses].filter(([, status]) => status === "disabled").map(([approver]) => approver);
  if (disabledBy.length === 0) return { status: "enabled" };
  return {
    status: "disabled",
    reason: {
      code: "UserDocumentRuntimeOptionDisabled",
      message: `UserDocument runtime option '${option}' for document ${documentId} has been disabled by the following approver(s): m[${disabledBy.join(",")}].`,
    },
  };
}

export async function setConsent(
  chain: Chain,
  approverId: string,
  documentId: string,
  option: string,
  status: "enabled" | "disabled",
): Promise<void> {
  const accepted = chain.state.accepted.get(documentId);
  if (accepted === undefined) throw new ServiceError(400, "UserDocumentNotAccepted", notAccepted(documentId));
  if (!accepted.value.approvers?.some((each) => each.approverId === approverId)) {
    const message = "The caller is not an approver for this UserDocument.";
    throw new ServiceError(403, "NotUserDocumentApprover", message);
  }
  requireOption(option);
  await chain.write({ kind: "consent", documentId, option, approverId, status });
}

function requireOption(option: string): asserts option is Option {
  if (option === "execution" || option === "telemetry") return;
  const message = "UserDocument runtime option must be either 'execution' or 'telemetry'.";
  throw new ServiceError(400, "InvalidUserDocumentRuntimeOption", message);
}

const notAccepted = (id: string): string => `UserDocument ${id} does not exist or has not been accepted.`;
