// What a colleague reads of a preview: each change once, the outputs that change, the messages, the totals.

const PROGRESS = /^@ /;
const CHANGE = /^ *([+~-]+|<=|>-|->) +(\S+) (\S+) (create|update|delete|replace|create-replacement|delete-replaced)\b/;
const ENGINE_NOISE = /^(Previewing update|Updating|View |Loading policy packs)/;

/** Whether a preview shows nothing to do. */
export function hasNoChanges(output: string): boolean {
  return /^Resources:\n +\d+ unchanged\s*$/m.test(output) && !/^(?:Outputs:| +--outputs:--)$/m.test(output);
}

/** The preview's lines worth reading, in order. */
export function readable(output: string): string {
  const lines = output.split("\n").filter((line) => !PROGRESS.test(line) && !ENGINE_NOISE.test(line));
  const from = lines.findIndex((line) => /^(Diagnostics|Policies|Outputs|Resources):/.test(line));
  const changes = new Map<string, string>();
  for (const line of from < 0 ? lines : lines.slice(0, from)) {
    const [, sign, type, name, what] = CHANGE.exec(line) ?? [];
    if (sign !== undefined && type !== undefined && name !== undefined && what !== undefined) {
      changes.set(`${type} ${name}`, `${sign} ${what.padEnd(8)} ${shortType(type)} ${name}`);
    }
  }
  const rest = from < 0 ? [] : lines.slice(from);
  return [...changes.values(), ...rest]
    .join("\n")
    .replace(/\n{2,}/g, "\n")
    .trim();
}

function shortType(type: string): string {
  return type.replace("pulumi-nodejs:dynamic/", "").replace("cleanroom:index:", "cleanroom:");
}
