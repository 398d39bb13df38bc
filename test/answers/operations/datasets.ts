// Datasets, published through the frontend and through governance.
import type { UserDocument } from "../../../contract";
import { datasetDigest } from "../../../provider/model/dataset";
import { datasetOf } from "../../../provider/services/documents";
import { azureDataset, s3Dataset } from "../../helpers/inputs";
import type { Properties } from "../../helpers/provider-process";
import { made, requires, type Ledger, type Made, type Operation, type Worker } from "./worker";

export const datasets: readonly Operation[] = (["the frontend", "governance"] as const).flatMap((by) => {
  const inputsOf = by === "governance" ? s3Dataset : azureDataset;
  const kind = "DatasetDocument";
  const published = (worker: Worker): Promise<Made> =>
    worker.once(`dataset by ${by}`, () => made(worker.truly("litware", kind), inputsOf(worker.fresh())));
  const isPublished = async (ledger: Ledger, inputs: Properties, state: Properties): Promise<void> => {
    const document = await ledger.document(state.documentId as string);
    requires(
      document?.state === "Accepted",
      `dataset ${String(state.documentId)} is ${document?.state ?? "not there"}`,
    );
    requires(
      datasetDigest(datasetOf(document as UserDocument)) === datasetDigest(inputs as never),
      "the dataset's content",
    );
    requires(state.digest === datasetDigest(inputs as never), "the dataset's digest");
  };
  return [
    {
      name: `publish a dataset by ${by}`,
      prepare: (worker, ledger) => {
        const inputs = inputsOf(worker.fresh());
        return Promise.resolve({
          names: inputs.name as string,
          run: () => worker.methods("litware", kind).create(inputs),
          holds: (result) => isPublished(ledger, inputs, (result as { outs: Properties }).outs),
        });
      },
    },
    {
      name: `publish a dataset by ${by} that is there`,
      prepare: async (worker, ledger) => {
        const { inputs } = await published(worker);
        return {
          names: inputs.name as string,
          run: () => worker.methods("litware", kind).create(inputs),
          holds: (result) => isPublished(ledger, inputs, (result as { outs: Properties }).outs),
        };
      },
    },
    ...(["read", "diff", "delete"] as const).map((method): Operation => ({
      name: `${method} a dataset by ${by}`,
      looksOnce: method === "delete",
      prepare: async (worker, ledger) => {
        const { id, state, inputs } = await published(worker);
        if (method === "delete") await worker.truly("litware", kind).create(inputs); // enables its consent
        const methods = worker.methods("litware", kind);
        return {
          names: id,
          run: () =>
            method === "read"
              ? methods.read(id, state)
              : method === "diff"
                ? methods.diff(id, state, inputs)
                : methods.delete(id, state),
          holds: async (result) => {
            if (method === "read") requires((result as { id: string }).id === id, `'${id}' is gone`);
            if (method === "delete")
              requires((await ledger.consent(id)) === "disabled", `consent to ${id} is given up`);
          },
        };
      },
    })),
  ] satisfies Operation[];
});
