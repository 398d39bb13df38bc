// Uploads one file, encrypted as its dataset says, with progress on stderr. The job comes in CLEANROOM_UPLOAD, a key at
// hand on standard input; neither stands in the command line. What was interrupted goes on in the next run.
import { messageOf } from "../errors";
export { type Finding, look } from "./look";
import { locate, readJob, readKey } from "./job";
import { Patience } from "./patience";
import { transfer } from "./transfer";

/** As a shell counts the end by a signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** The program: prints one line of JSON when the file is up, and ends with 1 and a message when it is not. */
export async function main(): Promise<void> {
  const ending = new AbortController();
  let exitCode = 1;
  let isUnderWay = false;
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.once(signal, () => {
      if (!isUnderWay) process.exit(code);
      exitCode = code;
      ending.abort();
    });
  }
  try {
    const job = readJob(process.env.CLEANROOM_UPLOAD);
    const key = await readKey(job, process.stdin);
    isUnderWay = true;
    const report = await transfer(job, locate(job.file), key, new Patience(ending.signal));
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } catch (error) {
    process.stderr.write(`upload: ${messageOf(error)}\n`);
    process.exitCode = exitCode;
  }
}
