/** The command line was wrong: the message says what, and how it should be. */
export class UsageError extends Error {
  constructor(problem: string, usage: string) {
    super(`${problem}\n${usage}`);
    this.name = "UsageError";
  }
}
