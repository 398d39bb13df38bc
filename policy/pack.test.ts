// The pack in its real process: what the engine sends, and what it is answered.
import { startPolicyProcess, type Judged, type PolicyProcess } from "../test/helpers/policy-process";
import { secret, UNKNOWN } from "../test/helpers/rule-cases";
import { rules } from "./rules";

const ACCOUNT = "azure-native:storage:StorageAccount";
const STACK = "pulumi:pulumi:Stack";
const DRAFT = "pulumi-nodejs:dynamic/cleanroom:QueryDraft";
const SHARED_KEY = "Storage account 'sales' takes shared keys. Set allowSharedKeyAccess to false.";

const closed = {
  allowBlobPublicAccess: false,
  allowSharedKeyAccess: false,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: "TLS1_2",
  networkRuleSet: { defaultAction: "Deny" },
};
const open = { ...closed, allowSharedKeyAccess: true };

let pack: PolicyProcess;
beforeAll(async () => {
  pack = await startPolicyProcess({ "cleanroom-policy:preset": "strict" });
});
afterAll(() => pack.end());

const short = (found: readonly Judged[]): readonly unknown[] =>
  found.map(({ policy, mandatory, message }) => [policy, mandatory, message]);

test("says of itself every rule, mandatory, with what can be set of it", async () => {
  const { name, version, supportsconfig, policiesList } = await pack.info();
  expect([name, version, supportsconfig]).toEqual(["cleanroom", "0.1.0", true]);
  expect(policiesList.map((policy) => policy.name)).toEqual(rules.map(({ code }) => code));
  expect(new Set(policiesList.map(({ enforcementlevel }) => enforcementlevel))).toEqual(new Set([1]));
  const size = policiesList.find((policy) => policy.name === "key-size");
  expect(JSON.stringify(size?.configschema)).toContain("Bits of an RSA key, at least.");
});

test("knows the stack's configuration from its environment, where the engine does not say it again", async () => {
  const key = { properties: { kty: "RSA-HSM", keySize: 2048, attributes: { expires: 1 } } };
  expect(short(await pack.judge("azure-native:keyvault:Key", "kek", key))).toMatchObject([
    ["key-size", true, expect.stringContaining("has 2048 bits, and must have 3072 or more")],
  ]);
});

