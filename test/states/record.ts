// `npm run record-state`: plays the three flows with this release's own programs, and keeps what a later release must be
// able to take up: the programs, the stacks' states, and what governance and clouds hold. A release is recorded once.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { parse, stringify } from "yaml";
import { Collaborator } from "../../demo/pulumi";
import { Story } from "../../demo/print";
import { Flows } from "../../demo/story";
import { version } from "../../package.json";
import { collaboratorEnv, collaborators, startSandbox } from "../../sandbox";

const ROOT = join(__dirname, "..", "..");
const FOLDER = join(__dirname, version);
const PROGRAM = join(FOLDER, "program");

/** Rows of each data file, its head included: enough to be read, and small in the repository. */
const ROWS = 21;
/** What of the sandbox's folder a state refers to. Its keys and certificates are made anew, and the data is left out. */
const KEPT = ["sandbox.json", "ledger.jsonl", "clouds.jsonl", "vaults.jsonl", "blob-keys.jsonl", "s3/objects.jsonl"];
/** Of no sandbox that draws its ports, and below those of outgoing connections. */
const PORTS = [18_200, 18_299] as const;

/**
 * At the end of the flows nothing waits for anybody: so each program gets something that does. What is awaited is said by
 * the setting `later`; Litware's never comes.
 */
const WAITING: Readonly<Record<string, string>> = {
  contosso: `
new QueryApproval("later-query", { documentId: "later-query", digest: config.get("later") });
`,
  litware: `
new QueryAmendment("never-query", { documentId: "never-query", segments: [{ sequence: 1, sql: "SELECT 1" }] });
`,
  fabrikam: `
const later = new Query("later-query", {
  segments: [{ sequence: 1, sql: "SELECT region FROM sales" }],
  inputs: [{ documentId: sales.documentId, view: "sales" }],
  output: { documentId: results.documentId, view: "results" },
  propose: config.get("later"),
});
export const laterDigest = later.digest;
`,
};

async function main(): Promise<void> {
  if (existsSync(FOLDER)) {
    throw new Error(
      `${FOLDER} is there: what a release wrote is recorded once. Raise the version, or remove the folder.`,
    );
  }
  const dir = mkdtempSync(join(tmpdir(), "cleanroom-record-"));
  try {
    keepPrograms();
    await record(dir);
  } catch (error) {
    rmSync(FOLDER, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The project as a user of this release has it: the same programs, with less data. */
function keepPrograms(): void {
  const shortened = (file: string): string => readFileSync(file, "utf8").split("\n").slice(0, ROWS).join("\n") + "\n";
  cpSync(join(ROOT, "stacks"), PROGRAM, { recursive: true, filter: (file) => !/Pulumi\..*\.yaml$/.test(file) });
  for (const { name } of collaborators) {
    const program = join(PROGRAM, name, "index.ts");
    const text = readFileSync(program, "utf8").replace('"../../components"', '"../../../../../components"');
    writeFileSync(program, `${text}${WAITING[name] ?? ""}`);
  }
  for (const file of [join(PROGRAM, "contosso", "sales.csv"), join(PROGRAM, "litware", "members.csv")]) {
    writeFileSync(file, shortened(file));
  }
  const { stackConfigDir: _, ...project } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as object & {
    stackConfigDir?: string;
  };
  writeFileSync(join(PROGRAM, "Pulumi.yaml"), stringify({ ...project, main: "index.ts" }));
  writeFileSync(join(PROGRAM, "tsconfig.json"), `${JSON.stringify({ extends: "../../../../tsconfig.json" })}\n`);
}

async function record(dir: string): Promise<void> {
  writeFileSync(join(dir, "sandbox.json"), `${JSON.stringify(settings(), undefined, 2)}\n`);
  const sandbox = await startSandbox({ dir, project: PROGRAM });
  try {
    setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(dir, "ca.pem"), "utf8")]);
    const open = async (name: string): Promise<Collaborator> =>
      new Collaborator(name, await collaboratorEnv(dir, name), PROGRAM);
    const stacks = {
      contosso: await open("contosso"),
      litware: await open("litware"),
      fabrikam: await open("fabrikam"),
    };
    const read: ConstructorParameters<typeof Flows>[2] = (documentId, hostData) =>
      sandbox.read(documentId, { hostData });
    await new Flows(new Story(), stacks, read, join(dir, "previews")).play();
    for (const stack of Object.values(stacks)) {
      const { output } = await stack.run(["stack", "export", "--stack", stack.name]);
      writeFileSync(join(FOLDER, `${stack.name}.json`), written(JSON.parse(output) as State));
    }
  } finally {
    await sandbox.close();
  }
  const config = collaborators.map(({ name }) => `stacks/${name}/Pulumi.${name}.yaml`);
  for (const file of [...KEPT, ...config]) {
    const target = join(FOLDER, "sandbox", file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(dir, file), target);
  }
}

/** Secrets of nothing: they open a sandbox that this folder makes, and its stacks. */
function settings(): object {
  const secret = (of: string): string => `recorded-${of}`;
  return {
    format: 1,
    adminSecret: secret("admin"),
    passphrase: secret("passphrase"),
    identityHeaders: Object.fromEntries(collaborators.map(({ name }) => [name, secret(name)])),
    ports: { admin: PORTS[0] },
    portRange: PORTS,
  };
}

interface State {
  readonly version: number;
  readonly deployment: { readonly resources: readonly Readonly<Record<string, unknown>>[] };
}

/** A line a resource, without the places in programs that the engine keeps for its messages. */
function written({ version: format, deployment: { resources, ...rest } }: State): string {
  const lines = resources.map(({ stackTrace: _, sourcePosition: __, ...resource }) => JSON.stringify(resource));
  const head = JSON.stringify({ ...rest, resources: [] }).slice(0, -"]}".length);
  return `{"version":${format},"deployment":${head}\n${lines.join(",\n")}\n]}}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
