// The engine: Node.js, Pulumi CLI, its backend, and the providers' plugins.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { devDependencies, engines } from "../../package.json";
import { pulumi } from "../shared/pulumi";
import { type Found, looked, ok, problem, unchecked, warning } from "./check";
import { fields, text, type Needs } from "./needs";

export async function checkEngine(cwd: string): Promise<readonly Found[]> {
  const cli = looked("Pulumi CLI", "npm run engine finds or gets it", async () => {
    const version = (await pulumi(["version"], cwd)).trim().replace(/^v/, "");
    const remedy = `npm run engine gets ${devDependencies.pulumi}, or pulumi.com/docs/install/versions`;
    return isOlder(version, devDependencies.pulumi)
      ? warning("Pulumi CLI", `${version}; this release was tested with ${devDependencies.pulumi}`, remedy)
      : ok("Pulumi CLI", version);
  });
  return [await checkNode(), ...(await cli)];
}

/** Programs and the dynamic provider run by the `node` that is on PATH, whichever runs this. */
async function checkNode(): Promise<Found> {
  const least = engines.node.replace(/[^\d.]/g, "");
  const remedy = `put Node.js ${least} or newer first on PATH (nodejs.org)`;
  const version = await new Promise<string | undefined>((resolve) => {
    execFile("node", ["--version"], { env: process.env }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
  if (version === undefined) {
    return problem("Node.js", "no `node` is on PATH", remedy);
  }
  return isOlder(version.replace(/^v/, ""), least)
    ? problem("Node.js", `${version} on PATH; programs need ${least} or newer`, remedy)
    : ok("Node.js", version);
}

/** Where states are kept, and whether we are signed in there. */
export async function checkBackend(cwd: string): Promise<Found> {
  const what = "state backend";
  const remedy = "pulumi login, or pulumi login azblob://… (s3://…, file://…), or set PULUMI_BACKEND_URL";
  const [found] = await looked(what, remedy, async () => {
    const { user, url } = fields(JSON.parse(await pulumi(["whoami", "--json"], cwd)));
    return ok(what, `${text(url)}, as ${text(user)}`);
  });
  return found?.result === "ok" ? found : { ...(found ?? unchecked(what, "no answer", remedy)), result: "problem" };
}

/** Whether the plugins of the providers that the stack needs are there, or will be got. */
export async function checkPlugins(needs: Needs, cwd: string): Promise<readonly Found[]> {
  const what = "plugins";
  const names = [...new Set(needs.resources.map(({ type }) => type.split(":")[0] ?? ""))].filter((name) =>
    ["aws", "azure-native", "azuread", "command"].includes(name),
  );
  if (needs.from === "preview") {
    return names.length === 0 ? [] : [ok(what, `the preview ran with ${names.sort().join(", ")}`)];
  }
  const attached = (process.env.PULUMI_DEBUG_PROVIDERS ?? "").split(",").map((each) => each.split(":")[0]);
  return looked(what, "pulumi plugin ls", async () => {
    const installed = JSON.parse(await pulumi(["plugin", "ls", "--json"], cwd)) as readonly unknown[];
    const has = (name: string, version: string): boolean =>
      installed.map(fields).some((each) => each.name === name && each.version === version);
    const missing = names.flatMap((name) => {
      const version = versionOf(name, cwd);
      return attached.includes(name) || (version !== undefined && has(name, version)) ? [] : [{ name, version }];
    });
    if (missing.length === 0) {
      return ok(what, `there: ${names.join(", ")}`);
    }
    const remedy = missing
      .map(({ name, version }) => `pulumi plugin install resource ${name}${version === undefined ? "" : ` ${version}`}`)
      .join("\n");
    const list = missing.map(({ name, version }) => `${name} ${version ?? ""}`.trim()).join(", ");
    return process.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true"
      ? problem(what, `not installed, and not to be got by themselves: ${list}`, remedy)
      : ok(what, `not installed yet, and got by the first run: ${list}`);
  });
}

/** Version of a provider's package in the project. */
function versionOf(name: string, cwd: string): string | undefined {
  const load = createRequire(resolve(cwd, "x.js"));
  try {
    return text(fields(load(`@pulumi/${name}/package.json`)).version);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Compares `3.259.0` number by number. */
function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((each) => each.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
