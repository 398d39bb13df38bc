// What is encrypted is encrypted with the key that is wrapped for the clean room, or not at all.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startTestRoom, type TestRoom } from "../../test/helpers/clean-room";
import { startProviderProcess } from "../../test/helpers/provider-process";
import { releasePolicy, startTestVault, type TestVault } from "../../test/helpers/vault";

const ROOT = join(__dirname, "..", "..");
const FILE = "stacks/contosso/sales.schema.json";

let room: TestRoom;
let vault: TestVault;

beforeAll(async () => {
  room = await startTestRoom();
  vault = await startTestVault(room);
});
afterAll(async () => {
  await vault.end();
  await room.end();
});

/** What the uploading program said, and how it ended. */
function upload(key: object, file = FILE): Promise<{ readonly code: number | null; readonly said: string }> {
  const job = {
    objectName: "sales.json",
    file,
    sha256: createHash("sha256")
      .update(readFileSync(join(ROOT, FILE)))
      .digest("hex"),
    // Nothing is there: a program that got so far would say that.
    destination: { kind: "blob", url: "https://localhost:1/account/", container: "sales" },
    encryptionMode: "CSE",
    key,
  };
  const env = { ...process.env, ...vault.env, CLEANROOM_UPLOAD: JSON.stringify(job) };
  const program = spawn(process.execPath, ["-e", "require('pulumi-cleanroom/upload').main()"], { cwd: ROOT, env });
  let said = "";
  program.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  return new Promise((resolve) => program.once("close", (code) => resolve({ code, said })));
}

test("fails, and uploads nothing, where the secret never held the wrapped key", async () => {
  await vault.makeKey("upload-kek");
  const secretName = "upload-dek";
  const provider = await startProviderProcess(await room.config("contosso"), vault.env);
  const { state } = await provider.kind("DataKey").create({
    vaultUrl: vault.url,
    keyName: "upload-kek",
    releasePolicy: releasePolicy("ab"),
    secretName,
    wrappedSecretName: "wrapped-upload-dek",
  });
  await provider.end();
  await vault.secrets.setSecret(secretName, Buffer.alloc(32, 7).toString("base64"));
  // The key that is wrapped is still there, as an earlier version: what is missed next is the file.
  const earlier = await upload({ vaultUrl: vault.url, secretName, fingerprint: state.fingerprint }, "none.csv");
  expect(earlier.said).toContain("'none.csv' is not found");
  const { code, said } = await upload({ vaultUrl: vault.url, secretName, fingerprint: "0123456789abcdef" });
  expect(code).toBe(1);
  expect(said).toContain(
    `Secret '${secretName}' has no version with the key that is wrapped for the clean room (0123456789abcdef): what is encrypted with another could never be read. Nothing was uploaded.`,
  );
});
