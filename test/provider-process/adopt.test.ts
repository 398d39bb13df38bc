// What exists is taken over as it is: compared, shown where it differs, and not written to.
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import { seen, type Kind } from "../helpers/provider-process";
import { three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let count = 0;
const newId = (): string => `existing-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
});
afterAll(() => room.end());

describe("a dataset", () => {
  let datasets: Kind;
  beforeAll(() => (datasets = they.kind("contosso", "DatasetDocument")));

  test("that is ours is taken over without a write, a disabled consent included", async () => {
    const inputs = azureDataset("sales", { chosenId: newId() });
    const { id, state } = await datasets.create(inputs);
    await datasets.delete(id, state);
    const adopting = { ...inputs, adopt: true };
    room.writes();
    expect(await datasets.check(adopting)).toEqual([]);
    const adopted = await datasets.create(adopting);
    expect(seen(adopted)).toEqual(seen({ id, state: { ...state, adopt: true } }));
    expect(room.writes()).toEqual([]);
    expect(await datasets.diff(id, adopted.state, adopting)).toEqual({ changes: false, replaces: [] });
    expect(await datasets.diff(id, adopted.state, inputs)).toEqual({ changes: true, replaces: [] });
  });

  test("fails, in preview too, where it differs, and shows how", async () => {
    const chosenId = newId();
    await datasets.create(azureDataset("first", { chosenId }));
    const [problem] = await datasets.check(azureDataset("second", { chosenId, adopt: true }));
    expect(problem).toContain(`Document '${chosenId}' exists with other content (published by ${oid("contosso")})`);
    expect(problem).toContain('-    "containerName": "first",');
  });

  test("fails where there is none, and publishes nothing", async () => {
    const inputs = azureDataset("sales", { chosenId: newId(), adopt: true });
    const expected = `Document '${String(inputs.chosenId)}' can't be adopted: governance has none of this id.`;
    room.writes();
    expect((await datasets.check(inputs))[0]).toContain(expected);
    await expect(datasets.create(inputs)).rejects.toThrow(expected);
    expect(room.writes()).toEqual([]);
  });

  test("fails where it is another collaborator's", async () => {
    const inputs = azureDataset("sales", { chosenId: newId() });
    await they.kind("litware", "DatasetDocument").create(inputs);
    expect((await datasets.check({ ...inputs, adopt: true }))[0]).toContain(
      `was published by ${oid("litware")}, not by ${oid("contosso")}`,
    );
  });
});

describe("a query", () => {
  test("with our text is taken over, in whatever state it is, without a write", async () => {
    const { draft } = await they.proposed(newId());
    const { inputs: asked } = { inputs: they.query(draft.id, { adopt: true }) };
    const drafts = they.kind("fabrikam", "QueryDraft");
    room.writes();
    expect(await drafts.check(asked)).toEqual([]);
    const { id, state } = await drafts.create(asked);
    expect(room.writes()).toEqual([]);
    expect(state).toMatchObject({ digest: draft.state.digest, lastChangedBy: "this program" });
    expect((await drafts.diff(id, state, asked)).changes).toBe(false);
  });

  test("fails, in preview too, where it differs, though it might be overwritten", async () => {
    const drafts = they.kind("fabrikam", "QueryDraft");
    const { id } = await they.draft(newId());
    const change = { segments: [{ sequence: 1, sql: "SELECT 2" }], adopt: true, onConflict: "overwrite" };
    const [problem] = await drafts.check(they.query(id, change));
    expect(problem).toContain(`Query '${id}' exists as Draft, with a text that this program did not write.`);
    expect(problem).toContain("+SELECT 2");
  });

  test("fails where there is none", async () => {
    const drafts = they.kind("fabrikam", "QueryDraft");
    const inputs = they.query(newId(), { adopt: true });
    await expect(drafts.create(inputs)).rejects.toThrow("can't be adopted: governance has none of this id.");
  });
});

describe("a secret", () => {
  let secrets: Kind;
  beforeAll(() => (secrets = they.kind("litware", "ContractSecret")));

  test("that is there is taken over without a write, and written when its value changes", async () => {
    const inputs = { name: newId(), value: "one" };
    const { id } = await secrets.create(inputs);
    room.writes();
    const adopting = { ...inputs, adopt: true };
    expect(await secrets.check(adopting)).toEqual([]);
    const { id: adopted, state } = await secrets.create(adopting);
    expect(adopted).toBe(id);
    expect(room.writes()).toEqual([]);
    await secrets.update(id, state, { ...adopting, value: "two" });
    expect(room.writes()).toHaveLength(1);
  });

  test("fails where there is none", async () => {
    const name = newId();
    const expected = `Secret '${name}' can't be adopted: governance has no '${oid("litware")}_${name}'.`;
    expect((await secrets.check({ name, value: "x", adopt: true }))[0]).toContain(expected);
    await expect(secrets.create({ name, value: "x", adopt: true })).rejects.toThrow(expected);
  });

  test("fails where only the frontend can be asked, which does not tell", async () => {
    const alone = (await room.provider("litware", { governanceUrl: undefined })).kind("ContractSecret");
    await expect(alone.create({ name: newId(), value: "x", adopt: true })).rejects.toThrow(
      "only governance tells whether it exists. Set cleanroom:governanceUrl",
    );
  });
});
