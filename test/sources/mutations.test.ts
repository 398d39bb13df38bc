// Whatever governance answers, a list is right, marks what it can't read, or fails with a typed error: never a crash.
import fc from "fast-check";
import { sources, type Sources } from "../../provider";
import { CleanRoomError } from "../../provider/errors";
import { toApplication } from "../../provider/model/query";
import { account } from "../helpers/account";
import { answering, json, type Answering } from "../helpers/answering";
import { placesIn, withAt } from "../helpers/arbitraries";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { NIGHTLY, SEED } from "../helpers/seed";
import { textOf, three, type Three } from "../helpers/three";

const RUNS = NIGHTLY ? 2_500 : 150;

let room: TestRoom;
let they: Three;
let service: Answering;
let asked: Sources;
/** Good answers by path; one of them is changed in each run. */
let good: Record<string, unknown>;
let bad: Readonly<Record<string, unknown>> = {};

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  const { draft } = await they.proposed("q");
  const get = async (path: string): Promise<unknown> => (await room.govern("contosso", "GET", path)).body;
  const event = {
    scope: "",
    id: "analytics",
    seqno: 7,
    timestamp: "1782820800000",
    data: { source: "a", message: "b" },
  };
  const proposal = (await get(`/userdocuments/${draft.id}`)) as { proposalId: string };
  const ids = [they.datasets.sales, they.datasets.members, they.datasets.results];
  const documents = await Promise.all(
    ids.map(async (id) => [`/userdocuments/${id}`, await get(`/userdocuments/${id}`)]),
  );
  good = {
    "/userdocuments?labelSelector=type:dataset": { value: ids.map((id) => ({ id, labels: { type: "dataset" } })) },
    "/userdocuments?labelSelector=type:spark-application": { value: [{ id: "q" }] },
    ...(Object.fromEntries(documents) as object),
    "/userdocuments/q": proposal,
    [`/users/proposals/${proposal.proposalId}/status`]: await get(`/users/proposals/${proposal.proposalId}/status`),
    "/contracts/analytics/events": { value: [event] },
  };
  service = await answering((response, _count, { url }) => {
    const key = Object.keys(good).findLast((path) => url.startsWith(path));
    json(response, 200, key === undefined ? { policy: {}, status: "enabled" } : (bad[key] ?? good[key]));
  });
  const config = await room.config("contosso", {
    governanceUrl: service.url,
    frontendUrl: undefined,
    deadlineSeconds: "0.3",
  });
  asked = sources("cleanroom", (key) => config[key], {});
});
afterAll(async () => {
  await service.close();
  await room.end();
});

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1.5, 1e300, "", "x", "\u0000", [], {}, [null], { a: { b: [] } }),
  fc.string(),
  fc.jsonValue(),
);

/** A good answer in which something else stands at one place; of a document also within its text. */
const mutated = (): fc.Arbitrary<Record<string, unknown>> =>
  fc.constantFrom(...Object.keys(good)).chain((path) => {
    const answer = good[path] as Record<string, unknown>;
    const anywhere = fc
      .tuple(fc.constantFrom(...placesIn(answer)), strange)
      .map(([place, value]) => withAt(answer, place, value));
    if (typeof answer.data !== "string") return anywhere.map((value) => ({ [path]: value }));
    const text: unknown = JSON.parse(answer.data);
    const within = fc
      .tuple(fc.constantFrom(...placesIn(text)), strange)
      .map(([place, value]) => ({ ...answer, data: JSON.stringify(withAt(text, place, value)) }));
    return fc.oneof(anywhere, within).map((value) => ({ [path]: value }));
  });

test.each(["datasets", "queries", "pendingProposals", "auditEvents"] as const)(
  "the list of %s",
  async (list) => {
    bad = {};
    expect((await asked[list]()).filter((each) => "problem" in each)).toEqual([]);
    await fc.assert(
      fc.asyncProperty(mutated(), async (answers) => {
        bad = answers;
        const outcome: unknown = await asked[list]().catch((error: unknown) => error);
        expect(outcome instanceof CleanRoomError || Array.isArray(outcome)).toBe(true);
        if (Array.isArray(outcome)) expect(() => JSON.stringify(outcome)).not.toThrow();
      }),
      { numRuns: RUNS, seed: SEED },
    );
    account("changed answers of lists", RUNS);
  },
  RUNS * 400,
);

test("a document whose text another query holds is marked", async () => {
  bad = { "/userdocuments/q": { ...(good["/userdocuments/q"] as object), data: textOfOther() } };
  const [query] = await asked.queries();
  expect(query?.problem).toContain("parts that no review would show");
});

function textOfOther(): string {
  return JSON.stringify(toApplication("other", textOf(they.query("other"))));
}
