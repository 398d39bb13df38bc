// What a request of blob storage's or Data Lake Storage's asks for, carried out by the emulator once whoever serves it has
// allowed it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CustomerKeys } from "./customer-keys";
import { DataLake } from "./data-lake";
import { type PathOperation, pathOperationOf } from "./data-lake-operation";
import type { Emulator } from "./emulator";
import { BlobError, writeBlobError, writePathError } from "./errors";
import { type Operation, operationOf } from "./operation";

/** Whether names are hierarchical there. @throws BlobError for whom it is refused */
type Allow = (operation: Operation) => Promise<{ readonly hierarchical?: boolean }>;

export class Serving {
  /** @param emulator starts it when the first blob is asked for */
  constructor(
    private readonly emulator: () => Promise<Emulator>,
    private readonly customerKeys: CustomerKeys,
  ) {}

  /** By the operations of blob storage alone. */
  async blobs(request: IncomingMessage, response: ServerResponse, allow: Allow): Promise<void> {
    try {
      const operation = operationOf(request);
      await this.serve(operation, allow, request, response, (running) => running.serve(request, response));
    } catch (error) {
      if (!(error instanceof BlobError) || response.headersSent) throw error;
      writeBlobError(response, request.method, error);
    }
  }

  /** By operations on paths, and by those of blob storage. */
  async paths(request: IncomingMessage, response: ServerResponse, allow: Allow): Promise<void> {
    try {
      const operation: PathOperation | undefined = pathOperationOf(request);
      if (operation === undefined) return await this.blobs(request, response, allow);
      await this.serve(operation, allow, request, response, (running) =>
        new DataLake(running).serve(operation, request, response),
      );
    } catch (error) {
      if (!(error instanceof BlobError) || response.headersSent) throw error;
      writePathError(response, request.method, error);
    }
  }

  private async serve(
    operation: Operation,
    allow: Allow,
    request: IncomingMessage,
    response: ServerResponse,
    carryOut: (running: Emulator) => Promise<void>,
  ): Promise<void> {
    const { hierarchical } = await allow(operation);
    this.customerKeys.check(operation, request);
    const { account, container, blob, writes } = operation;
    const running = await this.emulator();
    if (container !== undefined) await running.createContainer(account, container);
    if (hierarchical && writes && container !== undefined && blob !== undefined && request.method !== "DELETE") {
      await new DataLake(running).ensureParents(account, container, blob);
    }
    await this.customerKeys.around(operation, request, response, () => carryOut(running));
  }
}
