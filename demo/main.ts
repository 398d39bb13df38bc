// `npm run demo`: plays the three flows with the real engine, and ends with 0 only when every dataset was read by the
// attested clean room, refused to another, and the query was accepted by exactly its datasets' owners.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { parseArgs } from "node:util";
import { AdminClient, collaborator, collaboratorEnv } from "../sandbox";
import { Story } from "./print";
import { Collaborator } from "./pulumi";
import { sandboxCommand } from "./sandbox-command";
import { Flows, type Outcome } from "./story";

const HELP = `npm run demo [-- --fresh | --keep | --json FILE | --dir DIR]

Plays the three flows of an Azure Confidential Clean Room on this machine, with the real Pulumi engine and the sandbox.

  --fresh      begins anew: deletes the sandbox's folder first
  --keep       leaves the sandbox running, and says how to look around
  --json FILE  writes the outcome to FILE
  --dir DIR    the sandbox's folder (default .sandbox)
`;

const NAMES = ["contosso", "litware", "fabrikam"];

interface Options {
  readonly fresh: boolean;
  readonly keep: boolean;
  readonly json: string | undefined;
  readonly dir: string;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    return;
  }
  const story = new Story();
  const started = await openSandbox(story, options);
  const stop = (): Promise<void> =>
    started && !options.keep ? sandboxCommand("--stop", options.dir) : Promise.resolve();
  onInterrupt(story, started && !options.keep, stop);
  try {
    const outcome = await play(story, options.dir);
    const good = tell(story, outcome);
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify({ ...outcome, good, seconds: story.elapsed }, undefined, 2)}\n`);
    }
    process.exitCode = good ? 0 : 1;
  } finally {
    if (options.keep) {
      lookAround(story, options.dir);
    } else {
      await stop();
    }
  }
}

/** Ends what was started, once: a signal may come twice, from the terminal and from npm. */
function onInterrupt(story: Story, stops: boolean, stop: () => Promise<void>): void {
  let interrupted = false;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (interrupted) {
        return;
      }
      interrupted = true;
      const sandbox = stops ? "The sandbox is stopped; what" : "What";
      story.line(`\nInterrupted. ${sandbox} was done stays: run the demo again to go on.`);
      void stop().finally(() => process.exit(code));
    });
  }
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      fresh: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      json: { type: "string" },
      dir: { type: "string", default: ".sandbox" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  return { fresh: values.fresh, keep: values.keep, json: values.json, dir: resolve(values.dir) };
}

/** Whether it was started here, and so is to be stopped here. */
async function openSandbox(story: Story, { dir, fresh }: Options): Promise<boolean> {
  let running = (await AdminClient.find(dir)) !== undefined;
  if (fresh) {
    if (running) {
      await story.step("sandbox", "stops, to begin anew", () => sandboxCommand("--stop", dir));
      running = false;
    }
    requireSandboxFolder(dir);
    rmSync(dir, { recursive: true, force: true });
  }
  if (!running) {
    await story.step("sandbox", `starts in ${relative(process.cwd(), dir) || dir}`, () =>
      sandboxCommand("--detach", dir),
    );
  }
  // From here on this process, too, trusts the sandbox's own certificate authority.
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(dir, "ca.pem"), "utf8")]);
  return !running;
}

/** What is deleted is a sandbox's folder, or nothing. */
function requireSandboxFolder(dir: string): void {
  if (existsSync(dir) && readdirSync(dir).length > 0 && !existsSync(join(dir, "sandbox.json"))) {
    throw new Error(
      `--fresh deletes the folder ${dir}, but that is no sandbox's: it has no sandbox.json. Name another one with --dir.`,
    );
  }
}

async function play(story: Story, dir: string): Promise<Outcome> {
  const admin = await AdminClient.find(dir);
  if (admin === undefined) {
    throw new Error(`The sandbox in ${dir} was started, and is not there any more: look at its log in that folder.`);
  }
  const open = async (name: string): Promise<Collaborator> => new Collaborator(name, await collaboratorEnv(dir, name));
  const [contosso, litware, fabrikam] = await story.step("all", "open their own stacks", () =>
    Promise.all([open("contosso"), open("litware"), open("fabrikam")]),
  );
  const read = (documentId: string, hostData?: string): ReturnType<AdminClient["read"]> =>
    admin.read(documentId, hostData === undefined ? { rows: 2 } : { hostData });
  return new Flows(story, { contosso, litware, fabrikam }, read, join(dir, "demo"), named).play();
}

/** The text with the collaborators' names in place of their object ids. */
function named(text: string): string {
  return NAMES.reduce((left, name) => left.replaceAll(collaborator(name).userOid, name), text);
}

/** Says how it ended, and whether that is as it must be. */
function tell(story: Story, { query, datasets }: Outcome): boolean {
  const owners = ["contosso", "litware"].map((name) => collaborator(name).userOid).sort();
  const same = (ids: readonly string[]): boolean => JSON.stringify([...ids].sort()) === JSON.stringify(owners);
  const checks: readonly (readonly [boolean, string])[] = [
    [query.state === "Accepted", `${query.documentId} is ${query.state}`],
    [same(query.approvers), `its approvers are ${query.approvers.map(named).join(" and ")}`],
    [same(query.accepted), `accepted by ${query.accepted.map(named).join(" and ") || "nobody"}`],
    ...datasets.flatMap(({ documentId, read, strangerRefused }) => [
      [read, `${documentId} ${read ? "was read" : "was NOT read"} by the attested clean room`] as const,
      [strangerRefused, `${documentId} was ${strangerRefused ? "refused to" : "READ BY"} another clean room`] as const,
    ]),
  ];
  story.chapter("How it ended");
  for (const [good, text] of checks) {
    story.line(`${good ? "  ok  " : "  NO  "} ${text}`);
  }
  const good = checks.every(([passed]) => passed);
  story.line(
    `\n${good ? "All is as it must be" : "Something is not as it must be"}, after ${story.elapsed.toFixed(0)} s.`,
  );
  return good;
}

function lookAround(story: Story, dir: string): void {
  const place = relative(process.cwd(), dir) || ".";
  const option = place === ".sandbox" ? "" : ` --dir ${place}`;
  story.line(`
The sandbox still runs. Look around as Contosso (or litware, fabrikam):

  eval "$(npm run -s sandbox:env -- contosso${option})"
  pulumi preview -s contosso
  pulumi stack -s contosso
  npm run -s sandbox:read -- $(pulumi stack output dataset -s contosso)${option}

and stop it with:

  npm run sandbox -- --stop${option}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
