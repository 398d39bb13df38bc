// How the sandbox's commands show things; tables are those of all commands.

/** A line for a POSIX shell; nothing in `value` is interpreted. */
export function exportLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}
