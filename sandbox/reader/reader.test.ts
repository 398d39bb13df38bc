// The reader, over the whole of the real path: governance, federation, key release, storage. What is broken one thing at a
// time stands in refusals.test.ts.
import * as tls from "node:tls";
import { createHash } from "node:crypto";
import type { ReadResult } from "../admin";
import { encryptBlocks } from "./encrypt";
import { Bench, roles } from "./testing";
import { bucketDetails, connection, giveAccess, publishWithSecretKey, putObject, setSecret } from "./testing-bucket";

const csv = "region,amount,customer\nnorth,1.5,Ada\nsouth,2,Bob\n";
const other = "ab".repeat(32);
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), bench.services.tls.ca]);
  bench.reset();
  await bench.makeKeys("kek");
  await bench.upload("data/one.csv", csv, bench.dek);
  await bench.publish("data");
});
beforeEach(() => bench.reset());
afterAll(() => bench.end());

const read = (id = "data", hostData?: string): Promise<ReadResult> => bench.reader.read(id, { hostData });
/** The failed step: its name and what it says. */
const failure = ({ ok, steps }: ReadResult): string => {
  const { name, detail, remedy } = steps[steps.length - 1];
  return ok ? "nothing failed" : `${name}: ${detail} -> ${remedy}`;
};

test("an encrypted dataset of blobs is read, step by step, its allowed fields alone", async () => {
  const result = await read();
  expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(
    ["document", "descriptor", "consent", "store", "identity", "key release", "data key", "list", "data"].map(
      (name) => [name, true],
    ),
  );
  expect(result).toMatchObject({
    ok: true,
    columns: ["region", "amount"],
    rows: [
      ["north", "1.5"],
      ["south", "2"],
    ],
    totalRows: 2,
  });
});

test("fails for another host data, where governance is asked for a token", async () => {
  expect(failure(await read("data", other))).toMatch(/^identity: .*governance vouches for no other$/);
});

test("fails while the owner's consent is disabled, and reads again when it is enabled", async () => {
  await bench.governance("POST", "/userdocuments/data/runtimeoptions/execution/disable", {});
  expect(failure(await read())).toMatch(/^consent: .*disabled/);
  await bench.governance("POST", "/userdocuments/data/runtimeoptions/execution/enable", {});
  expect((await read()).ok).toBe(true);
});

test("fails for a document that is not there", async () => {
  expect(failure(await read("none"))).toMatch(/^document: governance has no document "none"/);
});

test("fails for a store outside the sandbox, and asks nobody there", async () => {
  const details = bench.details("outside");
  await bench.publish("outside", {
    store: { ...details.store, storageAccountUrl: "https://contosso.blob.core.windows.net/" },
  });
  expect(failure(await read("outside"))).toMatch(/^store: .* is not an address of this sandbox/);
});

test("a dataset with a customer provided key is read with it", async () => {
  const key = {
    encryptionKey: bench.dek.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(bench.dek).digest("base64"),
  };
  const customerProvidedKey = { ...key, encryptionAlgorithm: "AES256" as const };
  await bench.container.getBlockBlobClient("cpk/one.csv").upload(csv, csv.length, { customerProvidedKey });
  await bench.publish("cpk", { store: { ...bench.details("cpk").store, encryptionMode: "CPK" } });
  expect(await read("cpk")).toMatchObject({ ok: true, totalRows: 2 });
});

test("a dataset that the store encrypts is read without any key", async () => {
  await bench.upload("sse/one.csv", csv);
  await bench.publish("sse", { store: { ...bench.details("sse").store, encryptionMode: "SSE" }, dek: null, kek: null });
  const result = await read("sse");
  expect(result.steps.map(({ name }) => name)).not.toContain("key release");
  expect(result).toMatchObject({ ok: true, totalRows: 2 });
});

describe("an output dataset", () => {
  const policy = { datasetAccessPolicy: { accessMode: "write" as const, allowedFields: ["region", "amount"] } };

  test("is proved by an encrypted object that is written, read back and removed", async () => {
    bench.grant(roles.blobContributor);
    await bench.publish("output", policy);
    expect((await read("output")).steps.at(-1)).toMatchObject({ name: "write", ok: true });
    const names: string[] = [];
    for await (const each of bench.container.listBlobsFlat({ prefix: "output/" })) names.push(each.name);
    expect(names).toEqual([]);
  });

  test("fails with a role that only reads", async () => {
    await bench.publish("output-2", policy);
    expect(failure(await read("output-2"))).toMatch(/^write: .*blobs\/write/);
  });
});

describe("a dataset in S3", () => {
  beforeEach(() => giveAccess(bench));

  test("is read with the connection secret of the contract, in whichever region the bucket is", async () => {
    await setSecret(bench, "connection", connection());
    await putObject(bench, "s3-plain/one.csv", Buffer.from(csv));
    await bench.publish("s3-plain", bucketDetails(bench, "s3-plain"));
    const result = await read("s3-plain");
    expect(result.steps.map(({ name }) => name)).toEqual([
      "document",
      "descriptor",
      "consent",
      "store",
      "connection secret",
      "list",
      "data",
    ]);
    expect(result).toMatchObject({ ok: true, totalRows: 2 });
  });

  test("is decrypted with the encryption key of the contract", async () => {
    await setSecret(bench, "connection", connection());
    await setSecret(bench, "dek", bench.dek.toString("base64"));
    await putObject(bench, "s3-cse/one.csv", encryptBlocks(Buffer.from(csv), bench.dek));
    await publishWithSecretKey(bench, "s3-cse");
    expect(await read("s3-cse")).toMatchObject({ ok: true, totalRows: 2 });
  });

  test("fails for another host data: governance keeps the secret", async () => {
    await setSecret(bench, "connection", connection());
    await bench.publish("s3-other", bucketDetails(bench, "s3-other"));
    expect(failure(await read("s3-other", other))).toMatch(
      /^connection secret: .* no other gets a secret of the contract$/,
    );
  });
});
