// Dataset documents, from the first publish to the last, by the real provider process against the real services.
import { toSpecification, type Dataset } from "../../provider/model/dataset";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import { seen, type Created, type Kind, type ProviderProcess } from "../helpers/provider-process";

let room: TestRoom;
let process: ProviderProcess;
let datasets: Kind;
let count = 0;
const newName = (): string => `sales-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  process = await room.provider("contosso");
  datasets = process.kind("DatasetDocument");
});
afterAll(() => room.end());

async function published(name = newName(), change = {}): Promise<Created & { inputs: Record<string, unknown> }> {
  const inputs = azureDataset(name, change);
  return { ...(await datasets.create(inputs)), inputs };
}
const consent = async (id: string): Promise<unknown> =>
  (await room.govern("contosso", "POST", `/userdocuments/${id}/checkstatus/execution`)).body;

describe("publishing", () => {
  test("makes an accepted document with the descriptor, owned and accepted by the caller alone", async () => {
    const { id, inputs } = await published("contosso-sales");
    const document = await room.document(id);
    expect(document).toMatchObject({
      state: "Accepted",
      contractId: "analytics",
      labels: { type: "dataset" },
      approvers: [{ approverId: oid("contosso"), approverIdType: "user" }],
      finalVotes: [{ approverId: oid("contosso"), ballot: "accepted" }],
      proposerId: oid("contosso"),
    });
    const expected = toSpecification(id, inputs as unknown as Dataset);
    expect(JSON.parse(document.data)).toEqual({
      ...expected,
      datasetAccessPoint: { ...expected.datasetAccessPoint, name: id },
    });
  });

  test("names the document by the content's digest, and keeps inputs beside what was observed", async () => {
    const { id, state, inputs } = await published();
    expect(id).toMatch(new RegExp(`^${String(inputs.name)}-[0-9a-f]{12}$`));
    expect(seen({ id, state }).state).toEqual({
      ...inputs,
      documentId: id,
      contractId: "analytics",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      ownerId: oid("contosso"),
    });
  });

  test("makes through governance, for a key that is a governance secret, the same kind of document", async () => {
    room.writes();
    const inputs = s3Dataset(newName());
    const { id } = await datasets.create(inputs);
    expect(room.writes().every((request) => request.startsWith("governance "))).toBe(true);
    expect(JSON.parse((await room.document(id)).data)).toEqual(toSpecification(id, inputs as unknown as Dataset));
  });

  test("a second time writes nothing but the consent, and answers the same", async () => {
    const { id, state, inputs } = await published();
    room.writes();
    expect(seen(await datasets.create(inputs))).toEqual(seen({ id, state }));
    expect(room.writes()).toEqual([`governance POST /userdocuments/${id}/runtimeoptions/execution/enable`]);
  });

  test("goes on where an earlier run stopped, at each step", async () => {
    for (const steps of [1, 2]) {
      const inputs = s3Dataset(newName());
      const { id } = await datasets.create({ ...inputs, chosenId: newName() });
      const { data, labels, approvers } = await room.document(id);
      const half = newName();
      const text = data.replaceAll(id, half);
      const put = { contractId: "analytics", data: text, labels, approvers };
      expect((await room.govern("contosso", "PUT", `/userdocuments/${half}`, put)).status).toBe(200);
      if (steps === 2) {
        const { version } = await room.document(half);
        await room.govern("contosso", "POST", `/userdocuments/${half}/propose`, { version });
      }
      expect((await datasets.create({ ...inputs, chosenId: half })).id).toBe(half);
      expect((await room.document(half)).state).toBe("Accepted");
    }
  });

  test("needs the frontend alone, or governance alone", async () => {
    for (const change of [{ governanceUrl: undefined }, { frontendUrl: undefined }]) {
      const alone = (await room.provider("contosso", change)).kind("DatasetDocument");
      const inputs = azureDataset(newName());
      const { id, state } = await alone.create(inputs);
      expect((await room.document(id)).state).toBe("Accepted");
      expect(await alone.diff(id, state, inputs)).toEqual({ changes: false, replaces: [] });
      await alone.delete(id, state);
      expect(await consent(id)).toMatchObject({ status: "disabled" });
    }
  });

  test("takes a federated subject that is the contract's and owner's", async () => {
    await expect(published(newName(), { federatedSubject: `analytics-${oid("contosso")}` })).resolves.toBeDefined();
  });

  test("fails with another federated subject, which would only be noticed when a query runs", async () => {
    await expect(published(newName(), { federatedSubject: `analytics-${oid("litware")}` })).rejects.toThrow(
      `the clean room signs in with the subject 'analytics-${oid("contosso")}', but the federated credential trusts 'analytics-${oid("litware")}'`,
    );
  });

  test("fails where the id holds other content, and shows the difference", async () => {
    const chosenId = newName();
    await datasets.create(azureDataset("first", { chosenId }));
    const other = datasets.create(azureDataset("second", { chosenId }));
    await expect(other).rejects.toThrow(
      `Document '${chosenId}' exists with other content (published by ${oid("contosso")}), and the service would ignore ours without a word.`,
    );
    await expect(other).rejects.toThrow('-    "containerName": "first",');
    await expect(other).rejects.toThrow('+    "containerName": "second",');
  });

  test("fails where another collaborator has published the same first", async () => {
    const inputs = azureDataset(newName(), { chosenId: newName() });
    const theirs = (await room.provider("litware")).kind("DatasetDocument");
    await theirs.create(inputs);
    await expect(datasets.create(inputs)).rejects.toThrow(
      `Document '${String(inputs.chosenId)}' was published by ${oid("litware")}, not by ${oid("contosso")}. Sign in as its owner, or choose another documentId or name.`,
    );
  });

  test("fails where another collaborator holds the id with a draft", async () => {
    const inputs = s3Dataset(newName(), { chosenId: newName() });
    const id = inputs.chosenId as string;
    const data = JSON.stringify(toSpecification(id, inputs as unknown as Dataset));
    const approvers = [{ approverId: oid("litware"), approverIdType: "user" }];
    await room.govern("litware", "PUT", `/userdocuments/${id}`, {
      contractId: "analytics",
      data,
      labels: {},
      approvers,
    });
    await expect(datasets.create(inputs)).rejects.toThrow(
      `Document '${id}' is there as Draft, with the approvers ${oid("litware")}, so it can't be published by ${oid("contosso")} alone.`,
    );
    expect((await room.document(id)).state).toBe("Draft");
  });

  test("leaves one document when everything is published at once", async () => {
    const inputs = azureDataset(newName());
    const all = await Promise.all(Array.from({ length: 5 }, () => datasets.create(inputs)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  });
});

