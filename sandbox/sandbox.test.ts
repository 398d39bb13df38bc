// The sandbox as a whole: it comes back as it was, whatever ended it, and gives each collaborator a shell.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { runCommand } from "./commands";
import { AdminClient, cleanRoomHostData, collaborator, collaboratorEnv, contractId, startSandbox } from ".";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandbox-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

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
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: new Promise((done) => child.on("close", (code) => done({ code, output }))) };
}

test("after a restart addresses, documents and tokens are what they were", async () => {
  const first = await startSandbox({ dir });
  const env = await first.env("contosso");
  await governance(env, "PUT", "/userdocuments/one", draft);
  const before = (await governance(env, "GET", "/userdocuments/one")).body;
  await first.close();
  const second = await startSandbox({ dir });
  expect(second.addresses).toEqual(first.addresses);
  expect((await governance(env, "GET", "/userdocuments/one")).body).toEqual(before);
  await governance(env, "PUT", "/userdocuments/two", draft);
  const view = (version: unknown): number => Number(String(version).split(".")[0]);
  // A restart is an election: what is written after it has a new view.
  expect(view((await governance(env, "GET", "/userdocuments/two")).body.version)).toBe(view(before.version) + 1);
  await second.close();
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
  const again = await startSandbox({ dir });
  const list = (await governance(await again.env("litware"), "GET", "/userdocuments")).body as {
    value: { id: string }[];
  };
  const kept = new Set(list.value.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  await again.close();
});

test("a collaborator's configuration keeps what was added, and follows the repository where that has a key", async () => {
  const sandbox = await startSandbox({ dir });
  const { PULUMI_OPTION_CONFIG_FILE: file = "" } = await sandbox.env("contosso");
  const given = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  const [[key, value] = ["", ""]] = Object.entries(given.config);
  const secret = { secure: "v1:abc" };
  const changed = {
    encryptionsalt: "v1:salt",
    config: { ...given.config, [key]: "changed", "cleanroom:token": secret },
  };
  await writeFile(file, JSON.stringify(changed));
  await collaboratorEnv(dir, "contosso");
  expect(parse(await readFile(file, "utf8"))).toEqual({
    encryptionsalt: "v1:salt",
    config: { ...given.config, [key]: value, "cleanroom:token": secret },
  });
  await sandbox.close();
});

test("each collaborator's shell is its own", async () => {
  const sandbox = await startSandbox({ dir });
  const [contosso, litware] = [await sandbox.env("contosso"), await sandbox.env("litware")];
  for (const key of ["CLEANROOM_TOKEN", "IDENTITY_HEADER", "PULUMI_BACKEND_URL", "PULUMI_OPTION_CONFIG_FILE"]) {
    expect(contosso[key]).not.toBe(litware[key]);
  }
  await sandbox.close();
});

test("the control changes policy and users, and shows the ledger", async () => {
  const sandbox = await startSandbox({ dir, withoutPolicy: true });
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
  await sandbox.close();
});

test("in the background it starts once, says so, and stops", async () => {
  const status = (): Promise<Ended> => main("start", "--status").ended;
  expect(await main("start", "--detach").ended).toMatchObject({
    code: 0,
    output: expect.stringContaining("frontend") as string,
  });
  try {
    expect(await main("start", "--detach").ended).toMatchObject({
      code: 0,
      output: expect.stringContaining("already running") as string,
    });
    expect((await status()).code).toBe(0);
    const shell = await main("env", "fabrikam").ended;
    expect(shell.output).toMatch(/^export CLEANROOM_FRONTEND_URL='https:\/\/localhost:\d+'$/m);
    expect(shell.output.split("\n").every((line) => line === "" || line.startsWith("export "))).toBe(true);
  } finally {
    expect(await main("start", "--stop").ended).toMatchObject({
      code: 0,
      output: expect.stringContaining("has stopped") as string,
    });
  }
  expect(await status()).toEqual({ code: 3, output: `No sandbox runs in ${dir}.\n` });
});

test("fails to start twice on one folder, naming the process that runs", async () => {
  const sandbox = await startSandbox({ dir });
  const second = await main("start").ended;
  expect(second).toMatchObject({ code: 0, output: expect.stringContaining(`(process ${process.pid})`) as string });
  await sandbox.close();
});

test("fails to give a shell where no sandbox runs, and to somebody unknown", async () => {
  await expect(collaboratorEnv(dir, "contosso")).rejects.toThrow(`no sandbox runs in ${dir}: start one with`);
  await expect(collaboratorEnv(dir, "adatum")).rejects.toThrow(
    'no collaborator is called "adatum"; the sandbox knows contosso, litware, fabrikam',
  );
});

test("fails to control a sandbox without its secret", async () => {
  const sandbox = await startSandbox({ dir });
  const ca = await readFile(join(dir, "ca.pem"), "utf8");
  const status = await new Promise((resolve, reject) => {
    request(`${sandbox.addresses.admin}/ledger`, { ca, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on("error", reject)
      .end();
  });
  expect(status).toBe(401);
  await sandbox.close();
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