describe("once the engine has said what the stack is", () => {
  beforeAll(() => pack.configureStack({}));

  test("lets a resource be that complies", async () => {
    expect(await pack.judge(ACCOUNT, "sales", closed)).toEqual([]);
  });

  test("fails with one that does not, naming the rule, the resource, and what to do", async () => {
    expect(short(await pack.judge(ACCOUNT, "sales", open))).toEqual([["no-shared-key", true, SHARED_KEY]]);
  });

  test("fails with resources that do not fit together", async () => {
    const found = await pack.judgeStack([[DRAFT, "query", { owners: { a: "contosso" }, approvers: [] }]]);
    expect(short(found)).toMatchObject([
      ["approvers-are-owners", true, expect.stringContaining("Query draft 'query' is not approved by contosso")],
    ]);
  });

  test("does not pass what is not known yet, says so at the end, and judges it in up", async () => {
    const unknown = { ...closed, allowSharedKeyAccess: UNKNOWN };
    expect(await pack.judge(ACCOUNT, "sales", unknown)).toEqual([]);
    const about = "allowSharedKeyAccess of Storage account 'sales'";
    const found = short(await pack.judgeStack([[ACCOUNT, "sales", {}]]));
    expect(found).toContainEqual(["no-shared-key", false, `Cannot be judged before up, which judges it: ${about}.`]);
    await pack.configureStack({}, false);
    expect(short(await pack.judge(ACCOUNT, "sales", open))).toEqual([["no-shared-key", true, SHARED_KEY]]);
    await pack.configureStack({});
  });

  test("tells a secret from what is in the clear", async () => {
    const token = `Bearer ${"x".repeat(32)}`;
    expect(await pack.judge(ACCOUNT, "sales", { ...closed, tags: { note: secret(token) } })).toEqual([]);
    expect(short(await pack.judge(ACCOUNT, "sales", { ...closed, tags: { note: token } }))).toMatchObject([
      ["no-secrets-in-properties", true, expect.not.stringContaining("xxx")],
    ]);
  });

  test("fails, naming itself and the place, when a rule throws; the other rules still judge", async () => {
    const document = { name: "sales", datasetAccessPolicy: { accessMode: "read", allowedFields: 42 } };
    const found = await pack.judge("pulumi-nodejs:dynamic/cleanroom:DatasetDocument", "sales", document);
    const thrown = found.filter(({ message }) => message.includes("could not be judged: the rule"));
    expect(thrown.map(({ policy, mandatory }) => [policy, mandatory])).toContainEqual(["no-personal-fields", true]);
    expect(thrown[0]?.message).toMatch(/failed with TypeError: .*\(policy\/rules\/documents\/[a-z-]+\.ts:\d+:\d+\)/);
    expect(found.map(({ policy }) => policy)).toContain("encryption-mode");
  });

  test("takes levels and settings from the pack's configuration", async () => {
    await pack.configure({
      "no-shared-key": { enforcementLevel: "advisory" },
      "location-allowed": { locations: ["westeurope"] },
    });
    expect(short(await pack.judge(ACCOUNT, "sales", { ...open, location: "eastus" }))).toMatchObject([
      ["location-allowed", true, expect.stringContaining("is in eastus; allowed are westeurope")],
      ["no-shared-key", false, SHARED_KEY],
    ]);
    await pack.configure({ all: { enforcementLevel: "disabled" }, "no-shared-key": { enforcementLevel: "disabled" } });
    expect(await pack.judge(ACCOUNT, "sales", open)).toEqual([]);
    await pack.configure({});
  });

  test("fails with a rule that the pack's configuration names and there is not", async () => {
    await pack.configure({ "no-shared-keys": { enforcementLevel: "advisory" } });
    expect(short(await pack.judge(STACK, "cleanroom-contosso", {}))).toMatchObject([
      ["pack-configuration", true, expect.stringContaining("sets 'no-shared-keys', which is no rule of this pack")],
    ]);
    await pack.configure({});
  });

  test("takes exceptions from the stack's configuration, and lists them", async () => {
    const exceptions = [{ rule: "no-shared-key", resource: "sales", reason: "until moved", expires: nextMonth() }];
    await pack.configureStack({ "cleanroom-policy:exceptions": JSON.stringify(exceptions) });
    expect(short(await pack.judge(STACK, "cleanroom-contosso", {}))).toEqual([
      [
        "pack-configuration",
        false,
        `Stack 'cleanroom-contosso' excepts 'sales' from no-shared-key until ${nextMonth()}: until moved`,
      ],
    ]);
    expect(short(await pack.judge(ACCOUNT, "sales", open))).toEqual([
      ["no-shared-key", false, `Excepted until ${nextMonth()} (until moved): ${SHARED_KEY}`],
    ]);
    await pack.configureStack({});
  });

  test("corrects nothing unasked, and what it is asked to without touching the rest", async () => {
    const old = { minimumTlsVersion: "TLS1_0", note: secret("kept") };
    expect(await pack.remediate(ACCOUNT, "sales", old)).toEqual({});
    await pack.configure({
      "storage-tls-only": { enforcementLevel: "remediate" },
      "required-tags": { enforcementLevel: "remediate", tags: { "managed-by": "pulumi" } },
    });
    const corrected = { enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_2", note: secret("kept") };
    expect(await pack.remediate(ACCOUNT, "sales", old)).toEqual({
      "required-tags": { ...old, tags: { "managed-by": "pulumi" } },
      "storage-tls-only": { ...corrected, tags: { "managed-by": "pulumi" } },
    });
    await pack.configure({});
  });
});

const nextMonth = (): string => new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
