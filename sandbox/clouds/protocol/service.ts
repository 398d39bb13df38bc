// pulumirpc.ResourceProvider over gRPC: translates the engine's messages to operations on plain values and back.
import { createHash } from "node:crypto";
import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ServiceError } from "../../http";
import type { Properties } from "../records";
import type { Difference } from "./diff";
import type { Cloud, ProviderPackage } from "./model";
import type { Diffed, Operations } from "./operations";
import type { Sessions } from "./sessions";
import type { Failure } from "./shape";

type Unary<Q, R> = (request: Q, cloud: Cloud) => R | Promise<R>;

/** Every method of the service that the sandbox answers; the rest is unimplemented. */
export function service(provider: ProviderPackage, operations: Operations, sessions: Sessions) {
  const answer =
    <Q, R>(act: string, work: Unary<Q, R>): grpc.handleUnaryCall<Q, R> =>
    (call, respond) => {
      sessions
        .during(call, (cloud) => work(call.request, cloud))
        .then(
          (response) => respond(null, response),
          (error: unknown) => respond(failure(provider, act, error)),
        );
    };
  const empty = (): Empty => new Empty();
  return {
    handshake: ((call, respond) => {
      sessions.attach(call, call.request.getEngineAddress());
      respond(null, new proto.ProviderHandshakeResponse().setAcceptSecrets(true));
    }) satisfies grpc.handleUnaryCall<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>,
    attach: ((call, respond) => {
      sessions.attach(call, call.request.getAddress());
      respond(null, empty());
    }) satisfies grpc.handleUnaryCall<plugin.PluginAttach, Empty>,
    getPluginInfo: answer("getPluginInfo", () => new plugin.PluginInfo().setVersion(provider.version)),
    getSchema: answer("getSchema", () => {
      const schema = { name: provider.name, version: provider.version };
      return new proto.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    checkConfig: answer("checkConfig", (request: proto.CheckRequest) => checked(values(request.getNews()), [])),
    diffConfig: answer("diffConfig", () =>
      new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    configure: ((call, respond) => {
      sessions.configure(call, values(call.request.getArgs()));
      const response = new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      respond(null, response);
    }) satisfies grpc.handleUnaryCall<proto.ConfigureRequest, proto.ConfigureResponse>,
    invoke: answer("invoke", async (request: proto.InvokeRequest, cloud) => {
      const result = await operations.invoke(cloud, request.getTok(), values(request.getArgs()));
      return isFailures(result)
        ? new proto.InvokeResponse().setFailuresList(failures(result))
        : new proto.InvokeResponse().setReturn(struct(result));
    }),
    check: answer("check", (request: proto.CheckRequest, cloud) => {
      const subject = subjectOf(request.getUrn());
      const [given, before] = [values(request.getNews()), values(request.getOlds())];
      const random = randomFrom(request.getRandomseed_asU8(), request.getUrn());
      const result = operations.check(cloud, subject, given, before, random);
      return checked(result.inputs, result.failures);
    }),
    diff: answer("diff", (request: proto.DiffRequest) => {
      const { type } = subjectOf(request.getUrn());
      return diffed(operations.diff(type, values(request.getOldInputs()), values(request.getNews())));
    }),
    create: answer("creating", async (request: proto.CreateRequest, cloud) => {
      const subject = subjectOf(request.getUrn());
      const inputs = values(request.getProperties());
      if (request.getPreview()) {
        const preview = operations.previewCreate(cloud, subject.type, inputs);
        return new proto.CreateResponse().setProperties(struct(preview));
      }
      const { id, outputs } = await operations.create(cloud, subject, inputs);
      return new proto.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    update: answer("updating", async (request: proto.UpdateRequest, cloud) => {
      const { type } = subjectOf(request.getUrn());
      const [before, inputs] = [values(request.getOlds()), values(request.getNews())];
      const state = { id: request.getId(), inputs: values(request.getOldInputs()), outputs: before };
      const outputs = request.getPreview()
        ? operations.previewUpdate(cloud, type, inputs, before)
        : await operations.update(cloud, type, state, inputs);
      return new proto.UpdateResponse().setProperties(struct(outputs));
    }),
    read: answer("reading", async (request: proto.ReadRequest, cloud) => {
      const { type } = subjectOf(request.getUrn());
      const [inputs, outputs] = [values(request.getInputs()), values(request.getProperties())];
      const found = await operations.read(cloud, type, { id: request.getId(), inputs, outputs });
      // An answer without an id says that it is gone.
      if (found === undefined) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(found.id)
        .setInputs(struct(found.inputs))
        .setProperties(struct(found.outputs));
    }),
    delete: answer("deleting", async (request: proto.DeleteRequest, cloud) => {
      const { type } = subjectOf(request.getUrn());
      const [inputs, outputs] = [values(request.getOldInputs()), values(request.getProperties())];
      await operations.delete(cloud, type, { id: request.getId(), inputs, outputs });
      return empty();
    }),
    cancel: ((call, respond) => {
      sessions.cancel(call);
      respond(null, empty());
    }) satisfies grpc.handleUnaryCall<Empty, Empty>,
    getMapping: answer("getMapping", () => new proto.GetMappingResponse()),
    getMappings: answer("getMappings", () => new proto.GetMappingsResponse()),
  };
}

function failure(provider: ProviderPackage, act: string, error: unknown): Partial<grpc.StatusObject> {
  const details =
    error instanceof ServiceError
      ? provider.explain(error, act)
      : error instanceof Error
        ? error.message
        : String(error);
  return { code: grpc.status.UNKNOWN, details };
}

const values = (given: Struct | undefined): Properties => given?.toJavaScript() ?? {};
const struct = (given: Properties): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(given)) as Record<string, JavaScriptValue>);

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
function subjectOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

/** The engine's seed makes names that stay the same from preview to update. */
function randomFrom(seed: Uint8Array, urn: string): (digits: number) => string {
  const source = seed.length > 0 ? seed : Buffer.from(urn);
  return (digits) => createHash("sha256").update(source).digest("hex").slice(0, digits);
}

const isFailures = (result: Properties | readonly Failure[]): result is readonly Failure[] => Array.isArray(result);

const failures = (given: readonly Failure[]): proto.CheckFailure[] =>
  given.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));

const checked = (inputs: Properties, found: readonly Failure[]): proto.CheckResponse =>
  new proto.CheckResponse().setInputs(struct(inputs)).setFailuresList(failures(found));

function diffed({ differences, deleteBeforeReplace }: Diffed): proto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse().setHasdetaileddiff(true);
  for (const each of differences) {
    response.getDetaileddiffMap().set(each.path, new proto.PropertyDiff().setKind(kindOf(each)).setInputdiff(true));
  }
  const replaced = differences.filter((each) => each.replaces);
  return response
    .setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(top(differences))
    .setReplacesList(top(replaced))
    .setDeletebeforereplace(replaced.length > 0 && deleteBeforeReplace);
}

function kindOf({ change, replaces }: Difference & { readonly replaces: boolean }): proto.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  if (change === "add") return replaces ? ADD_REPLACE : ADD;
  if (change === "delete") return replaces ? DELETE_REPLACE : DELETE;
  return replaces ? UPDATE_REPLACE : UPDATE;
}

const top = (found: readonly Difference[]): string[] => [
  ...new Set(found.map(({ path }) => /^\["(.*?)"\]|^[^.[]+/.exec(path)?.[0] ?? path)),
];
