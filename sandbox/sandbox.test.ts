// The sandbox as a whole: it comes back as it was, whatever ended it, and gives each collaborator a shell.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { runCommand } from "./commands";
import { Home } from "./home";
import {
  AdminClient,
  cleanRoomHostData,
  collaborator,
  collaboratorEnv,
  contractId,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from ".";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandbox-"));
});
afterEach(async () => {
  // Also when a test has failed half way: nothing of it must outlive it.
  for (const each of children.splice(0)) each.kill("SIGKILL");
  for (const each of running.splice(0)) await each.close();
  await rm(dir, { recursive: true, force: true });
});

const children: ChildProcess[] = [];
const running: Sandbox[] = [];

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ dir, ...options });
  running.push(sandbox);
  return sandbox;
}

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** As a program in the collaborator's shell would call: with nothing but the variables of that shell. */
async function governance(env: Record<string, string>, method: string, path: string, body?: unknown): Promise<Reply> {
  const ca = await readFile(env.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = { authorization: `Bearer ${env.CLEANROOM_TOKEN}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${env.CLEANROOM_GOVERNANCE_URL}${path}`,
      { method, headers, ca, agent: false },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || "{}") as Reply["body"] }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(payload);
  });
}

const draft = { contractId, data: "x", labels: {}, approvers: [] };

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function main(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const flags = ["-r", "ts-node/register/transpile-only", join(__dirname, "main.ts"), ...args, "--dir", dir];
  const child = spawn(process.execPath, flags, { cwd: join(__dirname, "..") });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: new Promise((done) => child.on("close", (code) => done({ code, output }))) };
}

/** The same in this process, for commands that only ask. */
async function run(...args: string[]): Promise<Ended> {
  let output = "";
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    return { code: await runCommand([...args, "--dir", dir]), output };
  } finally {
    write.mockRestore();
  }
}

test("after a restart addresses, documents and tokens are what they were", async () => {
  const first = await start();
  const env = await first.env("contosso");
  await governance(env, "PUT", "/userdocuments/one", draft);
  const before = (await governance(env, "GET", "/userdocuments/one")).body;
  await first.close();
  const second = await start();
  expect(second.addresses).toEqual(first.addresses);
  expect((await governance(env, "GET", "/userdocuments/one")).body).toEqual(before);
  await governance(env, "PUT", "/userdocuments/two", draft);
  const view = (version: unknown): number => Number(String(version).split(".")[0]);
  // A restart is an election: what is written after it has a new view.
  expect(view((await governance(env, "GET", "/userdocuments/two")).body.version)).toBe(view(before.version) + 1);
});

test("services get ports of the range that sandbox.json names", async () => {
  await Home.open(dir);
  const file = join(dir, "sandbox.json");
  const content = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...content, portRange: [18_300, 18_302] }));
  const home = await Home.open(dir);
  const ports = [await home.get("a"), await home.get("b"), await home.get("c")].sort();
  expect(ports).toEqual([18_300, 18_301, 18_302]);
  await expect(home.get("d")).rejects.toThrow("no free port between 18300 and 18302 for d");
});

test("what governance acknowledged before kill -9 is there after it", async () => {
  const { child, ended } = main("start");
  const env = await until(() => collaboratorEnv(dir, "litware"));
  const acknowledged: string[] = [];
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let index = 0; ; index += 1) {
      const id = `w${writer}-${index}`;
      const reply = await governance(env, "PUT", `/userdocuments/${id}`, draft).catch(() => undefined);
      if (reply === undefined) return;
      if (reply.status === 200) acknowledged.push(id);
      if (acknowledged.length === 200) child.kill("SIGKILL");
    }
  });
  await Promise.all(writers);
  await ended;
  const again = await start();
  const list = (await governance(await again.env("litware"), "GET", "/userdocuments")).body as {
    value: { id: string }[];
  };
  const kept = new Set(list.value.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
});

test("a collaborator's stack is made with the shell, and its configuration keeps what was added", async () => {
  await start();
  const { PULUMI_OPTION_CONFIG_FILE: file = "" } = await collaboratorEnv(dir, "contosso");
  const made = parse(await readFile(file, "utf8")) as { encryptionsalt: string; config: Record<string, unknown> };
  expect(made.encryptionsalt).toMatch(/^v1:/);
  // A rehearsal ends in a destroy; where data and keys are real, they are protected.
  expect(made.config["cleanroom:deletable"]).toBe("true");
  const [[key] = [""]] = Object.entries(made.config);
  const secret = { secure: "v1:abc" };
  await writeFile(
    file,
    JSON.stringify({ ...made, config: { ...made.config, [key]: "changed", "cleanroom:token": secret } }),
  );
  await collaboratorEnv(dir, "contosso");
  // The repository's value is back, and the salt is still the one that the secret was encrypted with.
  expect(parse(await readFile(file, "utf8"))).toEqual({
    ...made,
    config: { ...made.config, "cleanroom:token": secret },
  });
});

