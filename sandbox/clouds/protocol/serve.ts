// A provider package on a port of its own, for engines to attach to.
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Locks } from "./locks";
import type { Cloud, ProviderPackage } from "./model";
import { Operations } from "./operations";
import { service } from "./service";
import { Sessions } from "./sessions";

/** States can be large: as many bytes as the engine itself takes. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

export interface ServedProvider {
  close(): Promise<void>;
}

export async function serve(
  provider: ProviderPackage,
  cloud: Omit<Cloud, "config" | "signal" | "log">,
  locks: Locks,
  port: number,
): Promise<ServedProvider> {
  const sessions = new Sessions(cloud);
  const server = new grpc.Server({ "grpc.max_receive_message_length": MESSAGE_LIMIT });
  server.addService(ResourceProviderService, {
    ...unimplemented(provider.name),
    ...service(provider, new Operations(provider, locks), sessions),
  });
  await new Promise<void>((done, failed) =>
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {
      if (error === null) done();
      else failed(new Error(`${provider.name} cannot listen on 127.0.0.1:${port}: ${error.message}`, { cause: error }));
    }),
  );
  return {
    close: () => {
      sessions.close();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

/** What an engine asks of no provider that the sandbox models, refused by name. */
function unimplemented(name: string): Record<string, grpc.handleUnaryCall<unknown, unknown>> {
  const refuse =
    (path: string): grpc.handleUnaryCall<unknown, unknown> =>
    (_, respond) =>
      respond({ code: grpc.status.UNIMPLEMENTED, details: `the sandbox's ${name} does not answer ${path}` });
  const methods = Object.entries(ResourceProviderService);
  return Object.fromEntries(methods.map(([method, { path }]: [string, { path: string }]) => [method, refuse(path)]));
}
