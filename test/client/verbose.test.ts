// Which rule was applied is said when the engine is asked for it, by its own flags, and never otherwise.
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startProviderProcess } from "../helpers/provider-process";

let room: TestRoom;
let busy = false;

beforeAll(async () => {
  room = await startTestRoom({
    gate: ({ method }, next) => {
      const answer = busy && method === "PUT" ? { status: 429, headers: { "retry-after": "1" } } : undefined;
      busy = busy && answer === undefined;
      return answer === undefined ? next() : Promise.resolve(answer);
    },
  });
});
afterAll(() => room.end());

/** What a provider process with these flags says while it sets a secret that is refused once for a second. */
async function said(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const all = { NODE_EXTRA_CA_CERTS: room.services.home.path("ca.pem"), ...env };
  const process = await startProviderProcess(await room.config("litware"), all, undefined, flags);
  busy = true;
  await process.kind("ContractSecret").create({ name: "members", value: "canary-value" });
  await process.end();
  return process.said();
}

// As sdk/go/common/resource/plugin (buildPluginArguments) puts them before the engine's address.
test.each([
  ["--logflow --verbose 9 --logtostderr", ["--logtostderr", "-v=9"], {}],
  ["--logflow --verbose 1", ["-v=1"], {}],
  ["CLEANROOM_DEBUG", [], { CLEANROOM_DEBUG: "1" }],
])("with %s each rule that was applied is said", async (_how, flags, env) => {
  const lines = await said(flags, env);
  expect(lines).toMatch(
    /\[cleanroom\] https:\/\/localhost:\d+ asks for a pause of 1000 ms; 0 requests wait, then 4 at once/,
  );
  expect(lines).toMatch(/\[cleanroom\] set secret 'members': PUT .* answered 429: .*again in \d+ ms/s);
  expect(lines).toMatch(/\[cleanroom\] set secret 'members': PUT \S+: 200 after \d+ ms/);
  expect(lines).not.toContain("canary-value");
});

test.each([[[]], [["--tracing", "-v=x"]], [["-v=0"]]])("a run with the flags %j says nothing", async (flags) => {
  expect(await said(flags)).toBe("");
});
