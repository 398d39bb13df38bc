// Where settings come from, and what is said of one that is missing or unusable.
import { readSettings, requireSetting, type Settings } from "./settings";

const read = (
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  namespace = "cleanroom",
): Settings => readSettings(namespace, (key) => config[key], env);

test("takes the stack's configuration before the environment", () => {
  const settings = read(
    { "cleanroom:frontendUrl": "https://configured.example" },
    { CLEANROOM_FRONTEND_URL: "https://environment.example", CLEANROOM_GOVERNANCE_URL: "https://governance.example" },
  );
  expect(settings.frontendUrl).toBe("https://configured.example");
  expect(settings.governanceUrl).toBe("https://governance.example");
});

test("keeps collaborations apart by their namespace", () => {
  const config = { "cleanroom:contractId": "analytics", "partners:contractId": "other" };
  expect(read(config, {}, "partners").contractId).toBe("other");
});

test("takes a blank setting for none", () => {
  expect(read({ "cleanroom:contractId": "  " }).contractId).toBeUndefined();
});

test("leaves off blanks around a value and slashes at an address's end", () => {
  const settings = read({ "cleanroom:frontendUrl": " https://frontend.example// ", "cleanroom:token": " abc\n" });
  expect(settings.frontendUrl).toBe("https://frontend.example");
  expect(settings.token).toBe("abc");
});

test("knows Azure's public attestation service and scope by itself", () => {
  const settings = read({});
  expect(settings.attestationUrl).toBe("https://sharedneu.neu.attest.azure.net");
  expect(settings.scope).toBe("https://management.azure.com/.default");
});

test.each([
  ["frontendUrl", "CLEANROOM_FRONTEND_URL"],
  ["governanceUrl", "CLEANROOM_GOVERNANCE_URL"],
  ["collaborationId", "CLEANROOM_COLLABORATION_ID"],
  ["contractId", "CLEANROOM_CONTRACT_ID"],
] as const)("fails without %s, and says each place where it may be set", (key, variable) => {
  expect(() => requireSetting(read({}, {}, "partners"), key)).toThrow(
    `No ${key} is set. Set it in the stack's configuration (\`pulumi config set partners:${key} …\`) or in the environment (${variable}).`,
  );
});

test("fails without a token where one must be set, and has it set as a secret", () => {
  expect(() => requireSetting(read({}), "token")).toThrow("`pulumi config set --secret cleanroom:token …`");
});

test("gives a request a minute, or the time that is set", () => {
  expect(read({}).requestSeconds).toBe(60);
  expect(read({}, { CLEANROOM_REQUEST_SECONDS: "2.5" }).requestSeconds).toBe(2.5);
});

test("gives an operation a quarter of an hour, or the time that is set", () => {
  expect(read({}).deadlineSeconds).toBe(900);
  expect(read({ "cleanroom:deadlineSeconds": "30" }).deadlineSeconds).toBe(30);
});

test.each(["0", "-1", "soon", "3601"])("fails with a request's time of %s", (given) => {
  expect(() => read({ "cleanroom:requestSeconds": given })).toThrow(
    `cleanroom:requestSeconds is '${given}': a number of seconds up to 3600 is expected.`,
  );
});

test("fails with an address that is none", () => {
  expect(() => read({ "cleanroom:frontendUrl": "frontend" })).toThrow(
    "cleanroom:frontendUrl is 'frontend', which is no URL. Set it in",
  );
});

test.each(["http://frontend.example", "ftp://frontend.example", "http://localhost.example:80"])(
  "fails with %s, where a token would travel in the open",
  (address) => {
    expect(() => read({ "cleanroom:governanceUrl": address })).toThrow(
      `cleanroom:governanceUrl is '${address}': a token is sent there, so it must be https.`,
    );
  },
);

test.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])(
  "takes %s, which does not leave the machine",
  (address) => {
    expect(read({ "cleanroom:governanceUrl": address }).governanceUrl).toBe(address);
  },
);

test("fails with an address that holds a password, without showing it", () => {
  const settings = (): Settings => read({ "cleanroom:frontendUrl": "https://user:canary@frontend.example" });
  expect(settings).toThrow(
    "cleanroom:frontendUrl holds a user or a password, which no service here takes: leave them out.",
  );
});
