// What governance holds, listed: by owner, state, name and votes; what can't be relied on is in the list, and marked so.
import { sources, type DatasetEntry, type Sources } from "../../provider";
import { toApplication } from "../../provider/model/query";
import { cleanRoomOf } from "../../provider/services/clean-room";
import { readSettings } from "../../provider/settings";
import { bounded, Snapshot } from "../../provider/sources/snapshot";
import type { Person } from "../../sandbox/testing";
import { answering, json, type Answering } from "../helpers/answering";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { textOf, three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let pending: { documentId: string; digest: string };

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  await they.draft("q-draft");
  const { draft, digest } = await they.proposed("q-open");
  pending = { documentId: draft.id, digest };
  await they.kind("litware", "QueryApproval").create({ documentId: draft.id, digest });
});
afterAll(() => room.end());

async function ask(who: Person, change: Readonly<Record<string, string | undefined>> = {}): Promise<Sources> {
  const config = await room.config(who, change);
  return sources("cleanroom", (key) => config[key], {});
}
const ids = (entries: readonly { documentId: string }[]): readonly string[] => entries.map((each) => each.documentId);

/** Writes past every draft and every approver, as one collaborator alone can. */
async function forge(who: Person, documentId: string, document: object | undefined): Promise<void> {
  const approvers = [{ approverId: oid(who), approverIdType: "user" }];
  const content = document && { contractId: "analytics", version: "1.1", ...document };
  const args = { documentId, document: content };
  const proposal = { name: "set_user_document", args, approvers };
  const { body } = await room.govern(who, "POST", "/users/proposals/create", proposal);
  const { proposalId } = body as { proposalId: string };
  await room.govern(who, "POST", `/users/proposals/${proposalId}/ballots/vote_accept`);
}

async function put(documentId: string, data: string, type: string): Promise<void> {
  const approvers = [{ approverId: oid("litware"), approverIdType: "user" }];
  const content = { contractId: "analytics", data, labels: { type }, approvers };
  const { status } = await room.govern("litware", "PUT", `/userdocuments/${documentId}`, content);
  expect(status).toBe(200);
}

describe("datasets", () => {
  test("are listed by id, each with its owner, its votes and what a query may ask of it", async () => {
    const listed = await (await ask("fabrikam")).datasets();
    const { sales, members, results, own } = they.datasets;
    expect(ids(listed)).toEqual([sales, own, members, results].sort());
    expect(listed.find(({ documentId }) => documentId === sales)).toEqual({
      documentId: sales,
      state: "Accepted",
      ownerId: oid("contosso"),
      proposalId: expect.any(String) as string,
      approvers: [oid("contosso")],
      accepted: [oid("contosso")],
      awaited: [],
      forged: false,
      digest: expect.stringMatching(/^sha256:/) as string,
      fields: [
        { fieldName: "region", fieldType: "string" },
        { fieldName: "amount", fieldType: "number" },
      ],
      allowedFields: ["region", "amount"],
      accessMode: "read",
    });
  });

  test.each<[string, Parameters<Sources["datasets"]>[0], (keyof Three["datasets"])[]]>([
    ["the caller's own", { whose: "mine" }, ["own"]],
    ["those of others", { whose: "others" }, ["sales", "members", "results"]],
    ["those of one owner", { ownerId: oid("litware") }, ["members", "results"]],
    ["those whose id begins so", { namePrefix: "litware-m" }, ["members"]],
    ["those in a state", { state: "Proposed" }, []],
    ["all of it together", { whose: "others", state: "Accepted", namePrefix: "contosso" }, ["sales"]],
  ])("are only %s, where that is asked for", async (_what, filter, names) => {
    const listed = await (await ask("fabrikam")).datasets(filter);
    expect(ids(listed)).toEqual(names.map((name) => they.datasets[name]).sort());
  });

  test("are asked for their use where that matters", async () => {
    const { sales } = they.datasets;
    await room.govern("contosso", "POST", `/userdocuments/${sales}/runtimeoptions/execution/disable`);
    const fabrikam = await ask("fabrikam");
    expect(ids(await fabrikam.datasets({ inUse: false }))).toEqual([sales]);
    expect(ids(await fabrikam.datasets({ inUse: true }))).not.toContain(sales);
    await room.govern("contosso", "POST", `/userdocuments/${sales}/runtimeoptions/execution/enable`);
  });

  test("whose ids don't begin as wanted are not read", async () => {
    const fabrikam = await ask("fabrikam");
    await fabrikam.datasets({ namePrefix: "none" });
    room.writes();
    await fabrikam.datasets({ namePrefix: "litware-" });
    expect(room.requests.filter((each) => each.includes("/userdocuments/"))).toHaveLength(2);
  });

  test.each([
    ["state", { state: "accepted" }, "state is 'accepted': use Draft, Proposed or Accepted."],
    ["whose", { whose: "ours" }, "whose is 'ours': use mine or others."],
  ])("fails for a %s that there is not", async (_what, filter, message) => {
    await expect((await ask("fabrikam")).datasets(filter as never)).rejects.toThrow(message);
  });
});

