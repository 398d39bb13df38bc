// An upload that breaks off, in whatever way, goes on in the next run with what is there; and what is there in the end is
// the file, encrypted as it was asked for.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { look } from "../../provider/upload/look";
import { fingerprint } from "../../sandbox/reader/fingerprint";
import { Shelf } from "../helpers/shelf";
import { partOf, Uploading } from "../helpers/uploading";

/** Three whole parts and a bit, no two blocks the same. */
const content = randomBytes(3 * 16 * 1024 * 1024 + 5);
const PARTS = 4;
/** A part and a bit. */
const short = content.subarray(0, 16 * 1024 * 1024 + 5);
const key = randomBytes(32);
let uploading: Uploading;
let shelf: Shelf;

beforeAll(async () => {
  uploading = await Uploading.start();
  shelf = new Shelf(uploading.bench, key);
});
beforeEach(() => {
  uploading.meddle = undefined;
  uploading.requests = [];
  uploading.bench.reset();
});
afterAll(async () => {
  shelf.close();
  await uploading.end();
});

/** Does something when this part is about to be put for the first time. */
function atPart(number: number, act: () => void): void {
  uploading.meddle = ({ method, target }, next) => {
    if (partOf(`${method} ${target}`) !== number) return undefined;
    uploading.meddle = undefined;
    act();
    return next();
  };
}

/** Nothing that was there is put again; what arrived after it was looked for need not be either. */
function expectTheRest(before: readonly number[]): void {
  const put = uploading.takeParts();
  expect(put.filter((number) => before.includes(number))).toEqual([]);
  expect(put.length).toBeLessThan(PARTS);
  expect(new Set(put).size).toBe(put.length);
}

describe.each([
  ["blob", "CPK"],
  ["blob", "CSE"],
  ["s3", "SSE"],
  ["s3", "CSE"],
] as const)("in a store of kind %s, %s,", (kind, mode) => {
  const theKey = mode === "SSE" ? undefined : key;

  test("kill -9 in the middle costs what was under way, and no more", async () => {
    const job = uploading.job(kind, mode, "killed.csv", uploading.file(`killed-${kind}-${mode}.csv`, content));
    const first = uploading.run(job, theKey);
    atPart(4, () => first.child.kill("SIGKILL"));
    expect(await first.ended).toMatchObject({ signal: "SIGKILL", answered: "" });
    const before = await shelf.settledParts(job);
    expect(before.length).toBeGreaterThanOrEqual(1);

    uploading.requests = [];
    const report = await uploading.transfer(job, theKey);
    expectTheRest(before);

    const { plain, bytes, metadata } = await shelf.read(job);
    expect(plain.equals(content)).toBe(true);
    expect(metadata).toEqual({
      cleanroomcontent: expect.stringMatching(/^(sha256|hmac):[0-9a-f]{64}$/) as string,
      cleanroommode: mode,
      cleanroomkey: mode === "SSE" ? "none" : fingerprint(key),
    });
    // The store, which must not know what it holds, can't compare it with a file either.
    expect(metadata.cleanroomcontent === `sha256:${job.sha256}`).toBe(mode === "SSE");
    const print = mode === "SSE" ? {} : { key: fingerprint(key) };
    const said = metadata.cleanroomcontent;
    expect(report).toEqual({ name: "killed.csv", bytes, encryptionMode: mode, content: said, ...print });

    await uploading.transfer(job, theKey);
    expect(uploading.takeParts()).toEqual([]);
  });
});

