// What an earlier release wrote is taken up by this one: its programs and states preview without a change, refresh, and
// are destroyed. The recordings are made by `npm run record-state`, once a release.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Collaborator } from "../demo/pulumi";
import { version } from "../package.json";
import { isRecorded, NAMES, openRecorded, type Recorded, releases } from "./helpers/recorded";

const MINUTES = 60_000;

test("every release has its recording", () => {
  expect(releases).toContain(version);
  expect(releases.filter((release) => !isRecorded(release))).toEqual([]);
});

describe.each(releases)("of release %s", (release) => {
  let dir: string;
  let recorded: Recorded;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "cleanroom-recorded-"));
    recorded = await openRecorded(release, dir);
  }, 5 * MINUTES);

  afterAll(async () => {
    await recorded.sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const stack = (name: (typeof NAMES)[number]): Collaborator => recorded.stacks[name];

  test.each(NAMES)(
    "the state of %s previews without a change",
    async (name) => {
      expect(await changes(stack(name), "preview")).toEqual({});
    },
    2 * MINUTES,
  );

  test.each(NAMES)(
    "the state of %s is refreshed, and then previews without a change",
    async (name) => {
      await stack(name).run(["refresh", "--yes", "--skip-preview", "--stack", name]);
      expect(await changes(stack(name), "preview")).toEqual({});
    },
    2 * MINUTES,
  );

  test.each([...NAMES].reverse())(
    "the stack of %s is destroyed, and says what stays",
    async (name) => {
      const { output } = await stack(name).run(["destroy", "--yes", "--skip-preview", "--stack", name]);
      expect(output).toMatch(/stays? in governance/);
      const { output: state } = await stack(name).run(["stack", "export", "--stack", name]);
      const { deployment } = JSON.parse(state) as { deployment: { resources?: unknown[] } };
      expect(deployment.resources ?? []).toEqual([]);
    },
    2 * MINUTES,
  );
});

/** Changes that an operation reports, without what stays the same. */
async function changes(who: Collaborator, ...args: string[]): Promise<Record<string, number>> {
  const { output } = await who.run([...args, "--stack", who.name, "--json"]);
  const { changeSummary } = JSON.parse(output.slice(output.indexOf("{"))) as { changeSummary: Record<string, number> };
  const { same: _, ...changed } = changeSummary;
  return changed;
}
