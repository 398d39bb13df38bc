// The audit log: read from its end, in the parts and at the pace in which governance fetches its ledger.
import { sources, type Sources } from "../../provider";
import { answering, json, type Answering } from "../helpers/answering";
import { startTestRoom, trust, type TestRoom } from "../helpers/clean-room";

let room: TestRoom;
const START = Date.parse("2026-06-30T12:00:00Z");

beforeAll(async () => {
  room = await startTestRoom();
  trust(room);
  for (const [index, message] of ["one", "two", "three"].entries()) await log(message, index);
  await log("other", 9, "runs");
});
afterAll(() => room.end());

const log = (message: string, minutes: number, scope = ""): Promise<void> =>
  room.services.governance.change({
    kind: "event",
    contractId: "analytics",
    scope,
    id: "analytics",
    timestamp: String(START + minutes * 60_000),
    data: { source: "clean room", message },
  });

async function ask(change: Readonly<Record<string, string | undefined>> = {}): Promise<Sources> {
  const config = await room.config("litware", change);
  return sources("cleanroom", (key) => config[key], {});
}
const messages = (events: Awaited<ReturnType<Sources["auditEvents"]>>): readonly string[] =>
  events.map(({ message }) => message);

test("is listed oldest first, with time and place, though governance only orders it at first", async () => {
  const listed = await (await ask()).auditEvents();
  expect(messages(listed)).toEqual(["one", "two", "three"]);
  expect(listed[1]).toEqual({
    scope: "",
    id: "analytics",
    seqno: expect.any(Number) as number,
    time: "2026-06-30T12:01:00.000Z",
    source: "clean room",
    message: "two",
    data: { source: "clean room", message: "two" },
  });
});

test("is only what is asked for: a scope, a time, a range, the newest", async () => {
  const litware = await ask();
  expect(messages(await litware.auditEvents({ scope: "runs" }))).toEqual(["other"]);
  expect(messages(await litware.auditEvents({ scope: "none" }))).toEqual([]);
  expect(messages(await litware.auditEvents({ limit: 2 }))).toEqual(["two", "three"]);
  const times = { since: "2026-06-30T12:01:00Z", until: "2026-06-30T12:01:59Z" };
  expect(messages(await litware.auditEvents(times))).toEqual(["two"]);
  const [, two] = await litware.auditEvents();
  expect(messages(await litware.auditEvents({ toSeqno: two?.seqno }))).toEqual(["one", "two"]);
  // Where the ledger ends governance would fail: it is never asked beyond the last event.
  expect(messages(await litware.auditEvents({ fromSeqno: two?.seqno, toSeqno: 999_999 }))).toEqual(["two", "three"]);
  expect(messages(await litware.auditEvents({ fromSeqno: 999_999 }))).toEqual([]);
});

test.each([
  [{ limit: 0 }, "limit is '0': a whole number from 1 on is expected."],
  [{ fromSeqno: 1.5 }, "fromSeqno is '1.5'"],
  [{ since: "yesterday" }, "since is 'yesterday': a moment is written as 2026-06-30T12:00:00Z."],
])("fails for %j", async (filter, message) => {
  await expect((await ask()).auditEvents(filter)).rejects.toThrow(message);
});

describe("a long ledger", () => {
  const LAST = 5_000;
  let service: Answering;
  let ranges: [number, number][];
  let link: (next: number, to: number) => string;
  /** An event at every thousandth place. Pages end after 700 places, so some are empty. */
  beforeEach(async () => {
    ranges = [];
    link = (next, to) => `/contracts/analytics/events?from_seqno=${next}&to_seqno=${to}`;
    service = await answering((response, _count, { url }) => {
      if (url.includes("cleanroompolicy")) return json(response, 200, { policy: {} });
      const { searchParams } = new URL(url, "http://service");
      const [from, to] = ["from_seqno", "to_seqno"].map((key) => Number(searchParams.get(key)));
      if (!from || !to) return json(response, 200, { value: [event(LAST)] });
      ranges.push([from, to]);
      const end = Math.min(to, from + 700);
      const value = [1, 2, 3, 4, 5].map((n) => n * 1_000).filter((seqno) => seqno >= from && seqno <= end);
      return json(response, 200, { value: value.map(event), ...(end < to && { nextLink: link(end + 1, to) }) });
    });
  });
  afterEach(() => service.close());

  const event = (seqno: number): object => ({
    scope: "",
    id: "analytics",
    seqno,
    timestamp: String(START + seqno),
    data: { message: String(seqno) },
  });
  const listed = async (filter: object): Promise<readonly string[]> =>
    messages(await (await ask({ governanceUrl: service.url, frontendUrl: undefined })).auditEvents(filter));

  test("is read whole, over empty pages", async () => {
    expect(await listed({})).toEqual(["1000", "2000", "3000", "4000", "5000"]);
  });

  test("is read from its end, and only as far as needed", async () => {
    expect(await listed({ limit: 2 })).toEqual(["4000", "5000"]);
    expect(Math.min(...ranges.map(([from]) => from))).toBe(3_000);
    ranges = [];
    expect(await listed({ since: new Date(START + 4_500).toISOString() })).toEqual(["5000"]);
    expect(Math.min(...ranges.map(([from]) => from))).toBe(999);
  });

  test("fails in time where its end is out of reach", async () => {
    await service.close();
    service = await answering((response, _count, { url }) =>
      url.includes("cleanroompolicy")
        ? json(response, 200, { policy: {} })
        : json(response, 200, { value: url.includes("from_seqno") ? [] : [event(5_000_000_000_000)] }),
    );
    const change = { governanceUrl: service.url, frontendUrl: undefined, deadlineSeconds: "1" };
    await expect((await ask(change)).auditEvents()).rejects.toThrow(
      /after 1 s its ledger was read back to \d+ only; ask for less \(fromSeqno, limit\)/,
    );
  });

  test("fails where a link leads nowhere, or back", async () => {
    link = (_next, to) => `/contracts/analytics/events?from_seqno=3&to_seqno=${to}`;
    await expect(listed({})).rejects.toThrow("does not lead on");
  });
});
