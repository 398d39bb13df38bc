// Lines for the engine to show beside a resource, as a provider of its own process would send them.
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export class EngineLog {
  private readonly client: EngineClient;

  constructor(address: string) {
    this.client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** An engine that is gone shows nothing, and that is all that can be done about it. */
  info(message: string, urn = ""): void {
    const line = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(message).setUrn(urn);
    this.client.log(line, () => undefined);
  }

  close(): void {
    this.client.close();
  }
}
