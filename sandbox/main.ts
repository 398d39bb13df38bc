// The sandbox's command line. Exit code 1: it failed; 2: the command line was wrong; 3: no sandbox runs.
import { runCommand, UsageError } from "./commands";

runCommand(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
