// Bodies end within their bounds, compressed or not, and whatever is nested in them.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { asking, type Asking } from "../../test/helpers/asking";
import { json, type Behaviour } from "../../test/helpers/answering";
import { UnknownOutcomeError } from "../errors";

let room: Asking;
afterEach(() => room.end());

const coded =
  (coding: string, body: Buffer, status = 200): Behaviour =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", "content-encoding": coding }).end(body);

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
])("an answer in %s is read", async (coding, compress) => {
  room = await asking(coded(coding, compress('{"id":"x"}')));
  expect((await room.send()).body).toEqual({ id: "x" });
});

test("a few kilobytes that unpack to more than any answer fail, without being unpacked whole", async () => {
  const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024, 32), { level: 9 });
  expect(bomb.length).toBeLessThan(1024 * 1024);
  room = await asking(coded("gzip", bomb));
  const before = process.memoryUsage().arrayBuffers;
  const error = await room.failure();
  expect(error).toBeInstanceOf(UnknownOutcomeError);
  expect(error.message).toContain("the answer is larger than 33554432 bytes");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * 1024 * 1024);
  expect(room.service.asked).toHaveLength(1);
});

test("fails with what is no gzip, and with a coding that nobody asked for", async () => {
  room = await asking(coded("gzip", Buffer.from("no gzip")));
  expect((await room.failure({ method: "POST" })).message).toContain("incorrect header check");
  await room.end();
  room = await asking(coded("rot13", Buffer.from("{}")));
  expect((await room.failure()).message).toContain("the answer is coded as 'rot13', which was not asked for");
});

test("fails with an answer nested deeper than any is", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  room = await asking((response) => response.writeHead(200, { "content-type": "application/json" }).end(deep));
  expect((await room.failure()).message).toContain("its answer is no use: JSON nested deeper than 100 levels");
  await room.end();
  room = await asking((response) => response.writeHead(400, { "content-type": "application/json" }).end(deep));
  expect((await room.failure()).message).toMatch(/answered 400: \[{2000}… \(200000 characters\)$/);
});

test("fails with the status of an error however long its text is, having read its beginning", async () => {
  const text = JSON.stringify({ error: { code: "Busy", message: "x".repeat(4 * 1024 * 1024) } });
  room = await asking((response) => response.writeHead(409, { "content-type": "application/json" }).end(text));
  expect(await room.failure()).toMatchObject({ status: 409 });
});

// The pool may open a second one while the first is not free yet.
test("a connection is used again after an answer that was read, and after an error that was", async () => {
  const ports = new Set<number | undefined>();
  room = await asking((response, count) => {
    ports.add(response.socket?.remotePort);
    if (count % 3 === 0) json(response, 404, { error: { code: "None", message: "none" } });
    else
      coded(count % 2 === 0 ? "gzip" : "identity", count % 2 === 0 ? gzipSync("{}") : Buffer.from("{}"))(
        response,
        count,
        {} as never,
      );
  });
  for (let count = 0; count < 12; count++) {
    await room.send().catch(() => undefined);
  }
  expect(ports.size).toBeLessThanOrEqual(2);
});
