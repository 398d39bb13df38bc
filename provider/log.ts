// What a provider process says to its user. The engine shows a plugin's stderr as diagnostics of the run; the debug
// lines appear only when somebody asks for them.

/** A line of progress or explanation, shown during preview and up. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A line for `--verbose`: which rule was applied, what is being repeated. Shown when CLEANROOM_DEBUG is set. */
export function debug(line: string): void {
  if ((process.env.CLEANROOM_DEBUG ?? "") !== "") {
    say(`[cleanroom] ${line}`);
  }
}
