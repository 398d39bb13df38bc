// The reader plays the attested clean room for one dataset, step by step, by the clients that the real one uses: it is
// the proof that the clean room can read a dataset, and nobody else.
import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import type { DatasetSpecification } from "../../contract";
import type { ReadOptions, ReadResult } from "../admin";
import type { SandboxContext } from "../context";
import type { DataPlanes } from "../dataplanes";
import { type AccessContext, openAzureStore, openBucketStore, type OpenStore } from "./access";
import { type Dataset, openDataset } from "./dataset";
import { decryptBlocks } from "./decrypt";
import { encryptBlocks } from "./encrypt";
import { readRows } from "./read-rows";
import { StepFailed, Steps } from "./steps";
import { prefixOf } from "./store";

const ROWS = 5;

export interface Reader {
  /** Never throws for a step that fails: the steps say which, why, and what to mend. */
  read(documentId: string, options?: ReadOptions): Promise<ReadResult>;
  close(): Promise<void>;
}

export function createReader(ctx: SandboxContext, dataPlanes: DataPlanes): Reader {
  const agent = new Agent({ connect: { ca: ctx.tls.ca } });
  return {
    close: () => agent.close(),
    read: async (documentId, options = {}) => {
      const steps = new Steps();
      const policy = ctx.governance.cleanRoomPolicy();
      const hostData = (options.hostData ?? policy[0] ?? ctx.world.cleanRoomHostData).toLowerCase();
      try {
        const dataset = await openDataset(steps, ctx.governance, documentId);
        const access: AccessContext = { ctx, dataPlanes, agent, steps, dataset, hostData };
        const isBucket = dataset.specification.datasetAccessPoint.store.type === "Aws_S3";
        const open = await (isBucket ? openBucketStore(access) : openAzureStore(access));
        if (dataset.writes) {
          await proveWriting(steps, dataset, open);
          return { ok: true, hostData, steps: steps.protocol };
        }
        const rows = await readRows(steps, dataset, open, options.rows ?? ROWS);
        return { ok: true, hostData, steps: steps.protocol, ...rows };
      } catch (error) {
        if (error instanceof StepFailed) return { ok: false, hostData, steps: steps.protocol };
        throw error;
      }
    },
  };
}

/** An output dataset holds nothing yet: an object is written, read back, and removed. */
async function proveWriting(
  steps: Steps,
  dataset: Dataset,
  { store, folder, key, remedies }: OpenStore,
): Promise<void> {
  const name = `${prefixOf(folder)}.write-check-${randomUUID()}`;
  await steps.run("write", remedies, async () => {
    const text = Buffer.from(sample(dataset.specification));
    await store.write(name, key === undefined ? text : encryptBlocks(text, key));
    const { body } = await store.read(name);
    const parts: Uint8Array[] = [];
    for await (const part of key === undefined ? body : decryptBlocks(body, key)) parts.push(part);
    await store.remove(name);
    if (!Buffer.concat(parts).equals(text)) throw new Error(`object ${name} came back with other content`);
    const how = key === undefined ? "" : ", encrypted with the dataset's key";
    return { value: undefined, detail: `an object was written, read back and removed${how}` };
  });
}

const sample = ({ datasetSchema }: DatasetSpecification): string =>
  `${datasetSchema.fields.map(({ fieldName }) => fieldName).join(",")}\n`;
