// However large a file is, its upload takes the same memory: the peak of the process is asked of the system while it runs.
import { randomBytes } from "node:crypto";
import { openSync, closeSync, ftruncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { account } from "../helpers/account";
import { NIGHTLY } from "../helpers/seed";
import { hashOf, partOf, peakMemory, Uploading } from "../helpers/uploading";

const MIB = 1024 * 1024;
/** Node.js with the stores' clients, three parts under way, and what their connections hold. */
const MOST_MIB = 420;
const SIZES = NIGHTLY ? [128, 2_048] : [112];

let uploading: Uploading;
beforeAll(async () => {
  uploading = await Uploading.start();
});
afterAll(() => uploading.end());

/** Mostly a hole, so that it takes no disk, with something in each block. */
function sparse(name: string, mib: number): { file: string; sha256: string } {
  const path = join(uploading.folder, name);
  const file = openSync(path, "w");
  ftruncateSync(file, mib * MIB);
  for (let at = 0; at < mib; at += 16) writeSync(file, `block at ${at} MiB`, at * MIB);
  closeSync(file);
  return { file: name, sha256: hashOf(path) };
}

test.each(
  SIZES.flatMap((mib) =>
    (
      [
        ["blob", "CSE"],
        ["s3", "CSE"],
        ["blob", "CPK"],
      ] as const
    )
      .slice(0, NIGHTLY ? 3 : 2)
      .map(([kind, mode]) => [mib, kind, mode] as const),
  ),
)(
  "a file of %i MiB goes to a store of kind %s, %s, in bounded memory",
  async (mib, kind, mode) => {
    const job = uploading.job(kind, mode, `large-${mib}.csv`, sparse(`large-${kind}-${mode}-${mib}.csv`, mib));
    const started = Date.now();
    const { child, ended } = uploading.run(job, randomBytes(32));
    let peak = 0;
    uploading.meddle = ({ method, target }, next) => {
      if (partOf(`${method} ${target}`) !== undefined) peak = Math.max(peak, peakMemory(child));
      return next();
    };
    const { code, said, answered } = await ended;
    expect([code, said]).toEqual([0, expect.not.stringContaining("upload:")]);
    expect(JSON.parse(answered)).toMatchObject({ bytes: expect.any(Number) as number, encryptionMode: mode });
    const seconds = (Date.now() - started) / 1_000;
    process.stderr.write(`${mib} MiB to ${kind}, ${mode}: peak of ${peak} MiB, ${Math.round(mib / seconds)} MiB/s\n`);
    account(`MiB at the peak of an upload of ${mib} MiB to ${kind}, ${mode}`, peak);
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(MOST_MIB);
  },
  NIGHTLY ? 900_000 : 60_000,
);
