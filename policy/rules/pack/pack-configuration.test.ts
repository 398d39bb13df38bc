import { STACK } from "../../resources/clean-room";
import { Pack, type Diagnostic } from "../../framework";
import { rules } from "..";
import { packConfiguration } from "./pack-configuration";

const NOW = new Date("2026-11-24T12:00:00Z");
const exception = {
  rule: "no-shared-key",
  resource: "sales",
  reason: "until the reader is moved",
  expires: "2027-01-31",
};

function judge(config: Readonly<Record<string, string>>, properties: object = {}): readonly Diagnostic[] {
  const pack = new Pack(rules, { stack: "contosso", preview: true, config }, () => NOW);
  pack.configure({ [packConfiguration.code]: { level: "mandatory", properties: { ...properties } } });
  const urn = "urn:pulumi:contosso::cleanroom::pulumi:pulumi:Stack::cleanroom-contosso";
  return pack.analyze({ urn, type: STACK, name: "cleanroom-contosso", properties: {} });
}

const exceptions = (...list: unknown[]): Readonly<Record<string, string>> => ({
  "cleanroom-policy:exceptions": JSON.stringify(list),
});

describe("pack-configuration", () => {
  test.each([
    [
      "a preset that there is not",
      { "cleanroom-policy:preset": "lax" },
      `preset is "lax", and must be one of observe, default, strict`,
    ],
    [
      "a key that there is not",
      { "cleanroom-policy:exemptions": "[]" },
      "has cleanroom-policy:exemptions; there are preset, settings, exceptions",
    ],
    [
      "settings that are no object",
      { "cleanroom-policy:settings": "[1]" },
      "cleanroom-policy:settings must be {<rule>: {<setting>: <value>}}",
    ],
    [
      "a rule that there is not",
      { "cleanroom-policy:settings": '{"no-such-rule":{}}' },
      "sets 'no-such-rule', which is no rule of this pack",
    ],
    [
      "a setting that there is not",
      { "cleanroom-policy:settings": '{"key-size":{"min":1}}' },
      "sets 'min' of key-size, which has no such setting (it has minimum)",
    ],
    [
      "a value that does not fit",
      { "cleanroom-policy:settings": '{"key-size":{"minimum":1024}}' },
      "key-size.minimum must be 2048 or more",
    ],
    [
      "exceptions that are no list",
      { "cleanroom-policy:exceptions": "{}" },
      "exceptions must be a list of {rule, resource, reason, expires}",
    ],
    ["an exception without a reason", exceptions({ ...exception, reason: " " }), "exceptions[0] has no reason"],
    [
      "an exception with a field too many",
      exceptions(exception, { ...exception, until: "x" }),
      "exceptions[1] has a field 'until'",
    ],
    [
      "an exception from no rule",
      exceptions({ ...exception, rule: "shared-key" }),
      "is for 'shared-key', which is no rule that allows exceptions",
    ],
    [
      "an exception from this rule",
      exceptions({ ...exception, rule: "pack-configuration" }),
      "is no rule that allows exceptions",
    ],
    [
      "an exception without a day",
      exceptions({ ...exception, expires: "soon" }),
      "expires on 'soon': write a day such as 2027-01-31",
    ],
    [
      "an exception for ever",
      exceptions({ ...exception, expires: "2036-01-01" }),
      "expires on 2036-01-01, more than 366 days from now",
    ],
  ])("fails with %s", (_what, config, problem) => {
    const [found, ...others] = judge(config);
    expect(others.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(found).toMatchObject({ level: "mandatory", rule: { code: "pack-configuration" } });
    expect(found?.message).toContain("Stack 'cleanroom-contosso' cannot be judged as configured: ");
    expect(found?.message).toContain(problem);
    expect(found?.message).toContain(packConfiguration.remedy);
  });

  test("fails with a setting of the pack's own configuration that does not fit", () => {
    expect(judge({}, { maximumExceptionDays: "many" })[0]?.message).toContain(
      "maximumExceptionDays must be a whole number",
    );
  });

  test("fails when it is set to observe, too, which blocks nothing else", () => {
    expect(judge({ "cleanroom-policy:preset": "observe", ...exceptions({}) })[0]).toMatchObject({ level: "mandatory" });
  });

  test("is satisfied without any configuration, and with one that is well-formed", () => {
    expect(judge({ "cleanroom:token": "other namespaces are others'" })).toEqual([]);
    expect(
      judge({ "cleanroom-policy:preset": "strict", "cleanroom-policy:settings": '{"key-size":{"minimum":4096}}' }),
    ).toEqual([]);
  });

  test("lists every exception in force in the run's output, with its reason and last day", () => {
    expect(judge(exceptions(exception))).toMatchObject([
      {
        level: "advisory",
        message:
          "Stack 'cleanroom-contosso' excepts 'sales' from no-shared-key until 2027-01-31: until the reader is moved",
      },
    ]);
  });

  test("does not list one that has expired", () => {
    expect(judge(exceptions({ ...exception, expires: "2026-11-23" }))).toEqual([]);
    expect(judge(exceptions({ ...exception, expires: "2026-11-24" }))).toHaveLength(1);
  });

  test("has nothing to say of a stack whose outputs are not known yet: it reads configuration alone", () => {
    expect(judge({})).toEqual([]);
  });
});