test("each collaborator's shell is its own", async () => {
  const sandbox = await start();
  const [contosso, litware] = [await sandbox.env("contosso"), await sandbox.env("litware")];
  for (const key of ["CLEANROOM_TOKEN", "IDENTITY_HEADER", "PULUMI_BACKEND_URL", "PULUMI_OPTION_CONFIG_FILE"]) {
    expect(contosso[key]).not.toBe(litware[key]);
  }
});

test("the control changes policy and users, and shows the ledger", async () => {
  const sandbox = await start({ withoutPolicy: true });
  const env = await sandbox.env("contosso");
  const policy = async (): Promise<unknown> =>
    (await governance(env, "GET", `/contracts/${contractId}/cleanroompolicy`)).body.policy;
  const admin = await AdminClient.find(dir);
  expect(await policy()).toEqual({});
  await admin?.setPolicy([cleanRoomHostData]);
  expect(await policy()).toEqual({ "x-ms-sevsnpvm-hostdata": [cleanRoomHostData] });
  await admin?.removeUser(collaborator("contosso").userOid);
  expect((await governance(env, "GET", "/userdocuments")).status).toBe(403);
  await admin?.putUser(collaborator("contosso").userOid, { tenantId: collaborator("contosso").tenantId });
  expect((await governance(env, "GET", "/userdocuments")).status).toBe(200);
  expect(await admin?.ledger()).toContainEqual(
    expect.objectContaining({ change: { kind: "policy", contractId, hostData: [cleanRoomHostData] } }),
  );
  await expect(admin?.setPolicy(["short"])).rejects.toThrow("64 lower-case hexadecimal digits");
});

test("in the background it starts once, says so, and stops", async () => {
  expect(await main("start", "--detach").ended).toMatchObject({
    code: 0,
    output: expect.stringContaining("frontend") as string,
  });
  try {
    expect(await run("start", "--detach")).toMatchObject({
      code: 0,
      output: expect.stringContaining("already running") as string,
    });
    expect((await run("start", "--status")).code).toBe(0);
    const { output } = await run("env", "fabrikam");
    expect(output).toMatch(/^export CLEANROOM_FRONTEND_URL='https:\/\/localhost:\d+'$/m);
    expect(output.split("\n").every((line) => line === "" || line.startsWith("export "))).toBe(true);
  } finally {
    expect(await run("start", "--stop")).toMatchObject({
      code: 0,
      output: expect.stringContaining("has stopped") as string,
    });
  }
  expect(await run("start", "--status")).toEqual({ code: 3, output: `No sandbox runs in ${dir}.\n` });
});

test("fails to start twice on one folder, naming the process that runs", async () => {
  await start();
  const { code, output } = await run("start");
  expect(code).toBe(0);
  expect(output).toContain("A sandbox is already running.");
  expect(output).toContain(`(process ${process.pid})`);
});

test("fails to give a shell where no sandbox runs, and to somebody unknown", async () => {
  await expect(collaboratorEnv(dir, "contosso")).rejects.toThrow(`no sandbox runs in ${dir}: start one with`);
  await expect(collaboratorEnv(dir, "adatum")).rejects.toThrow(
    'no collaborator is called "adatum"; the sandbox knows contosso, litware, fabrikam',
  );
});

test("fails to control a sandbox without its secret", async () => {
  const sandbox = await start();
  const ca = await readFile(join(dir, "ca.pem"), "utf8");
  const status = await new Promise((resolve, reject) => {
    request(`${sandbox.addresses.admin}/ledger`, { ca, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on("error", reject)
      .end();
  });
  expect(status).toBe(401);
});

test.each([
  [["start", "--stop", "--detach"], "exclude each other"],
  [["start", "--unknown"], "Unknown option '--unknown'"],
  [["env"], "wrong number of arguments"],
  [["read", "x", "--host-data", "zz"], "64 hexadecimal digits are expected"],
  [["read", "x", "--rows", "1.5"], "a whole number is expected"],
])("fails on the command line %j with its usage", async (args, message) => {
  await expect(runCommand(args)).rejects.toThrow(message);
  await expect(runCommand(args)).rejects.toThrow("usage: start");
});

test("fails with exit code 2 on a wrong command line", async () => {
  expect(await main("dance").ended).toMatchObject({ code: 2 });
});

async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 20_000; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
