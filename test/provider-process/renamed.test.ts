// A resource that is renamed, or moved to another namespace of the same services: the engine makes the new one, which finds
// the object, and deletes the old one, which must leave it alone.
import { collaboration, contractId } from "../../sandbox/world";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import { startProviderProcess, type ProviderProcess } from "../helpers/provider-process";
import { three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
const runs: ProviderProcess[] = [];
let count = 0;
const newName = (): string => `renamed-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
});
afterAll(async () => {
  await Promise.all(runs.map((run) => run.end()));
  await room.end();
});

/** A provider process of its own, as each run has one. */
async function newRun(who: "contosso" | "fabrikam", more: Record<string, string> = {}): Promise<ProviderProcess> {
  const env = { NODE_EXTRA_CA_CERTS: room.services.home.path("ca.pem") };
  const run = await startProviderProcess({ ...(await room.config(who)), ...more }, env);
  runs.push(run);
  return run;
}
const consent = async (id: string): Promise<unknown> =>
  ((await room.govern("contosso", "POST", `/userdocuments/${id}/checkstatus/execution`)).body as { status: string })
    .status;

test("a renamed dataset stays in use, and that is said", async () => {
  const inputs = azureDataset(newName());
  const before = await (await newRun("contosso")).kind("DatasetDocument").create(inputs);
  const run = await newRun("contosso");
  const datasets = run.kind("DatasetDocument");
  await datasets.create(inputs);
  await datasets.delete(before.id, before.state);
  await run.says(`'${before.id}' is left as it is: another resource of this program stands for it.`);
  expect(await consent(before.id)).toBe("enabled");
});

test("a renamed secret keeps its value, and a renamed proposal its votes", async () => {
  const secret = { name: newName(), value: "canary" };
  const { draft, digest, proposal } = await they.proposed(newName());
  const before = await (await newRun("fabrikam")).kind("ContractSecret").create(secret);
  const run = await newRun("fabrikam");
  await run.kind("ContractSecret").create(secret);
  await run.kind("QueryProposal").create({ documentId: draft.id, digest });
  room.writes();
  await run.kind("ContractSecret").delete(before.id, before.state);
  await run.kind("QueryProposal").delete(proposal.id, proposal.state);
  expect(room.writes()).toEqual([]);
  expect((await room.document(draft.id)).state).toBe("Proposed");
});

test("a dataset that moves to another namespace of the same services stays in use", async () => {
  const inputs = azureDataset(newName());
  const config = await room.config("contosso");
  const partners = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("cleanroom:", "partners:"), value]),
  );
  expect(config).toMatchObject({ "cleanroom:collaborationId": collaboration.id, "cleanroom:contractId": contractId });
  const before = await (await newRun("contosso")).kind("DatasetDocument").create(inputs);
  const datasets = (await newRun("contosso", partners)).kind("DatasetDocument");
  const moved = { ...inputs, collaboration: "partners" };
  expect((await datasets.diff(before.id, before.state, moved)).replaces).toEqual(["collaboration"]);
  await datasets.create(moved);
  await datasets.delete(before.id, before.state);
  expect(await consent(before.id)).toBe("enabled");
});

test("what only one of two resources stood for is given up with it", async () => {
  const inputs = azureDataset(newName());
  const before = await (await newRun("contosso")).kind("DatasetDocument").create(inputs);
  const datasets = (await newRun("contosso")).kind("DatasetDocument");
  await datasets.create(azureDataset(newName()));
  await datasets.delete(before.id, before.state);
  expect(await consent(before.id)).toBe("disabled");
});
