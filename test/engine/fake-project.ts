/**
 * A copy of engine/ in a folder of its own, with programs in place of npm, go, pulumi and the download: what a fresh clone
 * meets, in a fraction of a second. Removed with `dispose`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error has shown `text`. */
  said(text: string): Promise<void>;
}

const ENGINE = path.resolve(__dirname, "../../engine");

/** What an npm that works leaves behind: the installed packages' list, Node.js, and a ts-node that does nothing. */
const NPM = `#!/bin/sh
echo "$@" >> "$FAKE/npm-calls"
if [ -n "$FAKE_NPM_SECONDS" ]; then sleep "$FAKE_NPM_SECONDS"; fi
if [ -n "$FAKE_NPM_ERROR" ]; then echo "$FAKE_NPM_ERROR" >&2; exit 1; fi
if [ "$1" = ci ] && [ -n "$FAKE_NPM_REFUSES_LOCK" ]; then echo "npm error code EUSAGE" >&2; exit 1; fi
mkdir -p node_modules/.bin node_modules/ts-node/register
for check in tsc eslint prettier jest; do ln -sf "$FAKE/tools/$check" node_modules/.bin/; done
ln -sf "$FAKE_NODE" node_modules/.bin/node
: > node_modules/ts-node/register/transpile-only.js
cp package-lock.json node_modules/.package-lock.json
`;

const GO = `#!/bin/sh
if [ "$1" = env ]; then printf '%s\\n%s\\n' "\${FAKE_GO_VERSION:-go1.26.0}" local; exit 0; fi
echo "$@" >> "$FAKE/go-calls"
if [ -n "$FAKE_GO_SECONDS" ]; then sleep "$FAKE_GO_SECONDS"; fi
if [ -n "$FAKE_GO_ERROR" ]; then echo "$FAKE_GO_ERROR" >&2; exit 1; fi
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho %s\\n' "\${FAKE_GO_GIVES:-3.259.0}" > "$2"
chmod +x "$2"
`;

/** In place of npm's package \`pulumi\`: fails, or puts a CLI with its language host into Pulumi's home. */
const DOWNLOAD = `
const fs = require("fs"), path = require("path");
if (!process.env.FAKE_DOWNLOAD_GIVES) { console.error("pulumi: fetch failed"); process.exit(1); }
const bin = path.join(process.env.PULUMI_HOME, "versions", process.env.PULUMI_VERSION, "bin");
fs.mkdirSync(bin, { recursive: true });
fs.writeFileSync(path.join(bin, "pulumi"), "#!/bin/sh\\necho " + process.env.FAKE_DOWNLOAD_GIVES + "\\n", { mode: 0o755 });
fs.writeFileSync(path.join(bin, "pulumi-language-nodejs"), "official", { mode: 0o755 });
`;

export class FakeProject {
  readonly folder = mkdtempSync(path.join(tmpdir(), "engine-"));
  readonly home = path.join(this.folder, "pulumi-home");
  readonly tools = path.join(this.folder, "tools");

  constructor() {
    cpSync(ENGINE, this.file("engine"), { recursive: true });
    mkdirSync(this.tools);
    this.program("npm", NPM);
    this.program("go", GO);
    symlinkSync(process.execPath, path.join(this.tools, "node"));
    this.write("node_modules/pulumi/run.js", DOWNLOAD);
    this.lockPackages("1.0.0");
  }

  file(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  write(name: string, text: string): void {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  /** Makes a program the first of its name on PATH. */
  program(name: string, text: string): void {
    writeFileSync(path.join(this.tools, name), text);
    chmodSync(path.join(this.tools, name), 0o755);
  }

  removeProgram(name: string): void {
    rmSync(path.join(this.tools, name));
  }

  /** Sets the version that package-lock.json asks for. */
  lockPackages(version: string): void {
    const lock = { packages: { "": {}, "node_modules/some-package": { version } } };
    this.write("package-lock.json", JSON.stringify(lock));
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [this.file("engine", "run.mjs"), ...args], {
      cwd: this.folder,
      env: {
        PATH: `${this.tools}:/usr/bin:/bin`,
        HOME: this.folder,
        PULUMI_HOME: this.home,
        FAKE: this.folder,
        FAKE_NODE: process.execPath,
        ...env,
      },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    return {
      child,
      ended: new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, stdout, stderr }));
      }),
      said: (text) =>
        new Promise((resolve) => {
          const look = (): void => {
            if (stderr.includes(text)) {
              resolve();
            }
          };
          look();
          child.stderr.on("data", look);
        }),
    };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
