// The uploading program as the engine's command runs it: a process of its own, with its job in the environment.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const CONTENT = "customer,amount\n1,2\n";
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const destination = { kind: "s3", url: "http://127.0.0.1:1", bucket: "b", region: "eu-west-1" };

let folder: string;
beforeAll(() => {
  // Below the project, where the package finds itself by its name.
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "upload-"));
  writeFileSync(join(folder, "sales.csv"), CONTENT);
});
afterAll(() => rmSync(folder, { recursive: true }));

function upload(job: object | undefined, input = ""): Promise<{ code: number | null; said: string; answered: string }> {
  const { PATH, HOME } = process.env;
  const set = job === undefined ? {} : { CLEANROOM_UPLOAD: JSON.stringify(job) };
  const program = "require('pulumi-cleanroom/upload').main()";
  const child = spawn(process.execPath, ["-e", program], { cwd: folder, env: { PATH, HOME, ...set } });
  let [said, answered] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  child.stdout.on("data", (chunk: Buffer) => (answered += chunk.toString("utf8")));
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said, answered })));
}

test("fails without a job", async () => {
  expect(await upload(undefined)).toEqual({
    code: 1,
    said: "upload: CLEANROOM_UPLOAD is not set: this program is run by the Upload component.\n",
    answered: "",
  });
});

test("fails with a key of another size, without showing it", async () => {
  const { code, said } = await upload({ file: "sales.csv", sha256, destination, encryptionMode: "CSE" }, "Y2FuYXJ5");
  expect([code, said]).toEqual([1, "upload: The key on standard input has 6 bytes instead of 32.\n"]);
});

test("fails with a file that is nowhere below the folder or one above it", async () => {
  const { code, said } = await upload({ file: "none/sales.csv", sha256, destination, encryptionMode: "SSE" });
  expect(code).toBe(1);
  expect(said).toBe(`upload: 'none/sales.csv' is not found below '${folder}' or a folder above it.\n`);
});

test("fails where nobody takes the file, and says so in one message", async () => {
  const { code, said, answered } = await upload({ file: "sales.csv", sha256, destination, encryptionMode: "SSE" });
  expect([code, answered]).toEqual([1, ""]);
  expect(said).toMatch(/^upload: .+\n$/);
});