describe("queries", () => {
  test("are listed with text, digest and votes", async () => {
    const [draft, open] = await (await ask("contosso")).queries({ namePrefix: "q-" });
    expect(draft).toMatchObject({ documentId: "q-draft", state: "Draft", ownerId: "", awaited: [], forged: false });
    expect(open).toMatchObject({
      documentId: "q-open",
      state: "Proposed",
      ownerId: oid("fabrikam"),
      digest: pending.digest,
      approvers: [oid("contosso"), oid("litware")].sort(),
      accepted: [oid("litware")],
      awaited: [oid("contosso")],
    });
    const { text, digest, query } = (await they.review("contosso", "q-open")) ?? {};
    expect(open).toMatchObject({ text, digest, query });
    expect(open).not.toHaveProperty("problem");
  });

  test("are only those over a dataset, where that is asked for", async () => {
    const contosso = await ask("contosso");
    expect(ids(await contosso.queries({ dataset: they.datasets.results, whose: "others" }))).toEqual(["q-open"]);
    expect(ids(await contosso.queries({ dataset: they.datasets.own }))).toEqual([]);
  });

  test("read a dataset that several of them use once", async () => {
    const contosso = await ask("contosso");
    await contosso.queries();
    room.writes();
    await contosso.queries({ namePrefix: "q-" });
    expect(room.requests.filter((each) => each.endsWith(`/userdocuments/${they.datasets.sales}`))).toHaveLength(1);
  });
});

describe("open proposals", () => {
  test("are those that wait for votes, with whose", async () => {
    const [proposal, ...more] = await (await ask("contosso")).pendingProposals();
    expect(more).toEqual([]);
    expect(proposal).toMatchObject({
      type: "query",
      documentId: "q-open",
      ownerId: oid("fabrikam"),
      awaited: [oid("contosso")],
      awaitsMe: true,
      digest: pending.digest,
    });
  });

  test("are only those that await the caller, where that is asked for", async () => {
    expect(ids(await (await ask("contosso")).pendingProposals({ awaitsMe: true }))).toEqual(["q-open"]);
    expect(ids(await (await ask("litware")).pendingProposals({ awaitsMe: true }))).toEqual([]);
    expect(ids(await (await ask("fabrikam")).pendingProposals({ whose: "mine" }))).toEqual(["q-open"]);
    expect(ids(await (await ask("contosso")).pendingProposals({ type: "dataset" }))).toEqual([]);
  });
});

describe("what can't be relied on", () => {
  const problemOf = async (documentId: string, type: "datasets" | "queries"): Promise<unknown> => {
    const listed = await (await ask("contosso"))[type]();
    return listed.find((each) => each.documentId === documentId);
  };

  test("is listed with its problem: a query that was accepted past its datasets' owners", async () => {
    const data = JSON.stringify(toApplication("x-forged", textOf(they.query("x-forged"))));
    await forge("fabrikam", "x-forged", { data, labels: { type: "spark-application" } });
    expect(await problemOf("x-forged", "queries")).toMatchObject({
      state: "Accepted",
      forged: true,
      digest: expect.stringMatching(/^sha256:/) as string,
      problem: expect.stringMatching(
        /^Query 'x-forged' would run without the consent of .*Do not rely on it\.$/,
      ) as string,
    });
  });

  test.each([
    ["x-text", "dataset", "no JSON at all", "holds something this release can't read"],
    ["x-part", "dataset", '{"datasetAccessPoint":{}}', "holds something this release can't read"],
    ["x-query", "spark-application", '{"name":"x-query"}', "holds something this release can't read"],
  ])("is listed with its problem: %s", async (documentId, type, data, problem) => {
    await put(documentId, data, type);
    const found = await problemOf(documentId, type === "dataset" ? "datasets" : "queries");
    expect(found).toMatchObject({ state: "Draft", forged: false, problem: expect.stringContaining(problem) as string });
    expect(found).not.toHaveProperty("digest");
  });

  test("is listed with its problem and its text: a query over a dataset that is not there", async () => {
    const inputs = [{ documentId: "no-such", view: "sales" }];
    const data = JSON.stringify(toApplication("x-over", { ...textOf(they.query("x-over")), inputs }));
    await put("x-over", data, "spark-application");
    expect(await problemOf("x-over", "queries")).toMatchObject({
      query: { inputs },
      problem: expect.stringContaining("Dataset 'no-such' does not exist. Published are: ") as string,
    });
  });

  test("is read in time, though governance fails on it for good", async () => {
    await put("x-nothing", "text", "dataset");
    await forge("fabrikam", "x-nothing", undefined);
    const config = await room.config("contosso");
    const snapshot = new Snapshot(cleanRoomOf(readSettings("cleanroom", (key) => config[key], {})), 1_000);
    expect(await snapshot.read("x-nothing")).toEqual({
      problem: expect.stringContaining("/userdocuments/x-nothing answered 500: InternalError") as string,
    });
  });
});

