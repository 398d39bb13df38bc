// The commands for operators. Standard output is the command's answer alone. Exit code 2: it could not be done, and
// standard error says why; the other codes are the command's own.
import { audit } from "./audit";
import { doctor } from "./doctor";
import { UsageError } from "./shared/usage";

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { audit, doctor };

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new UsageError(`There is no command '${name}'.`, `Commands: ${Object.keys(COMMANDS).join(", ")}`);
  }
  return command(args);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
