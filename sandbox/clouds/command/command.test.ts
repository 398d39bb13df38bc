import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SECRET, secretOf, startTestClouds, type TestClouds, type TestProvider, UNKNOWN } from "../testing";

const TYPE = "command:local:Command";

let clouds: TestClouds;
let provider: TestProvider;
let dir: string;

beforeAll(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("command");
  dir = await mkdtemp(join(tmpdir(), "command-"));
});
afterAll(async () => {
  await clouds.end();
  await rm(dir, { recursive: true, force: true });
});

test("runs what it is told, and answers what that wrote", async () => {
  const { outputs } = await provider.create(TYPE, "c", { create: "echo out; echo err >&2; cat", stdin: "in" });
  expect(outputs).toMatchObject({ stdout: "out\nin", stderr: "err" });
});

test("runs in the folder, with the variables and by the interpreter that it is given", async () => {
  const inputs = { create: "process.stdout.write(process.cwd() + process.env.WHO)", dir, environment: { WHO: "me" } };
  const { outputs } = await provider.create(TYPE, "c", { ...inputs, interpreter: ["node", "-e"] });
  expect(outputs.stdout).toBe(`${dir}me`);
});

test("runs in the project's folder when it is given none", async () => {
  const elsewhere = await startTestClouds({ project: dir });
  const { outputs } = await elsewhere.provider("command").create(TYPE, "c", { create: "pwd" });
  await elsewhere.end();
  expect(outputs.stdout).toBe(dir);
});

test("runs with the variables of the collaborator's own shell, which the program's own overrule", async () => {
  clouds.clouds.useEnvironment((name) => Promise.resolve({ WHOSE: name, OWN: "shell" }));
  const inputs = { create: "echo $WHOSE $OWN", environment: { OWN: "program" } };
  const { outputs } = await clouds.provider("command", "litware").create(TYPE, "c", inputs);
  expect(outputs.stdout).toBe("litware program");
});

test("runs nothing in a preview, and says that the output is not known", async () => {
  const preview = await provider.preview(TYPE, "c", { create: `touch ${dir}/preview` });
  expect(preview.stdout).toBe(UNKNOWN);
  expect(existsSync(`${dir}/preview`)).toBe(false);
});

test("keeps its output secret when anything that it was given is", async () => {
  const { outputs } = await provider.create(TYPE, "c", { create: "cat", stdin: secretOf("hush") });
  expect(outputs.stdout).toEqual({ ...SECRET, value: "hush" });
  expect(outputs.stdin).toEqual({ ...SECRET, value: "hush" });
});

test("updates with its update command, which knows what was written before", async () => {
  const inputs = { create: "echo one", update: "echo two after $PULUMI_COMMAND_STDOUT" };
  const made = await provider.create(TYPE, "c", inputs);
  const changed = { ...inputs, environment: { A: "1" } };
  expect((await provider.diff(made, changed)).replaces).toEqual([]);
  expect((await provider.update(made, changed, true)).outputs.stdout).toBe(UNKNOWN);
  expect((await provider.update(made, changed)).outputs.stdout).toBe("two after one");
});

test("updates with its create command when it has no other", async () => {
  const made = await provider.create(TYPE, "c", { create: "echo $A" });
  const { outputs } = await provider.update(made, { create: "echo $A", environment: { A: "1" } });
  expect(outputs.stdout).toBe("1");
});

test("is replaced when a trigger changes", async () => {
  const made = await provider.create(TYPE, "c", { create: "true", triggers: ["a", { b: 1 }] });
  const { detailed, replaces } = await provider.diff(made, { create: "true", triggers: ["a", { b: 2 }] });
  expect(detailed).toEqual({ "triggers[1].b": "update-replace" });
  expect(replaces).toEqual(["triggers"]);
});

test("runs its delete command at the end", async () => {
  const made = await provider.create(TYPE, "c", {
    create: "echo made",
    delete: `echo $A $PULUMI_COMMAND_STDOUT > ${dir}/deleted`,
    environment: { A: "gone:" },
  });
  await provider.delete(made);
  expect(await readFile(`${dir}/deleted`, "utf8")).toBe("gone: made\n");
});

test("stays what the engine says that it is when it is refreshed", async () => {
  const made = await provider.create(TYPE, "c", { create: "echo once" });
  expect(await provider.read(made)).toEqual(made);
});

test("fails with what the command wrote", async () => {
  const made = provider.create(TYPE, "c", { create: "echo before; echo why >&2; exit 3" });
  await expect(made).rejects.toThrow(/exit status 3: running "echo before; echo why >&2; exit 3":\n[^]*why/);
});

test("fails where there is no such folder or interpreter", async () => {
  await expect(provider.create(TYPE, "c", { create: "true", dir: `${dir}/none` })).rejects.toThrow("ENOENT");
  await expect(provider.create(TYPE, "c", { create: "true", interpreter: ["no-such"] })).rejects.toThrow("ENOENT");
});

test("fails with assets, which are not modelled", async () => {
  const check = provider.check(TYPE, "c", { create: "true", assetPaths: ["*"] });
  await expect(check).rejects.toThrow("the sandbox does not model the property assetPaths of command:local:Command");
});

test("ends what it runs when the engine cancels", async () => {
  const made = provider.create(TYPE, "c", { create: `sleep 30 && touch ${dir}/late` });
  const refused = expect(made).rejects.toThrow("cancelled");
  await wait(300);
  await provider.cancel();
  await refused;
});
