// Drafts of queries, and amendments of them.
import type { UserDocument } from "../../../contract";
import { textDigest } from "../../../provider/model/query";
import { queryOf } from "../../../provider/services/documents";
import { azureDataset } from "../../helpers/inputs";
import type { Properties } from "../../helpers/provider-process";
import { made, requires, type Ledger, type Made, type Operation, type Worker } from "./worker";

interface Room3 {
  readonly sales: string;
  readonly results: string;
}

export function used(worker: Worker): Promise<Room3> {
  return worker.once("datasets of a query", async () => {
    const policy = { accessMode: "write", allowedFields: ["region", "amount"] };
    const sales = await made(worker.truly("contosso", "DatasetDocument"), azureDataset(worker.fresh()));
    const results = await made(
      worker.truly("litware", "DatasetDocument"),
      azureDataset(worker.fresh(), { datasetAccessPolicy: policy }),
    );
    return { sales: sales.id, results: results.id };
  });
}

export async function queryOfDatasets(worker: Worker, documentId: string): Promise<Properties> {
  const { sales, results } = await used(worker);
  return {
    documentId,
    segments: [{ sequence: 1, sql: `SELECT '${worker.fresh()}' FROM sales`, preConditions: { sales: 10 } }],
    inputs: [{ documentId: sales, view: "sales" }],
    output: { documentId: results, view: "results" },
  };
}

export async function draft(worker: Worker): Promise<Made> {
  return made(worker.truly("fabrikam", "QueryDraft"), await queryOfDatasets(worker, worker.fresh()));
}

const isText = async (ledger: Ledger, documentId: string, news: Properties, outs: Properties): Promise<void> => {
  const document = await ledger.document(documentId);
  requires(document !== undefined, `draft ${documentId}`);
  requires(textDigest(queryOf(document as UserDocument)) === textDigest(news as never), `the text of ${documentId}`);
  requires(outs.textDigest === textDigest(news as never), `the text's digest of ${documentId}`);
};

export const drafts: readonly Operation[] = (["create", "update", "read", "diff"] as const).map((method) => ({
  name: `${method} a draft`,
  prepare: async (worker, ledger) => {
    const methods = worker.methods("fabrikam", "QueryDraft");
    const known = await worker.once("draft", () => draft(worker));
    const documentId = method === "create" ? worker.fresh() : known.id;
    const news = method === "diff" || method === "read" ? known.inputs : await queryOfDatasets(worker, documentId);
    // An update that failed may have written: what is there now is where this one begins.
    const { props } =
      method === "create" ? { props: {} } : await worker.truly("fabrikam", "QueryDraft").read(known.id, known.state);
    const state = method === "update" ? { ...props, ...textOf(await ledger.document(documentId)) } : known.state;
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(news),
          update: () => methods.update(documentId, state, news),
          read: () => methods.read(documentId, state),
          diff: () => methods.diff(documentId, state, news),
        })[method](),
      holds: async (result) => {
        if (method === "read") requires((result as { id: string }).id === documentId, `'${documentId}' is gone`);
        if (method === "create" || method === "update") {
          await isText(ledger, documentId, news, (result as { outs: Properties }).outs);
        }
      },
    };
  },
}));

function textOf(document: UserDocument | undefined): Properties {
  return document === undefined ? {} : (queryOf(document) as unknown as Properties);
}

export const amendments: readonly Operation[] = (["create", "read", "diff"] as const).map((method) => ({
  name: `${method} an amendment`,
  prepare: async (worker, ledger) => {
    const methods = worker.methods("litware", "QueryAmendment");
    const { id: documentId } = await worker.once("amended draft", () => draft(worker));
    const inputs = { documentId, segments: [{ sequence: 0, sql: `CREATE VIEW v AS SELECT '${worker.fresh()}'` }] };
    const known = await worker.once("amendment", () => made(worker.truly("litware", "QueryAmendment"), inputs));
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(inputs),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, known.inputs),
        })[method](),
      holds: async (result) => {
        if (method === "create" && (result as { outs: Properties }).outs.status === "ready") {
          const { segments } = queryOf((await ledger.document(documentId)) as UserDocument);
          requires(
            segments.some(({ sql }) => sql === inputs.segments[0]?.sql),
            "the amended segment",
          );
        }
      },
    };
  },
}));
