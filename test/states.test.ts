// What an earlier release wrote is taken up by this one: its programs and states preview without a change, refresh, go on
// where they waited, and are destroyed. The recordings are made by `npm run record-state`, once a release.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Collaborator } from "../demo/pulumi";
import { version } from "../package.json";
import { isRecorded, type Name, NAMES, openRecorded, type Recorded, releases } from "./helpers/recorded";

const MINUTES = 60_000;

/** What is still awaited is work to come in every preview; everything else is done. */
const WAITING: Readonly<Record<Name, readonly string[]>> = {
  contosso: ["update later-query"],
  litware: ["update never-query"],
  fabrikam: ["update later-query-proposal"],
};

/** Secure defaults that a release did not have: made or updated beside what is there, which is never replaced. */
const DEFAULTS: Readonly<Record<string, Partial<Record<Name, readonly string[]>>>> = {
  "0.1.0": {
    contosso: ["create contosso-sales-blobs"],
    litware: [
      "create litware-members-encryption",
      "create litware-members-tls-only",
      "create litware-members-versions",
      "create litware-results-blobs",
      "update litware-members-bucket",
    ],
  },
};

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

  const stack = (name: Name): Collaborator => recorded.stacks[name];

  const expected = (name: Name): readonly string[] => [...(DEFAULTS[release]?.[name] ?? []), ...WAITING[name]].sort();

  test.each(NAMES)(
    "the state of %s previews without a change but what waits, and defaults that it did not have",
    async (name) => {
      expect(await changes(stack(name))).toEqual(expected(name));
    },
    2 * MINUTES,
  );

  test.each(NAMES)(
    "the state of %s is refreshed, and then previews the same",
    async (name) => {
      await stack(name).run(["refresh", "--yes", "--skip-preview", "--stack", name]);
      expect(await changes(stack(name))).toEqual(expected(name));
    },
    2 * MINUTES,
  );

  test(
    "what waited goes on: a query is proposed, and voted on by an owner",
    async () => {
      const digest = String((await stack("fabrikam").outputs()).laterDigest);
      for (const name of ["fabrikam", "contosso"] as const) {
        await stack(name).setConfig("later", digest);
        await stack(name).run(["up", "--yes", "--skip-preview", "--stack", name]);
      }
      expect(await changes(stack("contosso"))).toEqual([]);
      expect(await changes(stack("fabrikam"))).toEqual(WAITING.fabrikam);
    },
    3 * MINUTES,
  );

  test.each([...NAMES].reverse())(
    "the stack of %s is destroyed, and says what stays",
    async (name) => {
      // What can't be made again is protected since.
      await stack(name).run(["state", "unprotect", "--all", "--yes", "--stack", name]);
      const { output } = await stack(name).run(["destroy", "--yes", "--skip-preview", "--stack", name]);
      expect(output).toMatch(/stays? in governance/);
      const { output: state } = await stack(name).run(["stack", "export", "--stack", name]);
      const { deployment } = JSON.parse(state) as { deployment: { resources?: unknown[] } };
      expect(deployment.resources ?? []).toEqual([]);
    },
    2 * MINUTES,
  );
});

/** What a preview would do, without what stays the same. */
async function changes(who: Collaborator): Promise<readonly string[]> {
  const { output } = await who.run(["preview", "--stack", who.name, "--json"]);
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { steps: readonly { op: string; urn: string }[] };
  return steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)
    .sort();
}
