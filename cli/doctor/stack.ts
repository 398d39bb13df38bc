// The stack: whether it is there, can be decrypted, and has what the clean room's settings need, each with its key and
// the file that it is set in.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../../provider/errors";
import type { ConfigLookup } from "../../provider/host";
import { readSettings } from "../../provider/settings";
import { PulumiCliError } from "../shared/pulumi";
import { namespacesOf } from "../shared/rooms";
import { readConfig, readState } from "../shared/stack";
import { type Found, ok, problem, warning } from "./check";

export interface StackFound {
  readonly found: readonly Found[];
  /** Its own configuration; nothing where that can't be read. */
  readonly config: ConfigLookup;
  /** Whether its program can be previewed. */
  readonly isThere: boolean;
  /** Namespaces of the collaborations that its state names; the default one before the first `up`. */
  readonly namespaces: readonly string[];
}

const NOTHING: Omit<StackFound, "found"> = { config: () => undefined, isThere: false, namespaces: ["cleanroom"] };

export async function checkStack(name: string, cwd: string): Promise<StackFound> {
  try {
    const state = await readState(name, cwd);
    const config = await readConfig(name, cwd);
    const own = state.resources.filter(({ kind }) => kind !== undefined).length;
    const found = ok("stack", `${name}: ${state.resources.length} resources, ${own} of them ours`);
    return { found: [found], config, isThere: true, namespaces: namespacesOf(state) };
  } catch (error) {
    if (!(error instanceof PulumiCliError)) throw error;
    return { ...NOTHING, found: [problem("stack", error.message, remedyFor(error.message, name))] };
  }
}

function remedyFor(message: string, name: string): string {
  if (/no stack named/.test(message)) return `pulumi stack init ${name}`;
  if (/passphrase|decrypt/i.test(message)) {
    return "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the passphrase that the stack was made with";
  }
  return /no Pulumi\.yaml/.test(message) ? "--cwd DIR, where the stack's project is" : "pulumi login, pulumi stack ls";
}

/** Whether the settings of one collaboration are complete, and can be. */
export function checkSettings(namespace: string, stack: string, config: ConfigLookup, cwd: string): readonly Found[] {
  const what = "settings";
  const file = configFile(stack, cwd);
  const set = (key: string, value: string): string =>
    `pulumi config set --stack ${stack} ${namespace}:${key} ${value} (in ${file})`;
  let settings: ReturnType<typeof readSettings>;
  try {
    settings = readSettings(namespace, config, process.env);
  } catch (error) {
    return [problem(what, messageOf(error), `edit it in ${file}`)];
  }
  const { frontendUrl, governanceUrl, collaborationId } = settings;
  const frontend = set("frontendUrl", "https://…");
  const governance = set("governanceUrl", "https://…");
  if (frontendUrl === undefined && governanceUrl === undefined) {
    return [
      problem(
        what,
        `neither ${namespace}:frontendUrl nor ${namespace}:governanceUrl is set`,
        `${frontend}\n${governance}`,
      ),
    ];
  }
  if (frontendUrl !== undefined && collaborationId === undefined) {
    const found = `${namespace}:frontendUrl is set, and ${namespace}:collaborationId is not`;
    return [problem(what, found, set("collaborationId", "<the collaboration's UUID>"))];
  }
  if (frontendUrl === undefined) {
    const found = `${namespace}:frontendUrl is not set: the clean room's identity and policy can't be read`;
    return [warning(what, found, frontend)];
  }
  if (governanceUrl === undefined) {
    const found = `${namespace}:governanceUrl is not set: no queries, and no encryption keys as governance secrets`;
    return [warning(what, found, governance)];
  }
  return [ok(what, `${namespace}: complete (${file})`)];
}

/** The file that `pulumi config set` writes to. */
function configFile(stack: string, cwd: string): string {
  const chosen = process.env.PULUMI_OPTION_CONFIG_FILE;
  if (chosen !== undefined && chosen !== "") return chosen;
  const name = `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`;
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const project = join(folder, "Pulumi.yaml");
    if (existsSync(project)) {
      const [, within = "."] = /^stackConfigDir:\s*(\S+)/m.exec(readFileSync(project, "utf8")) ?? [];
      return join(folder, within, name);
    }
    if (dirname(folder) === folder) return name;
  }
}
