// Two hundred documents published at once through a service that says 'too many' cost fewer than three times the
// requests that they need, and none is lost.
import type { Gate } from "../../sandbox/http";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";

const DOCUMENTS = 200;
/** Publishing one: whether it is there, publish, read back. */
const NEEDED = 3 * DOCUMENTS;

let room: TestRoom;
afterEach(() => room.end());

/** Lets so many requests to a service through, filling up again at a rate (a second); others are answered 429. */
function bucket(service: string, size: number, rate: number, retryAfter: boolean): Gate {
  let left = size;
  let last = Date.now();
  return (call, next) => {
    if (call.service !== service) return next();
    const now = Date.now();
    left = Math.min(size, left + ((now - last) / 1_000) * rate);
    last = now;
    if (left < 1) {
      const headers: Record<string, string> = retryAfter ? { "retry-after": String(Math.ceil((1 - left) / rate)) } : {};
      return Promise.resolve({ status: 429, headers });
    }
    left -= 1;
    return next();
  };
}

test.each([
  ["that says when to come again", true],
  ["that does not", false],
])("through a frontend %s", async (_which, retryAfter) => {
  room = await startTestRoom({ gate: bucket("frontend", 100, 200, retryAfter) });
  const dataset = (await room.provider("contosso", { governanceUrl: undefined })).kind("DatasetDocument");
  const created = await Promise.all(
    Array.from({ length: DOCUMENTS }, (_, index) => dataset.create(azureDataset(`sales-${index}`))),
  );
  const asked = room.requests.filter((request) => request.startsWith("frontend ")).length;
  const { value } = (await room.govern("litware", "GET", "/userdocuments?labelSelector=type:dataset")).body as {
    value: { id: string }[];
  };
  expect(value.map(({ id }) => id).sort()).toEqual(created.map(({ id }) => id).sort());
  expect(new Set(value.map(({ id }) => id)).size).toBe(DOCUMENTS);
  expect(asked).toBeGreaterThan(NEEDED); // some were refused
  expect(asked).toBeLessThan(3 * NEEDED);
});
