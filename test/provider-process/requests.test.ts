// How often the services are asked: as often as it takes, and no more.
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import type { Created, Kind, ProviderProcess } from "../helpers/provider-process";

let room: TestRoom;
let process: ProviderProcess;
let datasets: Kind;
let count = 0;
const newName = (): string => `counted-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  process = await room.provider("contosso");
  datasets = process.kind("DatasetDocument");
  // What is asked once a process, before its first creation: who we are, and whether we may.
  await datasets.check(azureDataset(newName()));
});
afterAll(() => room.end());

/** Requests of an operation, by method. */
async function asked(operation: () => Promise<unknown>): Promise<string[]> {
  const before = room.requests.length;
  await operation();
  return room.requests.slice(before).map((request) => request.split(" ")[1] ?? "");
}

test("a dataset is published through the frontend by three requests", async () => {
  expect(await asked(() => datasets.create(azureDataset(newName())))).toEqual(["GET", "POST", "GET"]);
});

test("a dataset is published through governance by six", async () => {
  const six = ["GET", "PUT", "GET", "POST", "POST", "GET"];
  expect(await asked(() => datasets.create(s3Dataset(newName())))).toEqual(six);
});

test.each([
  ["through the frontend", azureDataset],
  ["through governance", s3Dataset],
])("a dataset %s that did not change costs one, in preview and in refresh", async (_through, make) => {
  const inputs = make(newName());
  const { id, state } = await datasets.create(inputs);
  expect(await asked(() => datasets.check(inputs, inputs))).toEqual([]);
  expect(await asked(() => datasets.diff(id, state, inputs))).toEqual(["GET"]);
  expect(await asked(() => datasets.read(id, state))).toEqual(["GET"]);
});

test("a stack of 100 unchanged documents costs at most 101 in a process of its own", async () => {
  const all: (Created & { inputs: Record<string, unknown> })[] = [];
  for (let i = 0; i < 100; i++) {
    const inputs = azureDataset(newName());
    all.push({ ...(await datasets.create(inputs)), inputs });
  }
  for (const change of [{}, { contractId: undefined }, { governanceUrl: undefined }]) {
    const fresh = (await room.provider("contosso", { scope: String(count++), ...change })).kind("DatasetDocument");
    const requests = await asked(() =>
      Promise.all(
        all.map(async ({ id, state, inputs }) => {
          await fresh.check(inputs, inputs);
          expect((await fresh.diff(id, state, inputs)).changes).toBe(false);
        }),
      ),
    );
    expect(requests.length).toBeLessThanOrEqual(101);
    expect(requests.every((method) => method === "GET")).toBe(true);
  }
});
