// A query as its author's stack says (draft, proposal) and as governance holds it.
import { textDigest } from "../../../provider/model/query";
import type { QueryEntry } from "../../../provider/sources/queries";
import type { Finding } from "../finding";
import { about, documentIdOf, faultsOf, listed, refreshThenUp, same, textAt, textsAt, type Compared } from "./common";
import { othersConsent } from "./consent";

/** The query in governance; what is wrong with it, or that it is lost, is among the findings. */
export function queryOf(compared: Compared): { readonly entry?: QueryEntry; readonly found: readonly Finding[] } {
  const documentId = documentIdOf(compared.resource);
  const entry = compared.governed.queries.get(documentId);
  if (entry !== undefined) {
    return { entry, found: faultsOf(compared, entry) };
  }
  const mend = refreshThenUp(compared.stack);
  return { found: [about(compared, documentId)("lost", "the state has it, governance has no such query", mend)] };
}

export function compareDraft(compared: Compared): readonly Finding[] {
  const { stack, resource } = compared;
  const { entry, found } = queryOf(compared);
  if (entry?.state === undefined) {
    return found;
  }
  const finding = about(compared, entry.documentId);
  const text = textAt(resource, "textDigest");
  const approvers = textsAt(resource, "approvers");
  const digest = textAt(resource, "digest");
  const preview = `pulumi preview --stack ${stack} shows what changed, pulumi up --stack ${stack} takes note of it`;
  if (entry.query !== undefined && text !== "" && textDigest(entry.query) !== text) {
    return [...found, finding("drift", `its text was changed since the stack's last run (${entry.state})`, preview)];
  }
  if (approvers !== undefined && !same(entry.approvers, approvers)) {
    const what = `its approvers are ${listed(entry.approvers)}, in the state ${listed(approvers)}`;
    return [...found, finding("drift", what, preview)];
  }
  if (entry.digest !== undefined && digest !== "" && entry.digest !== digest) {
    return [...found, finding("drift", "a dataset it uses is another one than at the stack's last run", preview)];
  }
  if (resource.outputs.amendedByOthers === true && textAt(resource, "reviewed") !== entry.digest) {
    const what = `it holds another collaborator's text instead of this program's (${entry.state})`;
    return [
      ...found,
      finding(
        "drift",
        what,
        `pulumi preview --stack ${stack} shows it: take it over, or agree to it by its digest in 'propose'`,
      ),
    ];
  }
  return found;
}

export function compareProposal(compared: Compared): readonly Finding[] {
  const { stack, resource } = compared;
  const { entry, found: faults } = queryOf(compared);
  if (entry?.state === undefined) {
    return faults;
  }
  const found = [...faults];
  const finding = about(compared, entry.documentId);
  const before = textAt(resource, "state");
  const approvers = textsAt(resource, "approvers");
  const proposalId = textAt(resource, "proposalId");
  found.push(...changedFrom(compared, entry, "propose"));
  if (before !== "" && entry.state !== (before === "Rejected" ? "Draft" : before)) {
    found.push(finding("drift", `it is ${entry.state}, in the state ${before}`, refreshThenUp(stack)));
  } else if (entry.state === "Proposed" && proposalId !== "" && entry.proposalId !== proposalId) {
    const what = `proposal ${entry.proposalId} is open, in the state ${proposalId}`;
    found.push(finding("drift", what, refreshThenUp(stack)));
  }
  if (approvers !== undefined && !same(entry.approvers, approvers)) {
    const what = `its approvers are ${listed(entry.approvers)}, in the state ${listed(approvers)}`;
    found.push(finding("drift", what, refreshThenUp(stack)));
  }
  return [...found, ...othersConsent(compared, entry.documentId)];
}

/** Whether the digest that the program names is still that of what governance holds. */
export function changedFrom(
  compared: Compared,
  { documentId, digest, state = "Draft" }: QueryEntry,
  argument: "propose" | "digest",
): readonly Finding[] {
  const named = textAt(compared.resource, "digest");
  if (named === "" || digest === undefined || digest === named) {
    return [];
  }
  const what = `it is ${state} with ${digest}; '${argument}' names ${named}, which was reviewed`;
  const mend = `review it (pulumi preview --stack ${compared.stack} shows it), and name the new digest only if you agree`;
  return [about(compared, documentId)("changed", what, mend)];
}
