// Gets the official release through npm's `pulumi` package, into a folder of its own first: a download that breaks off
// leaves nothing that looks like a CLI.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { runLogged } from "./child.mjs";
import { onInterrupt } from "./interrupt.mjs";
import { withProgress } from "./progress.mjs";
import { cliFolder, CLI_VERSION } from "./settings.mjs";
import { knownCause, lastLines } from "./setup-error.mjs";

/** No byte for this long: the host is not reachable in earnest. */
const SILENCE_MS = 60_000;
const LIMIT_MS = 10 * 60_000;

/**
 * @param {{packageFolder: string, env: NodeJS.ProcessEnv, workFolder: string, log: string, onStart: (pid: number) => void}} place
 *   `workFolder` serves as Pulumi's home meanwhile; removing it afterwards is the caller's, unless the download fails
 * @returns {Promise<{folder?: string, problem?: string}>} the folder with the CLI, or why there is none
 */
export async function downloadCli({ packageFolder, env, workFolder, log, onStart }) {
  mkdirSync(workFolder, { recursive: true });
  const remove = () => rmSync(workFolder, { recursive: true, force: true });
  const takeBack = onInterrupt(remove);
  try {
    const result = await withProgress(
      () => `Fetching Pulumi CLI ${CLI_VERSION}`,
      () =>
        runLogged(process.execPath, [path.join(packageFolder, "run.js"), "version"], {
          env: { ...env, PULUMI_HOME: workFolder, PULUMI_VERSION: CLI_VERSION, PULUMI_SKIP_UPDATE_CHECK: "true" },
          log,
          onStart,
          silenceMs: SILENCE_MS,
          limitMs: LIMIT_MS,
        }),
    );
    if (result.code === 0) {
      return { folder: cliFolder(workFolder) };
    }
    remove();
    const said = lastLines(result.output.replace(/^Downloading .*$/gm, ""), 1);
    return { problem: result.ended ?? knownCause(result.output) ?? (said || `exit code ${result.code}`) };
  } finally {
    takeBack();
  }
}
