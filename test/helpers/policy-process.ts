// The policy pack as the engine runs it: a real process, asked over gRPC.
import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";

export interface Judged {
  readonly policy: string;
  readonly message: string;
  readonly mandatory: boolean;
}

export interface PolicyProcess {
  /** What the rules say of one resource. */
  judge(type: string, name: string, properties: object): Promise<readonly Judged[]>;
  /** What the rules say of all resources together. */
  judgeStack(
    resources: readonly (readonly [type: string, name: string, properties: object])[],
  ): Promise<readonly Judged[]>;
  end(): Promise<void>;
}

const ROOT = join(__dirname, "..", "..");
const PROGRAM = join(ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack", "index.js");

export async function startPolicyProcess(): Promise<PolicyProcess> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, PULUMI_PROJECT: "cleanroom", PULUMI_STACK: "contosso", PULUMI_DRY_RUN: "true" };
  // The engine's address is only for logs and is never called.
  const child = spawn(process.execPath, [PROGRAM, "127.0.0.1:1", join(ROOT, "policy")], {
    cwd: join(ROOT, "policy"),
    env,
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString("utf8").trim())));
    child.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}: ${stderr}`)));
  });
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    judge: async (type, name, properties) => {
      const request = new messages.AnalyzeRequest();
      request.setType(type);
      request.setName(name);
      request.setUrn(urn(type, name));
      request.setOptions(new messages.AnalyzerResourceOptions());
      request.setProperties(Struct.fromJavaScript(properties as never));
      return judged(await call(client, "Analyze", request));
    },
    judgeStack: async (resources) => {
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList(
        resources.map(([type, name, properties]) => {
          const resource = new messages.AnalyzerResource();
          resource.setType(type);
          resource.setName(name);
          resource.setUrn(urn(type, name));
          resource.setOptions(new messages.AnalyzerResourceOptions());
          resource.setProperties(Struct.fromJavaScript(properties as never));
          return resource;
        }),
      );
      return judged(await call(client, "AnalyzeStack", request));
    },
    end: async () => {
      client.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

const urn = (type: string, name: string): string => `urn:pulumi:contosso::cleanroom::${type}::${name}`;

function judged(answer: messages.AnalyzeResponse): readonly Judged[] {
  return answer.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage(),
    mandatory: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
  }));
}

function call(
  client: grpc.Client,
  method: string,
  request: { serializeBinary(): Uint8Array },
): Promise<messages.AnalyzeResponse> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/pulumirpc.Analyzer/${method}`,
      (message: typeof request) => Buffer.from(message.serializeBinary()),
      (bytes) => messages.AnalyzeResponse.deserializeBinary(bytes),
      request,
      (error, value) => (error === null && value !== undefined ? resolve(value) : reject(new Error(error?.details))),
    );
  });
}
