// A refresh that is refused, whatever by, is an error: only governance's own word makes a resource gone. What was in the
// state stays there, and is quiet once the service is well again.
import { account } from "../helpers/account";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { NIGHTLY, SEED } from "../helpers/seed";
import { three, type Three } from "../helpers/three";
import type { GivenAnswer } from "../../sandbox/faults";
import { FLOWS } from "./flows";

const MINUTES = 60_000;
const HTML = "<html><head><title>Not found</title></head></html>";
const odata = (code: string): string => JSON.stringify({ error: { code, message: "refused" } });

/** What stands between us and a service, or the service itself, may say no with. */
const REFUSALS: readonly (readonly [string, GivenAnswer])[] = [
  ["401", { status: 401 }],
  ["403 of the service", { status: 403, text: odata("CallerNotAuthorized") }],
  ["403 of a firewall", { status: 403, text: HTML, contentType: "text/html" }],
  ["404 of a gateway", { status: 404, text: HTML, contentType: "text/html" }],
  ["404 without a word", { status: 404 }],
  ["404 with a code of another thing", { status: 404, text: odata("ContractNotFound") }],
  ["410", { status: 410, text: odata("Gone") }],
  ["500", { status: 500, text: odata("InternalError") }],
  ["502", { status: 502, text: HTML, contentType: "text/html" }],
  ["503", { status: 503 }],
  ["504", { status: 504 }],
  ["200 with a sign-in page", { status: 200, text: HTML, contentType: "text/html" }],
  ["200 with nothing", { status: 200 }],
  ["200 with an empty object", { status: 200, text: "{}" }],
  ["204", { status: 204 }],
];

let room: TestRoom;
let they: Three;
beforeAll(async () => {
  room = await startTestRoom({ seed: SEED });
  they = await three(room);
}, MINUTES);
afterEach(() => room.faults.clear());
afterAll(() => room.end());

const flows = FLOWS.filter(({ operation }) => operation === "up");

test.each(flows.map((flow, index) => [flow.name, flow, index] as const))(
  "%s is not gone because a read is refused",
  async (_name, flow, index) => {
    const { stack, program } = await flow.begin({ room, they }, `read${index}x`);
    const healthy = await room.provider(flow.who);
    await stack.up(healthy, program);
    await stack.refresh(healthy);
    const quiet = await stack.preview(healthy, program);
    const first = room.requests.length;
    await stack.refresh(healthy);
    const requests = room.requests.length - first;
    expect(requests).toBeGreaterThan(0);
    // In the slice every flow meets some refusals, and every refusal some flows.
    const refusals = REFUSALS.filter((_, each) => NIGHTLY || (each + index + SEED) % 5 === 0);
    const impatient = await room.provider(flow.who, { requestSeconds: "0.4" });
    const problems: string[] = [];
    for (const [what, answer] of refusals) {
      for (let nth = 1; nth <= requests; nth += 1) {
        const id = room.faults.add({ kind: "answer", nth, times: 1_000_000, answer });
        const gone = await stack.refresh(impatient).catch((error: Error) => error.message);
        room.faults.clear(id);
        if (typeof gone !== "string")
          problems.push(`${what}, from request ${nth} on: it says ${gone.join() || "well"}`);
      }
    }
    account("refused reads", refusals.length * requests);
    expect(problems).toEqual([]);
    expect(await stack.preview(healthy, program)).toBe(quiet);
  },
  5 * MINUTES,
);
