// Proposals of queries, approvals, and consent.
import type { UserDocument } from "../../../contract";
import { oid } from "../../helpers/clean-room";
import { azureDataset } from "../../helpers/inputs";
import type { Properties } from "../../helpers/provider-process";
import { made, requires, type Made, type Operation, type Worker } from "./worker";
import { draft } from "./queries";

export async function proposed(worker: Worker): Promise<Made> {
  const { id: documentId, state } = await draft(worker);
  return made(worker.truly("fabrikam", "QueryProposal"), { documentId, digest: state.digest });
}

export const proposals: readonly Operation[] = (["create", "read", "diff", "delete"] as const).map((method) => ({
  name: `${method} a proposal`,
  looksOnce: method === "delete",
  prepare: async (worker, ledger) => {
    const methods = worker.methods("fabrikam", "QueryProposal");
    const written = method === "create" ? await draft(worker) : undefined;
    const known =
      written ?? (await (method === "delete" ? proposed(worker) : worker.once("proposal", () => proposed(worker))));
    const documentId = String(known.state.documentId);
    const news = written === undefined ? known.inputs : { documentId, digest: written.state.digest };
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(news),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, news),
          delete: () => methods.delete(known.id, known.state),
        })[method](),
      holds: async (result) => {
        const document = await ledger.document(documentId);
        if (method === "create" && (result as { outs: Properties }).outs.state === "Proposed") {
          requires(document?.state === "Proposed", `proposal of ${documentId}`);
          requires(
            document?.proposalId === (result as { outs: Properties }).outs.proposalId,
            `the proposal's id of ${documentId}`,
          );
        }
        if (method === "read") requires((result as { id: string }).id === known.id, `'${known.id}' is gone`);
        if (method === "delete") requires(document?.state === "Draft", `withdrawal of ${documentId}`);
      },
    };
  },
}));

export async function accepted(worker: Worker): Promise<Made> {
  const { inputs } = await proposed(worker);
  await made(worker.truly("contosso", "QueryApproval"), inputs);
  return made(worker.truly("litware", "QueryApproval"), inputs);
}

export const approvals: readonly Operation[] = (["create", "read", "diff", "delete"] as const).map((method) => ({
  name: `${method} an approval`,
  looksOnce: method === "delete",
  prepare: async (worker, ledger) => {
    const methods = worker.methods("litware", "QueryApproval");
    const open = method === "create" ? await proposed(worker) : undefined;
    const known = open ?? (await worker.once("approval", () => accepted(worker)));
    if (method === "delete") await worker.truly("litware", "QueryApproval").update(known.id, known.state, known.inputs);
    const documentId = String(known.inputs.documentId);
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(known.inputs),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, known.inputs),
          delete: () => methods.delete(known.id, known.state),
        })[method](),
      holds: async (result) => {
        const document = await ledger.document(documentId);
        if (method === "create" && (result as { outs: Properties }).outs.ballot === "accepted") {
          requires(await hasVoted(worker, document as UserDocument), `the vote on ${documentId}`);
        }
        if (method === "delete")
          requires((await ledger.consent(documentId)) === "disabled", `consent to ${documentId} is given up`);
      },
    };
  },
}));

async function hasVoted(worker: Worker, document: UserDocument): Promise<boolean> {
  const query = await worker.sources("litware").query(document.id);
  return (
    (query?.accepted ?? []).includes(oid("litware")) ||
    (document.finalVotes ?? []).some(({ approverId }) => approverId === oid("litware"))
  );
}

export const consents: readonly Operation[] = (["create", "read", "diff", "delete"] as const).map((method) => ({
  name: `${method} a consent`,
  looksOnce: true,
  prepare: async (worker, ledger) => {
    const methods = worker.methods("litware", "DocumentConsent");
    const { id: documentId } = await worker.once("consented", () =>
      made(worker.truly("litware", "DatasetDocument"), azureDataset(worker.fresh())),
    );
    const inputs = { documentId, consent: "disabled", onDelete: "enable" };
    const known = await worker.once("consent", () => made(worker.truly("litware", "DocumentConsent"), inputs));
    if (method === "create") await worker.truly("litware", "DocumentConsent").delete(known.id, known.state);
    if (method === "delete") await worker.truly("litware", "DocumentConsent").create(inputs);
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(inputs),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, inputs),
          delete: () => methods.delete(known.id, known.state),
        })[method](),
      holds: async (result) => {
        if (method === "create" && (result as { outs: Properties }).outs.status === "ready") {
          requires((await ledger.consent(documentId)) === "disabled", `consent to ${documentId} is disabled`);
        }
      },
    };
  },
}));
