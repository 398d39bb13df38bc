// The fault switch of a sandbox in a process of its own: by command and over its control, up to its death.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../admin";
import { runCommand } from "../commands";
import { collaboration, startSandbox } from "..";

let dir: string;
let child: ChildProcess;
let ended: Promise<NodeJS.Signals | null>;
let env: Record<string, string>;
let ca: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandbox-"));
  const flags = ["-r", "ts-node/register/transpile-only", join(__dirname, "..", "main.ts"), "start", "--dir", dir];
  child = spawn(process.execPath, flags, { cwd: join(__dirname, "..", ".."), stdio: "ignore" });
  ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  env = await (await ready()).env("contosso");
  ca = await readFile(join(dir, "ca.pem"), "utf8");
});
afterAll(async () => {
  child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

async function ready(): Promise<AdminClient> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) {
    const admin = await AdminClient.find(dir);
    if (admin?.status().state === "running") return admin;
  }
  throw new Error("the sandbox did not start");
}

async function fault(...args: string[]): Promise<string> {
  let output = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    expect(await runCommand(["fault", ...args, "--dir", dir])).toBe(0);
    return output;
  } finally {
    write.mockRestore();
  }
}

/** Status of the answer, or the error's code. */
function frontend(method: string, path: string, body?: unknown): Promise<number | string | undefined> {
  const url = `${env.CLEANROOM_FRONTEND_URL}/collaborations/${collaboration.id}${path}?api-version=2026-03-01-preview`;
  const headers = { authorization: `Bearer ${env.CLEANROOM_TOKEN}`, "content-type": "application/json" };
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, ca, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const dataset = {
  name: "killed",
  store: {
    containerName: "killed",
    storageAccountUrl: "https://killed.blob.example/",
    storageAccountType: "Azure_BlobStorage",
    encryptionMode: "SSE",
  },
  identity: { name: "killed", clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer.example/" },
  datasetSchema: { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] },
  datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] },
};

test("a fault is set, counted, listed and taken away by command", async () => {
  const set = await fault("add", "503", "--service", "frontend", "--path", "/analytics", "--nth", "2");
  const [, id = ""] = /^Fault (\d+) is set: 503, service frontend, path \/analytics, nth 2\.\n$/.exec(set) ?? [];
  const statuses = [await frontend("GET", "/analytics"), await frontend("GET", "/analytics")];
  expect(statuses).toEqual([200, 503]);
  expect(JSON.parse(await fault("list", "--json"))).toEqual([
    { id, rule: { kind: "503", service: "frontend", path: "/analytics", nth: 2 }, matched: 2, fired: 1 },
  ]);
  expect(await fault("list")).toMatch(/^ {2}id +fault +matched +hit\n {2}1 +503, .* +2 +1\n$/);
  expect(await fault("clear", id)).toBe(`Fault ${id} is gone.\n`);
  expect(await fault("list")).toBe("No fault is set.\n");
});

test.each([
  [["add"], "add needs the kind of the fault"],
  [["add", "explode"], 'There is no fault of kind "explode"'],
  [["add", "refuse", "--nth", "x"], "--nth x: a number is expected"],
  [["add", "refuse", "--nth", "0"], "nth is 0: a whole number from 1 is expected."],
  [["add", "refuse", "--milliseconds", "5"], "A fault of kind refuse has no milliseconds"],
  [["add", "refuse", "more"], "wrong number of arguments"],
  [["list", "--nth", "1"], "--nth is for `fault add`"],
  [["mend"], '"mend": add, list or clear is expected'],
])("fails on the command line %j with its usage", async (args, message) => {
  await expect(runCommand(["fault", ...args])).rejects.toThrow(message);
  await expect(runCommand(["fault", ...args])).rejects.toThrow("fault add <kind>");
});

test("fails to take away what is not set, and to set what cannot be, as the control says", async () => {
  await expect(fault("clear", "77")).rejects.toThrow('There is no fault "77": none is set.');
  const admin = await ready();
  await expect(admin.addFault({ kind: "delay" })).rejects.toThrow("A fault of kind delay needs milliseconds.");
});

test("fails to set a fault where no sandbox runs", async () => {
  await expect(runCommand(["fault", "list", "--dir", join(dir, "none")])).rejects.toThrow("no sandbox runs in");
});

test("it dies between the writes of a publish; what was written is there afterwards, and publishing goes on from it", async () => {
  await fault("add", "die-before-write", "--change", "proposal");
  expect(await frontend("POST", "/analytics/datasets/killed/publish", dataset)).toBe("ECONNRESET");
  expect(await ended).toBe("SIGKILL");
  const again = await startSandbox({ dir });
  try {
    expect(again.services.governance.getDocument("killed")).toMatchObject({ state: "Draft" });
    expect(again.faults.list()).toEqual([]);
    expect(await frontend("POST", "/analytics/datasets/killed/publish", dataset)).toBe(204);
    expect(again.services.governance.getDocument("killed")).toMatchObject({ state: "Accepted" });
  } finally {
    await again.close();
  }
});
