// The engine's own dynamic provider as a real process, spoken to as the engine does: with the providers' text of the
// golden file, with configuration, over gRPC.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";

export type Properties = Record<string, unknown>;

export interface Created {
  readonly id: string;
  readonly state: Properties;
}

/** What was observed of an object, whichever resource's state it is. */
export function seen({ id, state: { stateId: _, ...state } }: Created): Created {
  return { id, state };
}

export interface Compared {
  readonly changes: boolean;
  readonly replaces: readonly string[];
}

/** One kind of resource, by the methods that the engine calls. Every failure throws the text that the engine shows. */
export interface Kind {
  /** Texts of what is refused; none when all is well. */
  check(news: Properties, olds?: Properties): Promise<readonly string[]>;
  diff(id: string, state: Properties, news: Properties): Promise<Compared>;
  create(news: Properties): Promise<Created>;
  update(id: string, state: Properties, news: Properties): Promise<Properties>;
  /** Undefined when the object is gone. */
  read(id: string, state: Properties): Promise<{ state: Properties; inputs: Properties } | undefined>;
  delete(id: string, state: Properties): Promise<void>;
}

/** A creation that broke off: what the engine keeps of it in the state. */
export class InitFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: Properties,
  ) {
    super(message);
  }
}

export interface ProviderProcess {
  kind(name: string): Kind;
  /** What the process wrote on stderr so far, which the engine shows as diagnostics. */
  said(): string;
  /** Resolves once it has said that, and rejects when it does not: stderr comes by another way than answers, and later. */
  says(expected: string | RegExp): Promise<void>;
  end(): Promise<void>;
  /** `kill -9`: in the middle of whatever it does. */
  kill(): void;
}

const ROOT = join(__dirname, "..", "..");
const PROGRAM = join(ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider", "index.js");
const TEXT = readFileSync(join(ROOT, "test", "golden", "shim.txt"), "utf8");

/**
 * `config` is the stack's, by whole keys; `env` stands beside what a process needs to start; `flags` are those that the
 * engine puts before its address, such as `-v=9`.
 */
export async function startProviderProcess(
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  cwd = ROOT,
  flags: readonly string[] = [],
): Promise<ProviderProcess> {
  const { PATH = "", HOME = "" } = process.env;
  const command = [PROGRAM, ...flags, await engineAddress()];
  const child = spawn(process.execPath, command, { cwd, env: { PATH, HOME, ...env } });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stderr: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk.toString("utf8")));
  const port = await portOf(child, stderr);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const args = Struct.fromJavaScript({ ...config });
  await call(client, "Configure", new messages.ConfigureRequest().setArgs(args), messages.ConfigureResponse);
  return {
    kind: (name) => kindOf(client, TEXT.replaceAll("KIND", name)),
    said: () => stderr.join(""),
    says: async (expected) => {
      const said = (): boolean =>
        typeof expected === "string" ? stderr.join("").includes(expected) : expected.test(stderr.join(""));
      for (const end = Date.now() + 3_000; !said(); await sleep(10)) {
        if (Date.now() > end) throw new Error(`it did not say ${String(expected)}, but:\n${stderr.join("")}`);
      }
    },
    end: async () => {
      client.close();
      child.kill();
      await ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

let engine: Promise<string> | undefined;

/** Where an engine would listen, as long as this process lives: its providers end with it, however it ends. */
function engineAddress(): Promise<string> {
  engine ??= new Promise((resolve) => {
    const server = createServer((socket) => socket.on("error", () => undefined).end()).unref();
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  return engine;
}

function portOf(child: ChildProcess, stderr: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(Number(chunk.toString("utf8").trim())));
    child.once("exit", (code) => reject(new Error(`the provider process ended with ${code}: ${stderr.join("")}`)));
  });
}

function kindOf(client: grpc.Client, text: string): Kind {
  const struct = (properties: Properties): Struct =>
    Struct.fromJavaScript(JSON.parse(JSON.stringify({ ...properties, __provider: text })) as never);
  return {
    check: async (news, olds = {}) => {
      const request = new messages.CheckRequest().setNews(struct(news)).setOlds(struct(olds));
      if (Object.keys(olds).length === 0) request.setOlds(new Struct());
      const answer = await call(client, "Check", request, messages.CheckResponse);
      return answer.getFailuresList().map((failure) => failure.getReason());
    },
    diff: async (id, state, news) => {
      const request = new messages.DiffRequest().setId(id).setOlds(struct(state)).setNews(struct(news));
      const answer = await call(client, "Diff", request, messages.DiffResponse);
      return {
        changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
      };
    },
    create: async (news) => {
      const request = new messages.CreateRequest().setProperties(struct(news));
      const answer = await call(client, "Create", request, messages.CreateResponse, text);
      return { id: answer.getId(), state: plain(answer.getProperties(), text) };
    },
    update: async (id, state, news) => {
      const request = new messages.UpdateRequest().setId(id).setOlds(struct(state)).setNews(struct(news));
      return plain((await call(client, "Update", request, messages.UpdateResponse, text)).getProperties(), text);
    },
    read: async (id, state) => {
      const request = new messages.ReadRequest().setId(id).setProperties(struct(state));
      const answer = await call(client, "Read", request, messages.ReadResponse);
      return answer.getId() === ""
        ? undefined
        : { state: plain(answer.getProperties(), text), inputs: plain(answer.getInputs(), text) };
    },
    delete: async (id, state) => {
      const request = new messages.DeleteRequest().setId(id).setProperties(struct(state));
      await call(client, "Delete", request, { deserializeBinary: () => undefined });
    },
  };
}

/** What would stand in the state. The provider's text must be there, or the engine could never call it again. */
function plain(struct: Struct | undefined, text: string): Properties {
  const { __provider: provider, ...properties } = (struct?.toJavaScript() ?? {}) as Properties;
  if (provider !== text) {
    throw new Error("the answer lacks the provider's text");
  }
  return properties;
}

function call<T>(
  client: grpc.Client,
  method: string,
  request: { serializeBinary(): Uint8Array },
  answer: { deserializeBinary(bytes: Uint8Array): T },
  text?: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/pulumirpc.ResourceProvider/${method}`,
      (message: typeof request) => Buffer.from(message.serializeBinary()),
      (bytes) => answer.deserializeBinary(bytes),
      request,
      (error, value) => {
        if (error === null && value !== undefined) resolve(value);
        else if (error === null) resolve(value as T);
        else reject(initFailure(error, text) ?? new Error(error.details));
      },
    );
  });
}

/** As the engine reads it: id and properties ride in the error's metadata. */
function initFailure(error: grpc.ServiceError, text: string | undefined): InitFailed | undefined {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  const detail = packed instanceof Buffer ? status.Status.deserializeBinary(packed).getDetailsList()[0] : undefined;
  if (detail === undefined || text === undefined) {
    return undefined;
  }
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new InitFailed(error.details, failed.getId(), plain(failed.getProperties(), text));
}
