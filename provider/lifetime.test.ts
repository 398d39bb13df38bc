// A provider process ends soon after its engine, however the engine ended, and not before.
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = join(__dirname, "..");
const WATCHING = `require("./provider/typescript").loadTypeScript();
require("./provider/lifetime").endWithEngine();
setInterval(() => {}, 60_000);
console.log("ready");`;

let engine: Server;
let child: ChildProcess;

beforeEach(async () => {
  engine = createServer((socket) => socket.on("error", () => undefined).end());
  await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  child.kill("SIGKILL");
  if (engine.listening) await new Promise((resolve) => engine.close(resolve));
});

/** With the arguments that the engine gives at the highest verbosity. */
async function start(address: string, more = ""): Promise<void> {
  const program = `${WATCHING}\n${more}`;
  child = spawn(process.execPath, ["-e", program, "--", "--logtostderr", "-v=9", address], { cwd: ROOT });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
}

test("ends within seconds once nobody listens at the engine's address", async () => {
  const connected = new Promise((resolve) => engine.once("connection", resolve));
  await start(`127.0.0.1:${(engine.address() as AddressInfo).port}`);
  const ended = new Promise((resolve) => child.once("exit", () => resolve("it ended")));
  await connected;
  await new Promise((resolve) => engine.close(resolve));
  expect(await Promise.race([ended, sleep(6_000, "it goes on")])).toBe("it ended");
});

test("ends, too, where the engine was gone within the first second", async () => {
  const connected = new Promise((resolve) => engine.once("connection", resolve));
  await start(`127.0.0.1:${(engine.address() as AddressInfo).port}`);
  const ended = new Promise((resolve) => child.once("exit", () => resolve("it ended")));
  await Promise.race([connected, sleep(700)]);
  await new Promise((resolve) => engine.close(resolve));
  expect(await Promise.race([ended, sleep(6_000, "it goes on")])).toBe("it ended");
});

test("goes on while the engine is there, and where there never was one", async () => {
  for (const address of [`127.0.0.1:${(engine.address() as AddressInfo).port}`, "127.0.0.1:1"]) {
    await start(address);
    await sleep(3_500);
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
  }
});

test("ends when nobody reads what it says, instead of failing to say so for ever", async () => {
  // As the SDK's process does with what nobody caught.
  const talking = `process.on("uncaughtException", (error) => console.error(error));
setInterval(() => process.stderr.write("progress\\n"), 50);`;
  await start("127.0.0.1:1", talking);
  const ended = new Promise((resolve) => child.once("exit", () => resolve("it ended")));
  child.stderr?.destroy();
  expect(await Promise.race([ended, sleep(5_000, "it goes on")])).toBe("it ended");
});
