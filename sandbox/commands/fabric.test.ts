// Rights in the stand-in for OneLake, given by the command.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "..";
import { runCommand } from ".";

const id = "00000000-0000-4000-8000-0000000000aa";
let dir: string;
let sandbox: Sandbox;
let said: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "fabric-"));
  sandbox = await startSandbox({ dir });
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
beforeEach(() => {
  said = "";
});
afterAll(async () => {
  jest.restoreAllMocks();
  await sandbox.close();
  rmSync(dir, { recursive: true });
});

test.each([
  ["read", `${id} has ReadAll in contosso-workspace.\n`],
  ["write", `${id} has Contributor in contosso-workspace.\n`],
  ["none", `${id} has no right in contosso-workspace.\n`],
])("%s is what an identity may from then on", async (right, says) => {
  expect(await runCommand(["fabric", "contosso-workspace", id, right, "--dir", dir])).toBe(0);
  expect(said).toBe(says);
});

test.each([
  ["another right", ["contosso-workspace", id, "own"], '"own": read, write or none is expected'],
  ["too little", ["contosso-workspace", id], "a workspace, an object id and read, write or none are expected"],
  [
    "a workspace that there is not",
    ["other", id, "read"],
    'there is no workspace "other"; the sandbox has contosso-workspace',
  ],
])("fails with %s", async (_what, args, problem) => {
  await expect(runCommand(["fabric", ...args, "--dir", dir])).rejects.toThrow(problem);
});

test("fails where no sandbox runs", async () => {
  const nowhere = join(dir, "none");
  await expect(runCommand(["fabric", "contosso-workspace", id, "read", "--dir", nowhere])).rejects.toThrow(
    `no sandbox runs in ${nowhere}: start one with`,
  );
});