describe.each(["blob", "s3"] as const)("in a store of kind %s,", (kind) => {
  const jobOf = (name: string) => uploading.job(kind, "SSE", name, uploading.file(`${kind}-${name}`, short));

  test("cuts, resets, 429, 500 and 503 are repeated, and the file is whole in the end", async () => {
    const busy = { status: 503, headers: { "retry-after": "1" } };
    const outcomes = ["cut", "reset", "cut in request", { status: 500 }, { status: 429 }, busy] as const;
    let at = 0;
    uploading.meddle = ({ method, target }) =>
      partOf(`${method} ${target}`) !== undefined && at < outcomes.length
        ? Promise.resolve(outcomes[at++] ?? busy)
        : undefined;
    const job = jobOf("faults.csv");
    await uploading.transfer(job);
    expect(at).toBe(outcomes.length);
    expect((await shelf.read(job)).plain.equals(short)).toBe(true);
  });

  test("a commit whose answer is lost is found done", async () => {
    const job = jobOf("lost.csv");
    let lost = 0;
    uploading.meddle = (call, next) => {
      const isCommit = /comp=blocklist/.test(call.target) ? call.method === "PUT" : call.method === "POST";
      if (!isCommit || !/comp=blocklist|uploadId=/.test(call.target) || lost++ > 0) return undefined;
      call.hold();
      return next().then(() => "cut" as const);
    };
    await uploading.transfer(job);
    expect(lost).toBeGreaterThan(1);
    expect((await shelf.read(job)).plain.equals(short)).toBe(true);
  });

  test("fails when the network stays away, and the next run goes on", async () => {
    const job = jobOf("away.csv");
    uploading.meddle = ({ method, target }) =>
      (partOf(`${method} ${target}`) ?? 0) > 1 ? Promise.resolve("cut" as const) : undefined;
    await expect(uploading.transfer(job, undefined, 0.5)).rejects.toThrow(/^put part 2 of https:.*away\.csv: /);
    uploading.meddle = undefined;
    uploading.requests = [];
    await uploading.transfer(job);
    expect(uploading.takeParts()).toEqual([2]);
  });

  test("fails, and leaves undone, where the file changes meanwhile; the changed one is put then", async () => {
    const job = uploading.job(kind, "SSE", "changed.csv", uploading.file(`${kind}-changed.csv`, content));
    const changed = Buffer.from(content);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    atPart(1, () => writeFileSync(join(uploading.folder, job.file), changed));
    await expect(uploading.transfer(job)).rejects.toThrow(`'${job.file}' changed while it was uploaded`);
    await expect(shelf.read(job)).rejects.toThrow();
    await uploading.transfer(uploading.job(kind, "SSE", "changed.csv", uploading.file(job.file, changed)));
    expect((await shelf.read(job)).plain.equals(changed)).toBe(true);
  });

  test("a small file is put at once, and again only when the store does not have it as it was put", async () => {
    const job = uploading.job(kind, "SSE", "small.csv", uploading.file("small.csv", "region,amount\nnorth,1\n"));
    const puts = async (): Promise<readonly number[]> => {
      uploading.requests = [];
      await uploading.transfer(job);
      return uploading.takeParts();
    };
    expect(await puts()).toEqual([-1]);
    expect(await puts()).toEqual([]);
    await shelf.overwrite(job, "by somebody");
    expect(await puts()).toEqual([-1]);
    await shelf.remove(job);
    expect(await puts()).toEqual([-1]);
    expect((await shelf.read(job)).plain.toString()).toBe("region,amount\nnorth,1\n");
  });
});

test("Ctrl-C ends it, says how far it is, and the next run goes on", async () => {
  const job = uploading.job("s3", "SSE", "interrupted.csv", uploading.file("interrupted.csv", content));
  const first = uploading.run(job);
  atPart(4, () => first.child.kill("SIGINT"));
  const { code, said } = await first.ended;
  const progress =
    /upload: interrupted\.csv: \d+ % of 50331653 bytes, \d of 4 parts are up; the next run goes on from there/;
  expect([code, said]).toEqual([130, expect.stringMatching(progress)]);
  const before = await shelf.settledParts(job);
  uploading.requests = [];
  await uploading.transfer(job);
  expectTheRest(before);
});

describe.each([
  ["blob", "SSE"],
  ["blob", "CSE"],
  ["blob", "CPK"],
  ["s3", "CSE"],
] as const)("a look at what was brought up to a store of kind %s, %s,", (kind, mode) => {
  test("sees that it is there, that it is another, and that it is gone", async () => {
    const job = uploading.job(kind, mode, "looked.csv", uploading.file("looked.csv", "a\n"));
    const report = await uploading.transfer(job, mode === "SSE" ? undefined : key);
    const drift = async (): Promise<string | undefined> => (await look(job, report))?.drift;
    expect(await drift()).toBeUndefined();
    await shelf.overwrite(job, "by somebody");
    expect(await drift()).toBe("other");
    await shelf.remove(job);
    expect(await drift()).toBe("gone");
    // What an upload of an earlier release answered says too little to compare.
    expect(await look(job, { ...report, content: undefined })).toBeUndefined();
  });
});