test("fails where governance refuses the caller, and does not call it a document's problem", async () => {
  const token = await room.services.token("contosso", { userOid: "57a46e40-0000-4000-8000-0000000000a9" });
  await expect((await ask("contosso", { token })).datasets()).rejects.toThrow("This user is no collaborator");
});

test("fails without governance's address, and says where to set it", async () => {
  const asked = (await ask("contosso", { governanceUrl: undefined })).queries();
  await expect(asked).rejects.toThrow("No governanceUrl is set.");
});

describe("of a governance that answers strangely", () => {
  let service: Answering;
  let answers: Record<string, { status?: number; body: object }>;
  let accepted: object;
  beforeEach(async () => {
    accepted = (await room.govern("contosso", "GET", `/userdocuments/${they.datasets.sales}`)).body as object;
    service = await answering((response, _count, { url }) => {
      const list = Object.keys(answers).map((id) => ({ id }));
      if (url.includes("cleanroompolicy")) return json(response, 200, { policy: {} });
      if (url.startsWith("/userdocuments?")) return json(response, 200, { value: [...list, ...list] });
      const { status = 200, body } = answers[url.split("/").at(-1) ?? ""] ?? { status: 404, body: {} };
      json(response, status, body);
    });
  });
  afterEach(() => service.close());

  const listed = async (): Promise<readonly DatasetEntry[]> =>
    (await ask("contosso", { governanceUrl: service.url, frontendUrl: undefined })).datasets({
      state: "Accepted",
      whose: "mine",
    });

  test("another's document, and a state that nobody knows, are marked, whatever is asked for", async () => {
    answers = {
      a: { body: { ...accepted, id: "other" } },
      b: { body: { ...accepted, id: "b", state: "Sleeping" } },
      c: { body: { ...accepted, id: "c", state: "Draft" } },
    };
    expect((await listed()).map(({ documentId, problem }) => [documentId, problem])).toEqual([
      ["a", `read document 'a': GET ${service.url}/userdocuments/a: the service answered another document, 'other'.`],
      [
        "b",
        `read document 'b': GET ${service.url}/userdocuments/b: its state is "Sleeping", which is not one this release knows.`,
      ],
    ]);
  });

  test("an acceptance without all its votes is marked forged, and still read", async () => {
    const approvers = ["contosso", "litware"].map((who) => ({
      approverId: oid(who as Person),
      approverIdType: "user",
    }));
    answers = { [they.datasets.sales]: { body: { ...accepted, approvers } } };
    expect(await listed()).toEqual([
      expect.objectContaining({
        forged: true,
        accepted: [oid("contosso")],
        awaited: [oid("litware")],
        allowedFields: ["region", "amount"],
        problem: expect.stringContaining(`without the vote of ${oid("litware")}`) as string,
      }),
    ]);
  });

  test("fails where it refuses one of many, and asks for no more", async () => {
    const refusal = { status: 403, body: { error: { code: "Forbidden", message: "not yours to read" } } };
    answers = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i}`, refusal]));
    await expect(listed()).rejects.toThrow(/answered 403: Forbidden: not yours to read/);
    expect(service.asked.length).toBeLessThan(20);
  });
});

describe("requests under way together", () => {
  test("are bounded, and all are made", async () => {
    const run = bounded(3);
    let together = 0;
    let most = 0;
    const work = async (): Promise<number> => {
      most = Math.max(most, (together += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      return (together -= 1);
    };
    expect(await Promise.all(Array.from({ length: 20 }, () => run(work)))).toHaveLength(20);
    expect(most).toBe(3);
  });

  test("end with the first that fails, unless its failure is its own", async () => {
    let begun = 0;
    const failing = (): Promise<never> => {
      begun += 1;
      return Promise.reject(new Error("refused"));
    };
    const strict = bounded(1);
    await Promise.allSettled(Array.from({ length: 5 }, () => strict(failing)));
    expect(begun).toBe(1);
    const lenient = bounded(1, () => true);
    await Promise.allSettled(Array.from({ length: 5 }, () => lenient(failing)));
    expect(begun).toBe(6);
  });
});
