// All requests to a service keep the pauses it asks for, and send fewer at once after it said 'too many'.
import { setTimeout as sleep } from "node:timers/promises";
import { asking, type Asking } from "../../test/helpers/asking";
import { json, type Behaviour } from "../../test/helpers/answering";
import { RefusedError, UnreachableError } from "../errors";
import { operate, Operation } from "../operation";

let room: Asking;
afterEach(() => room.end());

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

test("at most eight requests are under way at once, on eight connections that are kept", async () => {
  const ports = new Set<number | undefined>();
  let running = 0;
  let most = 0;
  room = await asking((response) => {
    ports.add(response.socket?.remotePort);
    most = Math.max(most, (running += 1));
    setTimeout(() => {
      running--;
      json(response, 200, {});
    }, 5);
  });
  await times(60, () => room.send());
  await times(60, () => room.send());
  expect([most, ports.size]).toEqual([8, 8]);
});

test("a pause that one request is asked for is kept by all", async () => {
  const at: number[] = [];
  room = await asking((response, count) => {
    at.push(Date.now());
    json(response, count === 1 ? 503 : 200, {}, count === 1 ? { "retry-after": "1" } : {});
  });
  const first = room.send();
  await sleep(100);
  await Promise.all([first, ...Array.from({ length: 20 }, () => room.send())]);
  expect(at).toHaveLength(22);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test("a pause until a date is kept", async () => {
  let began = 0;
  room = await asking((response, count) => {
    if (count > 1) return json(response, 200, {});
    began = Date.now();
    // A date has no milliseconds: two seconds on is one to two from now.
    json(response, 429, {}, { "retry-after": new Date(began + 2_000).toUTCString() });
  });
  await room.send();
  expect(Date.now() - began).toBeGreaterThanOrEqual(900);
});

/** Lets so many requests a second through, all of them at its beginning, and says when to come again. */
function bucket(perSecond: number, refused: { count: number }): Behaviour {
  let second = 0;
  let left = 0;
  return (response) => {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== second) {
      second = now;
      left = perSecond;
    }
    if (left-- > 0) return json(response, 200, {});
    refused.count++;
    json(response, 429, { error: { code: "TooManyRequests", message: "slow down" } }, { "retry-after": "1" });
  };
}

test("a hundred requests through a narrow service cost few more, and none is lost", async () => {
  const refused = { count: 0 };
  room = await asking(bucket(25, refused));
  const answers = await times(100, () => room.send({ method: "POST", deadline: 20_000 }));
  expect(answers).toHaveLength(100);
  expect(refused.count).toBeGreaterThan(0);
  expect(refused.count).toBeLessThan(50);
});

test("fails for all who have no time for the pause, without sending", async () => {
  room = await asking((response) => json(response, 429, {}, { "retry-after": "60" }));
  const [first, ...others] = await Promise.all([room.failure(), ...Array.from({ length: 11 }, () => room.failure())]);
  expect(first).toBeInstanceOf(RefusedError);
  expect(first?.message).toContain("The service asks for a pause of 60 s: try again then.");
  expect(room.service.asked).toHaveLength(8);
  const last = others.at(-1);
  expect(last).toBeInstanceOf(UnreachableError);
  expect(last?.message).toMatch(
    /the service asks for a pause of 60 s, longer than the deadline \(5 s\) allows: nothing was sent\. Try again then\.$/,
  );
});

test("fails within its deadline when those before it take too long, and says so", async () => {
  room = await asking(() => undefined);
  const stuck = Array.from({ length: 8 }, () => room.failure({ method: "POST", deadline: 700 }));
  const error = await room.failure({ deadline: 200 });
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toContain(
    "no turn within the deadline (0.2 s): the service answers the requests before this one too slowly.",
  );
  await Promise.all(stuck);
});

test("a read that is not answered is asked again while there is time", async () => {
  room = await asking((response, count) => (count === 1 ? undefined : json(response, 200, { ok: 1 })), undefined, 100);
  expect((await room.send()).body).toEqual({ ok: 1 });
});

test("fails when an operation's time is over, whatever its calls may take, and names the operation", async () => {
  room = await asking(() => undefined);
  const before = Date.now();
  const error = await operate(new Operation(0.3, "QueryDraft create"), () => room.failure({ deadline: 60_000 }));
  expect(error.message).toContain("no answer within the deadline of QueryDraft create (0.3 s)");
  expect(Date.now() - before).toBeLessThan(2_000);
});
