// A Pulumi project in a folder of its own, run by the real engine against a sandbox's clouds.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { searchPath } from "../../env";

export interface TestProject {
  readonly dir: string;
  /** @returns what was written to stdout and stderr. @throws with both when the engine fails */
  pulumi(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  end(): Promise<void>;
}

/** @param program JavaScript (CommonJS) of the program */
export async function createProject(program: string, attached: Readonly<Record<string, string>>): Promise<TestProject> {
  const dir = await mkdtemp(join(tmpdir(), "project-"));
  const settings = "name: clouds\nruntime:\n  name: nodejs\n  options: { typescript: false }\nmain: index.js\n";
  await writeFile(join(dir, "Pulumi.yaml"), settings);
  await writeFile(join(dir, "package.json"), `{ "name": "clouds" }\n`);
  await writeFile(join(dir, "index.js"), program);
  await symlink(join(__dirname, "..", "..", "..", "node_modules"), join(dir, "node_modules"));
  await mkdir(join(dir, "state"));
  const common = {
    ...process.env,
    ...attached,
    PATH: searchPath(process.env),
    PULUMI_BACKEND_URL: `file://${dir}/state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Left over from a shell of another sandbox, it would name a stack file of that one.
    PULUMI_OPTION_CONFIG_FILE: undefined,
  };
  const pulumi: TestProject["pulumi"] = (args, env = {}) =>
    new Promise((done, failed) => {
      const options = { cwd: dir, env: { ...common, ...env }, maxBuffer: 16 * 1024 * 1024 };
      const given = [...args, "--non-interactive", "--color", "never"];
      execFile("pulumi", given, options, (error, stdout, stderr) => {
        if (error === null) done(`${stdout}${stderr}`);
        else failed(new Error(`pulumi ${args.join(" ")}:\n${stdout}${stderr}${error.message}`, { cause: error }));
      });
    });
  return { dir, pulumi, end: () => rm(dir, { recursive: true, force: true }) };
}
