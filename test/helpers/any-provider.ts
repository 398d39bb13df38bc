// A provider of any package that takes everything: for programs whose resources are judged, and never made. In a preview
// a resource's outputs are its inputs, and what it names `__outputs`.
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export interface AnyProvider {
  /** Environment with which an engine uses it for these packages. */
  env(...packages: readonly string[]): Readonly<Record<string, string>>;
  end(): void;
}

type Answer = (request: proto.CheckRequest & proto.CreateRequest) => unknown;

export async function startAnyProvider(): Promise<AnyProvider> {
  const answers: Readonly<Record<string, Answer>> = {
    handshake: () => new proto.ProviderHandshakeResponse().setAcceptSecrets(true),
    attach: () => new Empty(),
    getPluginInfo: () => new plugin.PluginInfo().setVersion("999.0.0"),
    getSchema: () => new proto.GetSchemaResponse().setSchema("{}"),
    checkConfig: checked,
    diffConfig: () => new proto.DiffResponse(),
    configure: () =>
      new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true).setAcceptresources(true),
    check: checked,
    create: (request) => {
      const { __outputs: outputs, ...inputs } = values(request.getProperties());
      return new proto.CreateResponse().setProperties(struct({ ...inputs, ...(outputs as object | undefined) }));
    },
    cancel: () => new Empty(),
  };
  const server = new grpc.Server();
  const methods = Object.keys(ResourceProviderService).map((method) => [method, respondWith(method, answers[method])]);
  server.addService(ResourceProviderService, Object.fromEntries(methods) as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((done, failed) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? done(bound) : failed(error),
    ),
  );
  return {
    env: (...packages) => ({
      PULUMI_DEBUG_PROVIDERS: packages.map((name) => `${name}:${port}`).join(","),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    }),
    end: () => server.forceShutdown(),
  };
}

const checked: Answer = (request) => new proto.CheckResponse().setInputs(request.getNews());

function respondWith(method: string, answer: Answer | undefined): grpc.handleUnaryCall<never, unknown> {
  return (call, respond) =>
    answer === undefined
      ? respond({ code: grpc.status.UNIMPLEMENTED, details: `a provider for previews does not answer ${method}` })
      : respond(null, answer(call.request));
}

const values = (given: Struct | undefined): Readonly<Record<string, unknown>> => given?.toJavaScript() ?? {};
const struct = (given: object): Struct => Struct.fromJavaScript(given as Readonly<Record<string, JavaScriptValue>>);
