// What a provider process says to its user. The engine shows a plugin's stderr as diagnostics of the run; the debug
// lines appear only when somebody asks for them. Neither ever holds a known secret.
import { hideKnown } from "./redaction";

/** The engine hands its verbosity on to a provider process as `-v=9`, when it runs with `--logflow --verbose 9`. */
const VERBOSITY = /^--?v(?:erbose)?=([1-9]\d*)$/;

/** A line of progress or explanation, shown during preview and up. */
export function say(line: string): void {
  process.stderr.write(`${hideKnown(line)}\n`);
}

/** A line that says which rule was applied. Shown with `--logflow --verbose N`, and when CLEANROOM_DEBUG is set. */
export function debug(line: string): void {
  if ((process.env.CLEANROOM_DEBUG ?? "") !== "" || process.argv.some((argument) => VERBOSITY.test(argument))) {
    say(`[cleanroom] ${line}`);
  }
}
