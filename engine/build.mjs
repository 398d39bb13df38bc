// Builds the Pulumi CLI from the Go module proxy, for machines that cannot reach Pulumi's downloads. Go's cache makes an
// interrupted build go on where it was.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { runLogged } from "./child.mjs";
import { installLanguageHost } from "./host.mjs";
import { onInterrupt } from "./interrupt.mjs";
import { withProgress } from "./progress.mjs";
import { CLI_VERSION, EXECUTABLE, GO_VERSION } from "./settings.mjs";
import { knownCause, lastLines } from "./setup-error.mjs";
import { compareVersions } from "./versions.mjs";

const MODULE = "github.com/pulumi/pulumi";
const INSTALL_GO = `Install Go ${GO_VERSION} or newer (go.dev/dl)`;

/**
 * Builds into a folder beside the final one and leaves the placing to the caller.
 * @param {{root: string, env: NodeJS.ProcessEnv, folder: string, log: string, onStart: (pid: number) => void}} place
 *   `folder` is made, and removed again when the build fails or is interrupted
 * @returns {Promise<{problem?: string}>} why there is no CLI in `folder`; nothing when there is
 */
export async function buildCli({ root, env, folder, log, onStart }) {
  const goProblem = await checkGo(env);
  if (goProblem) {
    return { problem: goProblem };
  }
  mkdirSync(folder, { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const takeBack = onInterrupt(remove);
  try {
    const problem = await compile({ root, env, folder, log, onStart });
    if (problem) {
      remove();
      return { problem };
    }
    installLanguageHost(path.join(root, "engine", "language-host"), folder);
    return {};
  } finally {
    takeBack();
  }
}

async function checkGo(env) {
  const { missing, code, output } = await runLogged("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { env });
  if (missing) {
    return `Go is not on PATH. ${INSTALL_GO}`;
  }
  if (code !== 0) {
    return `\`go env\` failed: ${lastLines(output)}. ${INSTALL_GO}`;
  }
  const [version, toolchain] = output.trim().split("\n");
  const number = version.replace(/^go/, "");
  // Since 1.21 Go fetches the version that go.mod asks for, unless it is told to stay what it is.
  const oldest = toolchain === "local" ? GO_VERSION : "1.21.0";
  return compareVersions(number, oldest) < 0 ? `Go ${number} is too old. ${INSTALL_GO}` : undefined;
}

async function compile({ root, env, folder, log, onStart }) {
  const count = { modules: 0, packages: 0 };
  const describe = () =>
    `Building Pulumi CLI ${CLI_VERSION}: ${count.modules} modules fetched, ${count.packages} packages compiled`;
  const result = await withProgress(describe, () =>
    runLogged(
      "go",
      [
        "build",
        "-v",
        "-mod=readonly",
        "-ldflags",
        `-s -w -X ${MODULE}/sdk/v3/go/common/version.Version=${CLI_VERSION}`,
        "-o",
        path.join(folder, EXECUTABLE),
        `${MODULE}/pkg/v3/cmd/pulumi`,
      ],
      {
        cwd: path.join(root, "engine", "cli-source"),
        env: { ...env, GOFLAGS: "", GOWORK: "off" },
        log,
        onStart,
        onLine: (line) => {
          count[line.startsWith("go: downloading") ? "modules" : "packages"]++;
        },
      },
    ),
  );
  if (result.code === 0) {
    return undefined;
  }
  const failures = result.output.replace(/^go: downloading .*$/gm, "");
  return `the build failed: ${knownCause(failures) ?? `go ended with exit code ${result.code}`}\n  ${lastLines(failures)}\n  The whole log is ${log}`;
}
