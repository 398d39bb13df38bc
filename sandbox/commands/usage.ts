// How the sandbox's commands are used.
import { collaborators } from "../world";

const USAGE = `usage: start [--detach | --stop | --status] [--dir DIR] [--json] [--no-policy]
       env <${collaborators.map(({ name }) => name).join(" | ")}> [--dir DIR] [--json]
       read <document id> [--host-data HEX] [--rows N] [--dir DIR] [--json]
       fault add <kind> [--service S] [--method M] [--path P] [--change C] [--nth N] [--times N] [--chance P] [--seed N]
                        [--retry-after S] [--as-date] [--milliseconds N] [--status N] [--text T] [--content-type T]
                        [--after-commit]
       fault list | clear [id]    [--dir DIR] [--json]`;

/** The command line was wrong: the message says what, and how it should be. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${USAGE}`);
  }
}
