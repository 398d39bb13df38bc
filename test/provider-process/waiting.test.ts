// Waiting for others: a result with a reason and a beginning, that survives a refresh and is resumed; waited for, with
// progress, where the program says so.
import { setTimeout as sleep } from "node:timers/promises";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import type { Created, Kind } from "../helpers/provider-process";
import { three, type Three } from "../helpers/three";

let room: TestRoom;
let they: Three;
let votes: Kind;
let proposals: Kind;
let amendments: Kind;
let count = 0;
const newId = (): string => `awaited-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  they = await three(room);
  votes = they.kind("contosso", "QueryApproval");
  proposals = they.kind("fabrikam", "QueryProposal");
  amendments = they.kind("litware", "QueryAmendment");
});
afterAll(() => room.end());

const segments = [{ sequence: 2, sql: "SELECT region FROM big" }];

describe("since when", () => {
  test("is kept while the reason is the same, over runs and refreshes, and begins anew with another", async () => {
    const before = new Date().toISOString();
    const documentId = newId();
    const { id, state } = await votes.create({ documentId });
    expect(state.status).toBe("waiting");
    expect(String(state.since) >= before && String(state.since) <= new Date().toISOString()).toBe(true);
    await sleep(5);
    const again = await votes.update(id, state, { documentId });
    expect(again.since).toBe(state.since);
    expect((await votes.read(id, again))?.state.since).toBe(state.since);
    await they.draft(documentId);
    const later = await votes.update(id, again, { documentId });
    expect(later.reason).not.toBe(state.reason);
    expect(String(later.since) > String(state.since)).toBe(true);
  });

  test("is empty once nothing is awaited", async () => {
    const { id } = await they.draft(newId());
    expect((await amendments.create({ documentId: id, segments })).state).toMatchObject({ status: "ready", since: "" });
  });
});

describe("what waits", () => {
  test.each(["QueryApproval", "QueryAmendment", "DocumentConsent"])(
    "as %s survives a refresh, and is work to do until it is done",
    async (name) => {
      const kind = they.kind("contosso", name);
      const inputs = { documentId: newId(), ...(name === "QueryAmendment" ? { segments } : {}) };
      const all = name === "DocumentConsent" ? { ...inputs, consent: "enabled" } : inputs;
      const { id, state } = await kind.create(all);
      const refreshed = await kind.read(id, state);
      expect(refreshed?.state).toEqual(state);
      expect((await kind.diff(id, refreshed?.state ?? {}, all)).changes).toBe(true);
    },
  );

  test("does not wait in the run, unless it is told to", async () => {
    const began = Date.now();
    await votes.create({ documentId: newId() });
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  test("waits, says for what and how long, and goes on as soon as it can", async () => {
    const documentId = newId();
    const amending = amendments.create({ documentId, segments, waitSeconds: 60 });
    await sleep(700);
    const { inputs } = await they.draft(documentId);
    expect((await amending).state).toMatchObject({ status: "ready", since: "" });
    expect(inputs.documentId).toBe(documentId);
    await (
      await room.provider("litware")
    ).says(
      new RegExp(
        `The amendment of query '${documentId}' waits: the query's draft does not exist yet.*; (60|59) s left`,
      ),
    );
  });

  test("is given up after its time, and stored as waiting", async () => {
    const { draft, digest } = await they.proposed(newId());
    const began = Date.now();
    const { state } = await proposals.create({ documentId: draft.id, digest, waitSeconds: 1 });
    expect(state).toMatchObject({ status: "waiting", state: "Proposed" });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(Date.now() - began).toBeLessThan(4_000);
  });

  test("is not waited for where it is ourselves who have to act", async () => {
    const { id: documentId } = await they.draft(newId());
    const began = Date.now();
    const { state } = await proposals.create({ documentId, waitSeconds: 60 });
    expect(state).toMatchObject({ status: "waiting", amendable: true });
    const { draft } = await they.proposed(newId());
    expect((await votes.create({ documentId: draft.id, waitSeconds: 60 })).state.status).toBe("waiting");
    expect(Date.now() - began).toBeLessThan(4_000);
  });

  test("is over when an approver rejects meanwhile, and nothing is proposed again", async () => {
    const { draft, digest } = await they.proposed(newId());
    const waiting = proposals.create({ documentId: draft.id, digest, waitSeconds: 60 });
    await sleep(300);
    await votes.create({ documentId: draft.id, digest, decision: "reject" });
    const { id, state } = await waiting;
    expect(state).toMatchObject({ status: "rejected", state: "Rejected" });
    expect((await room.document(draft.id)).state).toBe("Draft");
    expect((await proposals.diff(id, state, { documentId: draft.id, digest, waitSeconds: 60 })).changes).toBe(false);
  });

  test("comes to its end, for all, in one run each", async () => {
    const { draft, digest } = await they.proposed(newId());
    const watching = proposals.create({ documentId: draft.id, digest, waitSeconds: 60 });
    const cast: Created[] = [];
    for (const who of ["litware", "contosso"] as const) {
      cast.push(await they.kind(who, "QueryApproval").create({ documentId: draft.id, digest }));
    }
    expect(cast.map(({ state }) => state.ballot)).toEqual(["accepted", "accepted"]);
    expect((await watching).state).toMatchObject({ status: "ready", state: "Accepted", amendable: false, awaited: [] });
  });
});
