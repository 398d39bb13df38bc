// `npm test`: types, lint, format, then every test. Says what it does while it does it, names what failed, and ends with
// `N passed, N failed`; a run without a test, or with a skipped one, fails. With arguments: jest alone, with these arguments.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runLogged } from "./child.mjs";
import { finish, runJest } from "./jest.mjs";
import { duration, say, withProgress } from "./progress.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** Each check is one command; its output is shown when it fails. Lint has no cache: with type information a file's result depends on others. */
const CHECKS = [
  { name: "types", command: ["tsc", "-p", "tsconfig.check.json"] },
  { name: "lint", command: ["eslint", "."] },
  {
    name: "format",
    command: ["prettier", "--check", "--log-level", "warn", "--cache", "--cache-location", ".cache/prettier", "."],
    remedy: "npm run format",
  },
];

async function main(args) {
  if (args.length > 0) {
    return finish(root, await runJest(root, args), { everyTestRuns: false });
  }
  const running = new Set(CHECKS.map(({ name }) => name));
  const checks = await withProgress(
    () => `Checking ${[...running].join(", ")}`,
    () =>
      Promise.all(
        CHECKS.map(async (check) => {
          const result = await runCheck(check);
          running.delete(check.name);
          return result;
        }),
      ),
  );
  for (const check of checks) {
    say(check.passed ? `PASS ${check.name} (${check.time})` : `FAIL ${check.name} (${check.time})\n${check.output}`);
  }
  return finish(root, await runJest(root, []), { everyTestRuns: true, checks });
}

async function runCheck({ name, command: [program, ...args], remedy }) {
  const started = Date.now();
  const { code, output } = await runLogged(bin(program), args, { cwd: root });
  return {
    name,
    passed: code === 0,
    time: duration(Date.now() - started),
    output: remedy ? `${output}What helps: ${remedy}\n` : output,
  };
}

process.exitCode = await main(process.argv.slice(2));
