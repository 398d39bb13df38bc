// pulumirpc.Analyzer over gRPC. The SDK's own PolicyPack hides from a rule which values are secrets, decodes every
// resource once a rule, and lets a mandatory rule say nothing advisory; all three are needed here.
import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Level, PackConfig } from "./configuration";
import type { Diagnostic, Pack } from "./pack";
import type { Told } from "./resource";
import type { Rule } from "./rule";
import type { Wire } from "./values";

export interface About {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** Resources may be large: as many bytes as the engine itself takes. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

const { ADVISORY, MANDATORY, DISABLED, REMEDIATE } = proto.EnforcementLevel;
const LEVEL_OF: ReadonlyMap<proto.EnforcementLevel, Level> = new Map([
  [ADVISORY, "advisory"],
  [MANDATORY, "mandatory"],
  [DISABLED, "disabled"],
  [REMEDIATE, "remediate"],
]);

/** Serves the pack on a port of its own, printed as the first line of the output, which is where the engine looks. */
export function serve(pack: Pack, about: About): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(AnalyzerService, { ...unimplemented(), ...service(pack, about) });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      process.stderr.write(`The policy pack cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

type Method<Q, R> = (request: Q) => R;

function service(pack: Pack, about: About) {
  const answer =
    <Q, R>(method: Method<Q, R>): grpc.handleUnaryCall<Q, R> =>
    (call, respond) => {
      try {
        respond(null, method(call.request));
      } catch (error) {
        respond({ code: grpc.status.INTERNAL, details: error instanceof Error ? error.message : String(error) });
      }
    };
  const found = (diagnostics: readonly Diagnostic[]): proto.AnalyzeResponse =>
    new proto.AnalyzeResponse().setDiagnosticsList(diagnostics.map((diagnostic) => shown(diagnostic, about)));
  return {
    handshake: answer(() => new proto.AnalyzerHandshakeResponse()),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(about.version)),
    getAnalyzerInfo: answer(() => info(pack.rules, about)),
    configureStack: answer((request: proto.AnalyzerStackConfigureRequest) => {
      pack.configureStack({
        stack: request.getStack(),
        preview: request.getDryRun(),
        config: Object.fromEntries(request.getConfigMap().entries()),
      });
      return new proto.AnalyzerStackConfigureResponse();
    }),
    configure: answer((request: proto.ConfigureAnalyzerRequest) => {
      pack.configure(configOf(request));
      return new Empty();
    }),
    analyze: answer((request: proto.AnalyzeRequest) => found(pack.analyze(told(request)))),
    analyzeStack: answer((request: proto.AnalyzeStackRequest) =>
      found(pack.analyzeStack(request.getResourcesList().map(toldOfStack))),
    ),
    remediate: answer((request: proto.AnalyzeRequest) => {
      const remediated = pack.remediate(told(request)).map(({ rule, properties }) =>
        new proto.Remediation()
          .setPolicyname(rule.code)
          .setPolicypackname(about.name)
          .setPolicypackversion(about.version)
          .setDescription(rule.title)
          .setProperties(Struct.fromJavaScript(properties as Readonly<Record<string, JavaScriptValue>>)),
      );
      return new proto.RemediateResponse().setRemediationsList(remediated);
    }),
    cancel: answer(() => new Empty()),
  };
}

/** What a later engine may ask that this pack does not know of, refused by name. */
function unimplemented(): Record<string, grpc.handleUnaryCall<unknown, unknown>> {
  const methods = Object.entries(AnalyzerService) as readonly (readonly [string, { readonly path: string }])[];
  return Object.fromEntries(
    methods.map(([method, { path }]) => [
      method,
      (_call, respond) =>
        respond({ code: grpc.status.UNIMPLEMENTED, details: `the policy pack does not answer ${path}` }),
    ]),
  );
}

function info(rules: readonly Rule[], { name, version, description }: About): proto.AnalyzerInfo {
  return new proto.AnalyzerInfo()
    .setName(name)
    .setDisplayname(name)
    .setVersion(version)
    .setDescription(description)
    .setSupportsconfig(true)
    .setPoliciesList(rules.map(policyInfo));
}

/** Without defaults: what the engine fills in could not be told from what somebody chose, and presets fill in others. */
function policyInfo({ code, title, risk, remedy, settings, judge }: Rule): proto.PolicyInfo {
  const properties = Object.fromEntries(
    Object.entries(settings).map(([setting, { schema, description }]) => [setting, { ...schema, description }]),
  ) as unknown as Readonly<Record<string, JavaScriptValue>>;
  const { POLICY_TYPE_RESOURCE, POLICY_TYPE_STACK } = proto.PolicyType;
  return new proto.PolicyInfo()
    .setName(code)
    .setDisplayname(title)
    .setDescription(`${title} ${risk}`)
    .setRemediationSteps(remedy)
    .setEnforcementlevel(MANDATORY)
    .setPolicyType(judge === undefined ? POLICY_TYPE_STACK : POLICY_TYPE_RESOURCE)
    .setConfigschema(new proto.PolicyConfigSchema().setProperties(Struct.fromJavaScript(properties)));
}

function configOf(request: proto.ConfigureAnalyzerRequest): PackConfig {
  return Object.fromEntries(
    [...request.getPolicyconfigMap().entries()].map(([code, config]) => [
      code,
      { level: LEVEL_OF.get(config.getEnforcementlevel()), properties: wire(config.getProperties()) },
    ]),
  );
}

function told(request: proto.AnalyzeRequest): Told {
  return {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    properties: wire(request.getProperties()),
    parent: request.getOptions()?.getParent(),
  };
}

function toldOfStack(resource: proto.AnalyzerResource): Told {
  const dependencies = [...resource.getPropertydependenciesMap().entries()];
  return {
    urn: resource.getUrn(),
    type: resource.getType(),
    name: resource.getName(),
    properties: wire(resource.getProperties()),
    parent: resource.getParent(),
    propertyDependencies: Object.fromEntries(dependencies.map(([property, urns]) => [property, urns.getUrnsList()])),
  };
}

const wire = (struct: Struct | undefined): Wire => struct?.toJavaScript() ?? {};

function shown({ rule, level, message, urn }: Diagnostic, { name, version }: About): proto.AnalyzeDiagnostic {
  return new proto.AnalyzeDiagnostic()
    .setPolicyname(rule.code)
    .setPolicypackname(name)
    .setPolicypackversion(version)
    .setDescription(rule.title)
    .setMessage(message)
    .setEnforcementlevel(level === "mandatory" ? MANDATORY : ADVISORY)
    .setUrn(urn ?? "");
}
