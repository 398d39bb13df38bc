// Runs one of the project's commands on a machine that has only Node 20 and npm: installs the packages, finds or gets the
// Pulumi CLI where the command needs it, then hands over to Node 24. Standard output is the command's alone.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runForeground } from "./child.mjs";
import { ensureCli } from "./cli.mjs";
import { COMMANDS, help } from "./commands.mjs";
import { commandEnvironment } from "./environment.mjs";
import { installedHostVersion } from "./host.mjs";
import { ensurePackages } from "./packages.mjs";
import { say } from "./progress.mjs";
import { CLI_VERSION, pulumiHome } from "./settings.mjs";
import { checkMachine, knownCause, SetupError } from "./setup-error.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

async function main([name, ...args]) {
  const command = COMMANDS[name];
  if (!command || args[0] === "--help" || args[0] === "-h") {
    const wanted = command || name === undefined || name === "--help" || name === "-h";
    (wanted ? process.stdout : process.stderr).write(`${wanted ? "" : `Unknown command "${name}".\n`}${help(name)}`);
    return wanted ? 0 : 2;
  }
  checkMachine(process.platform, process.versions.node);
  await ensurePackages(root);
  const cli = command.needsCli ? await ensureCli({ root }) : undefined;
  if (cli?.isNew) {
    say(`Pulumi CLI ${CLI_VERSION}: ${cli.why}. It is kept in ${path.dirname(cli.file)}.`);
  }
  if (!command.program) {
    process.stdout.write(describeEngine(cli, args.includes("--verbose")));
    return 0;
  }
  const env = commandEnvironment(root, cli?.file);
  const [file, ...first] = command.program;
  const node = path.join(root, "node_modules", ".bin", "node");
  const typescript = path.join(root, "node_modules", "ts-node", "register", "transpile-only");
  return runForeground(node, ["-r", typescript, path.join(root, file), ...first, ...args], env);
}

function describeEngine(cli, verbose) {
  const lines = [`Pulumi CLI ${CLI_VERSION}: ${cli.file} (${cli.why})`];
  if (verbose) {
    const host = installedHostVersion(path.dirname(cli.file));
    lines.push(
      `Language host for Node.js: ${host ? `this project's own, ${host}, in place of Pulumi's, which cannot be had without its download` : "Pulumi's own"}`,
      `Pulumi's home: ${pulumiHome()}`,
      `Node.js for programs: ${path.join(root, "node_modules", ".bin", "node")}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Reading and writing files fails for reasons that lie with the machine, not with the project.
  const isMachine = error.syscall !== undefined;
  if (!(error instanceof SetupError) && !isMachine) {
    throw error;
  }
  const cause = knownCause(error.message) ?? "a file could not be read or written";
  say(isMachine ? `Setting up failed: ${cause}.\n  ${error.message}` : error.message);
  process.exitCode = 1;
}
