// One provider as the engine sees it: each step checks its inputs first, as the engine does, and throws what the engine
// would show.
import type * as grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../records";

export { UNKNOWN } from "../protocol";

export const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
export const secretOf = (value: unknown): Properties => ({ ...SECRET, value });

/** What a read answers of a resource that is not there. */
export const GONE = "";

export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Preview {
  readonly changes: "none" | "some";
  /** By path: `add`, `delete`, `update`, with `-replace` where it makes another resource. */
  readonly detailed: Readonly<Record<string, string>>;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export class TestProvider {
  constructor(private readonly client: ResourceProviderClient) {}

  configure(config: Properties): Promise<proto.ConfigureResponse> {
    const request = new proto.ConfigureRequest().setArgs(struct(config)).setAcceptsecrets(true);
    return this.ask((done) => this.client.configure(request, done));
  }

  /** @throws with all failures' reasons */
  async check(type: string, name: string, inputs: Properties, before?: Deployed): Promise<Properties> {
    const request = new proto.CheckRequest()
      .setUrn(urn(type, name))
      .setNews(struct(inputs))
      .setOlds(before && struct(before.inputs))
      .setRandomseed(Buffer.from(`${type} ${name}`));
    const response = await this.ask<proto.CheckResponse>((done) => this.client.check(request, done));
    throwFailures(response.getFailuresList());
    return values(response.getInputs());
  }

  /** What a preview knows of a resource that is to be made. */
  async preview(type: string, name: string, inputs: Properties): Promise<Properties> {
    const checked = await this.check(type, name, inputs);
    const request = new proto.CreateRequest().setUrn(urn(type, name)).setProperties(struct(checked)).setPreview(true);
    const response = await this.ask<proto.CreateResponse>((done) => this.client.create(request, done));
    return values(response.getProperties());
  }

  async create(type: string, name: string, inputs: Properties): Promise<Deployed> {
    const checked = await this.check(type, name, inputs);
    const request = new proto.CreateRequest().setUrn(urn(type, name)).setProperties(struct(checked));
    const response = await this.ask<proto.CreateResponse>((done) => this.client.create(request, done));
    return { type, name, id: response.getId(), inputs: checked, outputs: values(response.getProperties()) };
  }

  async diff(before: Deployed, inputs: Properties): Promise<Preview> {
    const checked = await this.check(before.type, before.name, inputs, before);
    const request = new proto.DiffRequest()
      .setUrn(urn(before.type, before.name))
      .setId(before.id)
      .setOldInputs(struct(before.inputs))
      .setOlds(struct(before.outputs))
      .setNews(struct(checked));
    const response = await this.ask<proto.DiffResponse>((done) => this.client.diff(request, done));
    const detailed = response.getDetaileddiffMap().toArray() as unknown as readonly (readonly [string, unknown[]])[];
    return {
      changes: response.getChanges() === proto.DiffResponse.DiffChanges.DIFF_NONE ? "none" : "some",
      detailed: Object.fromEntries(detailed.map(([path, [kind]]) => [path, KINDS[Number(kind ?? 0)] ?? ""])),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async update(before: Deployed, inputs: Properties, preview = false): Promise<Deployed> {
    const checked = await this.check(before.type, before.name, inputs, before);
    const request = new proto.UpdateRequest()
      .setUrn(urn(before.type, before.name))
      .setId(before.id)
      .setOldInputs(struct(before.inputs))
      .setOlds(struct(before.outputs))
      .setNews(struct(checked))
      .setPreview(preview);
    const response = await this.ask<proto.UpdateResponse>((done) => this.client.update(request, done));
    return { ...before, inputs: checked, outputs: values(response.getProperties()) };
  }

  async read({ type, name, id, inputs, outputs }: Deployed): Promise<Deployed> {
    const request = new proto.ReadRequest()
      .setUrn(urn(type, name))
      .setId(id)
      .setInputs(struct(inputs))
      .setProperties(struct(outputs));
    const response = await this.ask<proto.ReadResponse>((done) => this.client.read(request, done));
    const found = { inputs: values(response.getInputs()), outputs: values(response.getProperties()) };
    return { type, name, id: response.getId(), ...found };
  }

  /** By id alone, as an import reads. */
  import(type: string, name: string, id: string): Promise<Deployed> {
    return this.read({ type, name, id, inputs: {}, outputs: {} });
  }

  async delete({ type, name, id, inputs, outputs }: Deployed): Promise<void> {
    const request = new proto.DeleteRequest()
      .setUrn(urn(type, name))
      .setId(id)
      .setOldInputs(struct(inputs))
      .setProperties(struct(outputs));
    await this.ask<Empty>((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: Properties = {}): Promise<Properties> {
    const request = new proto.InvokeRequest().setTok(token).setArgs(struct(args));
    const response = await this.ask<proto.InvokeResponse>((done) => this.client.invoke(request, done));
    throwFailures(response.getFailuresList());
    return values(response.getReturn());
  }

  async cancel(): Promise<void> {
    await this.ask<Empty>((done) => this.client.cancel(new Empty(), done));
  }

  private ask<R>(call: (done: (error: grpc.ServiceError | null, response: R) => void) => unknown): Promise<R> {
    return new Promise((done, failed) => {
      call((error, response) => (error === null ? done(response) : failed(new Error(error.details))));
    });
  }
}

const urn = (type: string, name: string): string => `urn:pulumi:test::clouds::${type}::${name}`;

const struct = (value: Properties): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);

const values = (value: Struct | undefined): Properties => value?.toJavaScript() ?? {};

function throwFailures(failures: readonly proto.CheckFailure[]): void {
  if (failures.length > 0) throw new Error(failures.map((each) => each.getReason()).join("\n"));
}
