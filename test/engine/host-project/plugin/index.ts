// A provider of one resource: a text that is kept in a file; the id is the file's path. Spoken directly, because the SDK's own
// provider server cannot read for an import.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

type Answer = (error: Partial<grpc.ServiceError> | null, response?: unknown) => void;
type Handler = (call: { request: never }, answer: Answer) => void;

const folder = join(__dirname, "..", "filed");
const struct = (values: Record<string, JavaScriptValue>): Struct => Struct.fromJavaScript(values);

const implemented: Record<string, Handler> = {
  getPluginInfo: (_call, answer) => answer(null, new PluginInfo().setVersion("1.0.0")),
  checkConfig: ({ request }: { request: messages.CheckRequest }, answer) =>
    answer(null, new messages.CheckResponse().setInputs(request.getNews())),
  configure: (_call, answer) => answer(null, new messages.ConfigureResponse()),
  check: ({ request }: { request: messages.CheckRequest }, answer) =>
    answer(null, new messages.CheckResponse().setInputs(request.getNews())),
  diff: (_call, answer) => answer(null, new messages.DiffResponse()),
  create: ({ request }: { request: messages.CreateRequest }, answer) => {
    const inputs = request.getProperties()?.toJavaScript() ?? {};
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "created"), inputs.text as string);
    answer(null, new messages.CreateResponse().setId(join(folder, "created")).setProperties(struct(inputs)));
  },
  read: ({ request }: { request: messages.ReadRequest }, answer) => {
    const found = struct({ text: readFileSync(request.getId(), "utf8") });
    answer(null, new messages.ReadResponse().setId(request.getId()).setProperties(found).setInputs(found));
  },
  delete: ({ request }: { request: messages.DeleteRequest }, answer) => {
    rmSync(request.getId());
    answer(null, new Empty());
  },
  cancel: (_call, answer) => answer(null, new Empty()),
};

const unimplemented: Handler = (_call, answer) => answer({ code: grpc.status.UNIMPLEMENTED, details: "not here" });
const server = new grpc.Server();
server.addService(
  ResourceProviderService,
  Object.fromEntries(
    Object.keys(ResourceProviderService as object).map((name) => [name, implemented[name] ?? unimplemented]),
  ) as unknown as grpc.UntypedServiceImplementation,
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(port);
});