describe("comparing", () => {
  test("shows nothing where nothing changed, before and after a refresh", async () => {
    const { id, state, inputs } = await published();
    expect(await datasets.diff(id, state, inputs)).toEqual({ changes: false, replaces: [] });
    const read = await datasets.read(id, state);
    expect(read).toEqual({ state, inputs });
    expect(await datasets.diff(id, read?.state ?? {}, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test.each([
    ["store", { containerName: "other" }],
    ["datasetSchema", { format: "json" }],
    ["datasetAccessPolicy", { accessMode: "write" }],
    ["identity", { clientId: "other" }],
  ])("replaces the document when its %s changes", async (key, change) => {
    const { id, state, inputs } = await published();
    const changed = { ...inputs, [key]: { ...(inputs[key] as object), ...change } };
    expect(await datasets.diff(id, state, changed)).toEqual({ changes: true, replaces: [key] });
    await process.says(
      new RegExp(
        `Dataset '${String(inputs.name)}': its content changes, so document '${String(inputs.name)}-[0-9a-f]{12}' is published, and '${id}' is no longer to be used\\.`,
      ),
    );
  });

  test("replaces nothing when a value is only written otherwise", async () => {
    const { id, state, inputs } = await published();
    const same = { ...inputs, store: { ...(inputs.store as object), subdirectory: "" } };
    expect(await datasets.diff(id, state, same)).toEqual({ changes: true, replaces: [] });
    expect(await datasets.update(id, state, same)).toMatchObject({ documentId: id, digest: state.digest });
  });

  test("replaces nothing when the id it has is named, nor when only the name beside it changes", async () => {
    const { id, state, inputs } = await published();
    const named = { ...inputs, chosenId: id };
    expect((await datasets.diff(id, state, named)).replaces).toEqual([]);
    const updated = await datasets.update(id, state, named);
    expect((await datasets.diff(id, updated, { ...named, name: "renamed" })).replaces).toEqual([]);
  });

  test("takes the default collaboration for what it is", async () => {
    const { id, state, inputs } = await published();
    expect((await datasets.diff(id, state, { ...inputs, collaboration: "cleanroom" })).changes).toBe(false);
  });

  test("does not replace for what is done on deletion", async () => {
    const { id, state, inputs } = await published();
    const changed = { ...inputs, onDelete: "leave" };
    expect(await datasets.diff(id, state, changed)).toEqual({ changes: true, replaces: [] });
    expect(await datasets.update(id, state, changed)).toEqual({ ...state, onDelete: "leave" });
  });

  test("fails where governance has lost the document", async () => {
    const { state, inputs } = await published();
    await expect(datasets.diff("gone", { ...state, documentId: "gone" }, inputs)).rejects.toThrow(
      "Dataset 'gone' is in this stack's state, but governance does not have it",
    );
    await process.says("ContentMismatchError: Dataset 'gone' is in this stack's state");
    expect(process.said()).not.toMatch(/undefined|\n {4}at /);
  });
});

describe("checking", () => {
  test("passes what is right, and writes nothing", async () => {
    room.writes();
    expect(await datasets.check(azureDataset(newName()))).toEqual([]);
    expect(room.writes()).toEqual([]);
  });

  test("passes what is not known yet", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inputs = azureDataset(newName(), { identity: unknown, chosenId: unknown, datasetSchema: unknown });
    expect(await datasets.check(inputs, { ...inputs, chosenId: "x" })).toEqual([]);
  });

  test("fails with each problem of its own", async () => {
    const change = { name: " ", identity: undefined, datasetSchema: { format: "csv", fields: [] } };
    const inputs = azureDataset("sales", change);
    expect(await datasets.check(inputs)).toEqual([
      "name is blank: give it a name.",
      expect.stringContaining("identity is missing"),
      expect.stringContaining("datasetSchema.fields is empty"),
    ]);
  });

  test("fails with other content under the chosen id, and shows the difference", async () => {
    const inputs = azureDataset(newName(), { chosenId: newName() });
    const changed = { ...inputs, datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] } };
    const [problem, ...others] = await datasets.check(changed, inputs);
    expect(others).toEqual([]);
    expect(problem).toContain(
      `documentId '${String(inputs.chosenId)}' was published with other content, and a published document can't be changed`,
    );
    expect(problem).toContain('-      "amount"');
    expect(await datasets.check({ ...changed, chosenId: "another" }, inputs)).toEqual([]);
  });
});

describe("reading", () => {
  test("says that a document is gone which governance does not have", async () => {
    const { state } = await published();
    expect(await datasets.read("gone", { ...state, documentId: "gone" })).toBeUndefined();
  });
});

describe("deleting", () => {
  test("disables its use, and says that the document stays", async () => {
    const { id, state } = await published();
    expect(await consent(id)).toMatchObject({ status: "enabled" });
    await datasets.delete(id, state);
    expect(await consent(id)).toMatchObject({ status: "disabled" });
    await process.says(`Document '${id}' stays in governance, where no document can be deleted; its use is disabled`);
    await datasets.delete(id, state);
  });

  test("leaves the document in use when told so", async () => {
    const { id, state } = await published(newName(), { onDelete: "leave" });
    await datasets.delete(id, state);
    expect(await consent(id)).toMatchObject({ status: "enabled" });
    await process.says(`Document '${id}' stays in governance`);
  });

  test("is undone by publishing the same again", async () => {
    const { id, state, inputs } = await published();
    await datasets.delete(id, state);
    expect(seen(await datasets.create(inputs))).toEqual(seen({ id, state }));
    expect(await consent(id)).toMatchObject({ status: "enabled" });
  });
});
