// The policy pack as the engine runs it: a real process, asked over gRPC.
import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";

export interface Judged {
  readonly policy: string;
  readonly message: string;
  readonly mandatory: boolean;
}

export type GivenResource = readonly [type: string, name: string, properties: object];

export interface PolicyProcess {
  /** What the rules say of one resource. */
  judge(type: string, name: string, properties: object): Promise<readonly Judged[]>;
  /** What the rules say of all resources together. */
  judgeStack(resources: readonly GivenResource[]): Promise<readonly Judged[]>;
  /** The properties that the rules would have instead, by rule. */
  remediate(type: string, name: string, properties: object): Promise<Readonly<Record<string, unknown>>>;
  /** What the pack says of itself. */
  info(): Promise<messages.AnalyzerInfo.AsObject>;
  /** As the engine does once it knows the pack's configuration: settings by rule, `enforcementLevel` among them. */
  configure(settings: Readonly<Record<string, object>>): Promise<void>;
  /** As the engine does once it knows the stack; without it the pack knows its environment. */
  configureStack(config: Readonly<Record<string, string>>, preview?: boolean): Promise<void>;
  end(): Promise<void>;
}

const ROOT = join(__dirname, "..", "..");
const PROGRAM = join(ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack", "index.js");
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

/** @param config the stack's configuration, as the environment says it */
export async function startPolicyProcess(config: Readonly<Record<string, string>> = {}): Promise<PolicyProcess> {
  const { PATH = "", HOME = "" } = process.env;
  const stack = { PULUMI_PROJECT: "cleanroom", PULUMI_STACK: "contosso", PULUMI_CONFIG: JSON.stringify(config) };
  // The engine's address is only for logs and is never called.
  const child = spawn(process.execPath, [PROGRAM, "127.0.0.1:1", join(ROOT, "policy")], {
    cwd: join(ROOT, "policy"),
    env: { PATH, HOME, PULUMI_DRY_RUN: "true", ...stack },
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString("utf8").trim())));
    child.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}: ${stderr}`)));
  });
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const ask = callsTo(client);
  return {
    judge: async (type, name, properties) =>
      judged(await ask("Analyze", about(type, name, properties), messages.AnalyzeResponse)),
    judgeStack: async (resources) => {
      const request = new messages.AnalyzeStackRequest().setResourcesList(
        resources.map(([type, name, properties]) =>
          new messages.AnalyzerResource()
            .setType(type)
            .setName(name)
            .setUrn(urn(type, name))
            .setOptions(new messages.AnalyzerResourceOptions())
            .setProperties(struct(properties)),
        ),
      );
      return judged(await ask("AnalyzeStack", request, messages.AnalyzeResponse));
    },
    remediate: async (type, name, properties) => {
      const answer = await ask("Remediate", about(type, name, properties), messages.RemediateResponse);
      const all = answer.getRemediationsList();
      return Object.fromEntries(all.map((each) => [each.getPolicyname(), each.getProperties()?.toJavaScript()]));
    },
    info: async () => (await ask("GetAnalyzerInfo", EMPTY, messages.AnalyzerInfo)).toObject(),
    configure: async (settings) => {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const [rule, { enforcementLevel = "mandatory", ...properties }] of Object.entries(
        settings as Readonly<Record<string, { enforcementLevel?: (typeof LEVELS)[number] }>>,
      )) {
        const level = LEVELS.indexOf(enforcementLevel) as messages.EnforcementLevel;
        const config = new messages.PolicyConfig().setEnforcementlevel(level).setProperties(struct(properties));
        request.getPolicyconfigMap().set(rule, config);
      }
      await ask("Configure", request, { deserializeBinary: () => undefined });
    },
    configureStack: async (given, preview = true) => {
      const request = new messages.AnalyzerStackConfigureRequest().setStack("contosso").setDryRun(preview);
      Object.entries(given).forEach(([key, value]) => request.getConfigMap().set(key, value));
      await ask("ConfigureStack", request, messages.AnalyzerStackConfigureResponse);
    },
    end: async () => {
      client.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

const EMPTY = { serializeBinary: () => new Uint8Array() };

const urn = (type: string, name: string): string => `urn:pulumi:contosso::cleanroom::${type}::${name}`;
const struct = (properties: object): Struct =>
  Struct.fromJavaScript(properties as Readonly<Record<string, JavaScriptValue>>);

function about(type: string, name: string, properties: object): messages.AnalyzeRequest {
  return new messages.AnalyzeRequest()
    .setType(type)
    .setName(name)
    .setUrn(urn(type, name))
    .setOptions(new messages.AnalyzerResourceOptions())
    .setProperties(struct(properties));
}

function judged(answer: messages.AnalyzeResponse): readonly Judged[] {
  return answer.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage(),
    mandatory: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
  }));
}

type Ask = <R>(
  method: string,
  request: { serializeBinary(): Uint8Array },
  answer: { deserializeBinary(bytes: Uint8Array): R },
) => Promise<R>;

function callsTo(client: grpc.Client): Ask {
  return (method, request, answer) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        `/pulumirpc.Analyzer/${method}`,
        (message: typeof request) => Buffer.from(message.serializeBinary()),
        (bytes) => answer.deserializeBinary(bytes),
        request,
        (error, value) => (error === null ? resolve(value as never) : reject(new Error(error.details))),
      );
    });
}
