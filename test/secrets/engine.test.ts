// A collaborator's whole stack by the real engine at its most talkative: no secret in what it prints, logs, exports and
// records, nor in what the services write down of requests.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiError } from "../../demo/pulumi";
import { Collaborator } from "../../demo/pulumi";
import { collaboratorEnv, startSandbox, type Sandbox } from "../../sandbox";
import { answering, json, type Answering } from "../helpers/answering";
import { hits, type Canaries } from "./canaries";

const MINUTES = 60_000;
const STACK = ["--stack", "litware"];
const TALKATIVE = ["-v=11", "--logflow", "--logtostderr"];

let dir: string;
let sandbox: Sandbox;
let echo: Answering;
const places: Record<string, string> = {};
let canaries: Canaries;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-secrets-"));
  sandbox = await startSandbox({ dir });
  echo = await answering((response, _count, asked) =>
    json(response, 400, { error: { code: "Bad", message: `You sent ${JSON.stringify(asked.headers)} ${asked.body}` } }),
  );
  const { CLEANROOM_TOKEN: token = "", ...env } = await collaboratorEnv(dir, "litware");
  const debugging = { ...env, PULUMI_DEBUG_COMMANDS: "true" }; // without it there is no --event-log
  const litware = new Collaborator("litware", debugging);
  const encryptionKey = Buffer.from("canary-of-litware's-own-data-key").toString("base64");
  await litware.setConfig("encryptionKey", encryptionKey, true);
  await litware.setConfig("token", token, true);

  places.preview = (await litware.run(["preview", ...STACK, "--diff", "--json"])).output;
  const events = join(dir, "events.json");
  const up = await litware.run(["up", ...STACK, "--yes", "--skip-preview", "--event-log", events, ...TALKATIVE]);
  places.log = withoutEnginesOwn(up.output);
  places.events = withoutEnginesOwn(readFileSync(events, "utf8"));
  places.state = (await litware.run(["stack", "export", ...STACK])).output;
  places.requests = readFileSync(join(dir, "requests.jsonl"), "utf8");
  const echoing = new Collaborator("litware", { ...debugging, CLEANROOM_GOVERNANCE_URL: echo.url });
  places.failure = await echoing.run(["preview", ...STACK, "--diff", ...TALKATIVE]).then(
    () => "it did not fail",
    (error: unknown) => withoutEnginesOwn((error as PulumiError).output),
  );
  const shown = (await litware.run(["stack", "export", ...STACK, "--show-secrets"])).output;
  canaries = {
    token,
    signature: token.split(".")[2] ?? "",
    "encryption key": encryptionKey,
    "access key": /awsSecretAccessKey\W+([\w/+=]{30,})/.exec(shown)?.[1] ?? "",
    passphrase: env.PULUMI_CONFIG_PASSPHRASE ?? "",
  };
}, 4 * MINUTES);
afterAll(async () => {
  await echo.close();
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

/**
 * What the engine and its SDK say themselves, with secrets in plain text, of what passes between them: each property
 * above `-v=8` ('Marshaling property for RPC[...]', sdk/go/common/resource/plugin/rpc.go), and in debug lines, which an
 * event log always holds, each answer ('RegisterResource RPC finished: ...', runtime/resource.js). No program and no
 * provider can prevent either, so exactly these lines are left out.
 */
const ENGINES_OWN =
  /^((Unm|M)arshaling property for RPC\[|(eventSink::Debug\(<\{%reset%\}>)?(RegisterResource|ReadResource|Invoke|Call) RPC finished: )/;

function withoutEnginesOwn(output: string): string {
  return output
    .split("\n")
    .filter((line) => !ENGINES_OWN.test(messageOf(line.trim())))
    .join("\n");
}

/** The message of a line of the engine's log, or of a debug event. */
function messageOf(line: string): string {
  if (!line.startsWith('{"time":"') && !line.startsWith('{"sequence":')) return "";
  try {
    const { msg, diagnosticEvent: event } = JSON.parse(line) as {
      msg?: string;
      diagnosticEvent?: { message: string; severity: string };
    };
    return msg ?? (event?.severity === "debug" ? event.message : "");
  } catch {
    return ""; // another process wrote into it: it is looked through
  }
}

test("what was looked through is what was meant", () => {
  expect(places.preview).toContain('"detailedDiff"');
  expect(places.log).toContain("[cleanroom] set secret 'litware-members-key': PUT ");
  expect(places.log).toContain('"level":"INFO"');
  expect(places.events).toContain("resOutputsEvent");
  expect(places.state).toContain("ciphertext");
  expect(places.requests).toContain("/secrets/litware-members-connection");
  expect(places.failure).toContain("answered 400: Bad: You sent");
});

test("no secret is in preview, log, events, state, requests or a failure", () => {
  expect(hits(canaries, places)).toEqual([]);
});
