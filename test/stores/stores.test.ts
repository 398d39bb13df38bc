// Datasets in a data lake and in OneLake, from a program to the clean room: by the engine, against a sandbox.
import { join } from "node:path";
import { startProgramStack, type ProgramStack } from "../helpers/stack-program";

const LONG = 4 * 60_000;
let stack: ProgramStack;
let outputs: Readonly<Record<string, unknown>>;

const run = (...args: readonly string[]): Promise<string> =>
  stack.run("lakes", args, { ONE_LAKE: stack.sandbox.addresses.OneLake ?? "" });

beforeAll(async () => {
  stack = await startProgramStack(join(__dirname, "program"), "contosso");
  await run("up", "--yes", "--skip-preview");
  outputs = await stack.outputs();
}, LONG);
afterAll(() => stack.end());

const ROWS = {
  columns: ["region", "visits"],
  rows: [
    ["north", "12"],
    ["south", "7"],
  ],
};

test("a dataset in a store with real folders is uploaded, published with the schema of its data, and read", async () => {
  const read = await stack.sandbox.read(String(outputs.lake));
  expect(read.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(read).toMatchObject(ROWS);
});

test("a dataset in OneLake is read once the right is given by hand that the stack names", async () => {
  const id = String(outputs.oneLake);
  const principalId = String(outputs.principalId);
  const before = await stack.sandbox.read(id);
  expect(before.steps.at(-1)).toMatchObject({
    name: "list",
    ok: false,
    remedy: expect.stringContaining("share the item data.Lakehouse of the workspace contosso-workspace") as string,
  });
  expect(outputs.rightsToGive).toBe(
    `In Fabric, share the item data.Lakehouse of the workspace contosso-workspace with ${String(/with (\S+)/.exec(String(outputs.rightsToGive))?.[1])} (object id ${principalId}): Read and ReadAll ("Read all OneLake data").`,
  );
  await stack.sandbox.admin.giveFabricRight({ workspace: "contosso-workspace", principalId, right: "ReadAll" });
  const read = await stack.sandbox.read(id);
  expect(read.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(read).toMatchObject(ROWS);
});

test(
  "a second run has nothing to do",
  async () => {
    expect(await run("preview", "--expect-no-changes")).toMatch(/\d+ unchanged/);
  },
  LONG,
);