test("fails to look where that is not permitted, at once", async () => {
  const job = uploading.job("blob", "SSE", "unseen.csv", uploading.file("unseen.csv", "a\n"));
  const report = await uploading.transfer(job);
  uploading.bench.grants = [];
  await expect(look(job, report)).rejects.toThrow("AuthorizationPermissionMismatch");
});

test("the key stands in no command line, environment, file or report of the process", async () => {
  const job = uploading.job("s3", "CSE", "secret.csv", uploading.file("secret.csv", content));
  const { child, ended } = uploading.run(job, key);
  const seen: string[] = [];
  atPart(1, () => {
    for (const each of ["cmdline", "environ"]) seen.push(readFileSync(`/proc/${child.pid}/${each}`, "latin1"));
  });
  const { code, said, answered } = await ended;
  expect([code, seen.length]).toEqual([0, 2]);
  expect(seen[0]).toContain("pulumi-cleanroom/upload");
  expect(seen[1]).toContain("CLEANROOM_UPLOAD");
  const files = readdirSync(uploading.folder).filter((name) => name === "secret.csv" || !name.endsWith(".csv"));
  expect(files).toEqual(["secret.csv"]);
  for (const form of ["base64", "base64url", "hex", "latin1"] as const) {
    const text = key.toString(form).slice(0, 20);
    expect([...seen, said, answered].filter((each) => each.includes(text))).toEqual([]);
  }
});

test("another key puts it again", async () => {
  const job = uploading.job("blob", "CSE", "rotated.csv", uploading.file("rotated.csv", "a\n"));
  await uploading.transfer(job, randomBytes(32));
  uploading.requests = [];
  await uploading.transfer(job, key);
  expect(uploading.takeParts()).toEqual([-1]);
  expect((await shelf.read(job)).metadata.cleanroomkey).toBe(fingerprint(key));
});

test("a large file of which the store encrypts an earlier one with another key is put over it, and over its blocks", async () => {
  const job = uploading.job("blob", "CPK", "rekeyed.csv", uploading.file("rekeyed.csv", short));
  const cut = (): void => {
    uploading.meddle = ({ method, target }) =>
      partOf(`${method} ${target}`) === 2 ? Promise.resolve("cut" as const) : undefined;
  };
  const another = randomBytes(32);
  // A blob of another key, and blocks that a broken upload with a third has left.
  await uploading.transfer(job, another);
  cut();
  await expect(uploading.transfer(job, randomBytes(32), 0.3)).rejects.toThrow("put part 2");
  uploading.meddle = undefined;
  await uploading.transfer(job, key);
  expect((await shelf.read(job)).plain.equals(short)).toBe(true);
  // A changed file under the same key goes over it without.
  const changed = Buffer.concat([short, Buffer.from("x")]);
  const next = uploading.job("blob", "CPK", "rekeyed.csv", uploading.file("rekeyed.csv", changed));
  uploading.requests = [];
  await uploading.transfer(next, key);
  expect([...uploading.takeParts()].sort()).toEqual([1, 2]);
  expect((await shelf.read(next)).plain.equals(changed)).toBe(true);
});

test("a role that comes late is waited for", async () => {
  const job = uploading.job("blob", "SSE", "late.csv", uploading.file("late.csv", "a\n"));
  const { grants } = uploading.bench;
  uploading.bench.grants = [];
  let asked = 0;
  uploading.meddle = ({ service }) => {
    if (service === "blob storage" && ++asked === 3) uploading.bench.grants = grants;
    return undefined;
  };
  await uploading.transfer(job);
  expect(asked).toBeGreaterThan(3);
});

test("what is begun in S3 is ended, but for a file that changed: it stays for whoever brings it back", async () => {
  expect(await shelf.begun()).toEqual(["s3-SSE/changed.csv"]);
});
