// A collaborator's stack, made in the collaborator's own folder: left to `pulumi up`, its encryption salt would be
// written to the repository's configuration, where it fits nobody else's passphrase.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { replaceFile } from "./files";

const run = promisify(execFile);
const project = join(__dirname, "..", "Pulumi.yaml");

/**
 * Creates the stack in the state folder of `env` unless it is there; its salt goes to the configuration file of `env`.
 * @throws when the Pulumi CLI is not on the PATH of `env`, or refuses
 */
export async function prepareStack(env: Readonly<Record<string, string>>, name: string): Promise<void> {
  const folder = (env.PULUMI_BACKEND_URL ?? "").replace(/^file:\/\//, "");
  const { name: projectName } = parse(await readFile(project, "utf8")) as { name: string };
  if (existsSync(join(folder, ".pulumi", "stacks", projectName, `${name}.json`))) return;
  // The project's name alone, and no folder for configuration: the CLI then keeps it beside this file.
  await replaceFile(join(folder, "Pulumi.yaml"), stringify({ name: projectName, runtime: "nodejs" }));
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 60_000 };
  try {
    await run("pulumi", ["stack", "init", name, "--no-select", "--non-interactive"], options);
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    if (stderr.includes("already exists")) return;
    const why =
      code === "ENOENT" ? "the Pulumi CLI is not on PATH; `npm run engine` finds or builds it" : stderr.trim();
    throw new Error(`stack ${name} cannot be created in ${folder}: ${why}`, { cause: error });
  }
}
