// What the pack makes of what rules find: levels, presets, exceptions, what is not known, rules that fail, remediation.
import { secret, UNKNOWN } from "../../test/helpers/rule-cases";
import type { PackConfig } from "./configuration";
import { cleanRoom, defineRule, integer, Pack, PACK_CONFIGURATION, type Diagnostic, type Told } from ".";

const sized = defineRule({
  code: "sized",
  group: "keys",
  title: "A thing is large enough.",
  risk: "It breaks.",
  remedy: "Make it larger.",
  references: [cleanRoom("a test")],
  settings: { minimum: integer("Least size.", 1, { default: 10, strict: 20 }) },
  types: ["test:index:Thing"],
  judge: ({ inputs }, { report, settings: { minimum } }) => {
    if (Number(inputs.size) < minimum) {
      report(`has the size ${Number(inputs.size)}, and ${minimum} is asked for`);
    }
  },
  remediate: ({ inputs }, { minimum }) => (Number(inputs.size) < minimum ? { size: minimum } : undefined),
});
const packRule = defineRule({
  code: PACK_CONFIGURATION,
  group: "pack",
  title: "The pack is in order.",
  risk: "It is not.",
  remedy: "Correct it.",
  references: [cleanRoom("a test")],
  settings: { maximumExceptionDays: integer("Days.", 1, { default: 366 }) },
});

const thing = (size: unknown, name = "a", rest: object = {}): Told => ({
  urn: `urn:pulumi:s::p::test:index:Thing::${name}`,
  type: "test:index:Thing",
  name,
  properties: { size, ...rest },
});

interface Options {
  readonly config?: Readonly<Record<string, string>>;
  readonly pack?: PackConfig;
  readonly preview?: boolean;
}

function open({ config = {}, pack = {}, preview = true }: Options = {}): Pack {
  const made = new Pack([packRule, sized], { stack: "s", preview, config }, () => new Date("2026-11-24T12:00:00Z"));
  made.configure(pack);
  return made;
}
const short = (found: readonly Diagnostic[]): readonly (readonly [string, string])[] =>
  found.map(({ level, message }) => [level, message]);
const excepting = (expires: string, resource = "a"): Options => ({
  config: {
    "cleanroom-policy:exceptions": JSON.stringify([{ rule: "sized", resource, reason: "being replaced", expires }]),
  },
});

const SMALL = "Thing 'a' has the size 1, and 10 is asked for. Make it larger.";

describe("levels and presets", () => {
  test("a rule is mandatory, and its message ends with the remedy", () => {
    expect(short(open().analyze(thing(1)))).toEqual([["mandatory", SMALL]]);
  });

  test.each([
    ["advisory", [["advisory", SMALL]]],
    ["disabled", []],
    ["mandatory", [["mandatory", SMALL]]],
    ["remediate", [["mandatory", SMALL]]],
  ] as const)("set to %s, it is that", (level, expected) => {
    expect(short(open({ pack: { sized: { level, properties: {} } } }).analyze(thing(1)))).toEqual(expected);
  });

  test("observe blocks nothing, strict asks for more, and neither is a copy of the rules", () => {
    const preset = (name: string): readonly unknown[] =>
      short(open({ config: { "cleanroom-policy:preset": name } }).analyze(thing(15)));
    expect(preset("observe")).toEqual([]);
    expect(preset("default")).toEqual([]);
    expect(preset("strict")).toEqual([
      ["mandatory", "Thing 'a' has the size 15, and 20 is asked for. Make it larger."],
    ]);
    expect(short(open({ config: { "cleanroom-policy:preset": "observe" } }).analyze(thing(1)))).toEqual([
      ["advisory", SMALL],
    ]);
  });

  test("a stack cannot ask for less than the pack's configuration does", () => {
    const pack = { [PACK_CONFIGURATION]: { properties: { preset: "strict" } } };
    expect(open({ config: { "cleanroom-policy:preset": "observe" }, pack }).configuration.preset).toBe("strict");
    const observed = { [PACK_CONFIGURATION]: { properties: { preset: "observe" } } };
    expect(open({ config: { "cleanroom-policy:preset": "strict" }, pack: observed }).configuration.preset).toBe(
      "strict",
    );
  });

  test("a setting of the pack's configuration comes before one of the stack's, and both before the preset's", () => {
    const config = { "cleanroom-policy:settings": '{"sized":{"minimum":3}}', "cleanroom-policy:preset": "strict" };
    expect(short(open({ config }).analyze(thing(4)))).toEqual([]);
    expect(short(open({ config, pack: { sized: { properties: { minimum: 5 } } } }).analyze(thing(4)))).toEqual([
      ["mandatory", "Thing 'a' has the size 4, and 5 is asked for. Make it larger."],
    ]);
  });
});

describe("exceptions", () => {
  test("what is excepted is still shown, with the reason and the last day, and blocks nothing", () => {
    expect(short(open(excepting("2026-11-24")).analyze(thing(1)))).toEqual([
      ["advisory", `Excepted until 2026-11-24 (being replaced): ${SMALL}`],
    ]);
    expect(open(excepting("2026-12-31", "urn:pulumi:s::p::test:index:Thing::a")).analyze(thing(1))[0]?.level).toBe(
      "advisory",
    );
  });

  test("fails once it has expired, and says so", () => {
    expect(short(open(excepting("2026-11-23")).analyze(thing(1)))).toEqual([
      ["mandatory", `${SMALL} The exception for it expired on 2026-11-23.`],
    ]);
  });

  test("fails for another resource, another rule, and a malformed one", () => {
    expect(open(excepting("2026-12-31", "b")).analyze(thing(1))[0]?.level).toBe("mandatory");
    const config = { "cleanroom-policy:exceptions": '[{"rule":"sized","resource":"a","expires":"2026-12-31"}]' };
    expect(open({ config }).analyze(thing(1))[0]?.level).toBe("mandatory");
  });

  test("one that excepts nothing is named at the end", () => {
    const pack = open(excepting("2026-12-31"));
    pack.analyze(thing(50));
    expect(short(pack.analyzeStack([thing(50)]))).toEqual([
      ["advisory", "The exception from sized for 'a' excepts nothing: remove it."],
    ]);
  });
});

describe("what is not known yet", () => {
  test("is not passed: the run says at its end what cannot be judged before up", () => {
    const pack = open();
    for (const name of ["a", "b", "c", "d", "e"]) {
      expect(pack.analyze(thing(UNKNOWN, name))).toEqual([]);
    }
    const message =
      "Cannot be judged before up, which judges it: size of Thing 'a', size of Thing 'b', size of Thing 'c', and 2 more.";
    expect(short(pack.analyzeStack([]))).toEqual([["advisory", message]]);
    expect(pack.analyzeStack([])).toEqual([]);
  });

  test("fails when it is not known even in up", () => {
    const found = open({ preview: false }).analyze(thing(UNKNOWN));
    expect(short(found)).toEqual([
      ["mandatory", "Thing 'a' could not be judged: size is not known even now. Make it larger."],
    ]);
  });

  test("secrets are judged as what they are", () => {
    expect(short(open().analyze(thing(secret(1))))).toEqual([["mandatory", SMALL]]);
    const pack = open();
    expect(pack.analyze(thing(secret(UNKNOWN)))).toEqual([]);
    expect(pack.analyzeStack([])).toHaveLength(1);
  });
});

test("fails with the rule's name and the resource when a rule throws, whatever the preset", () => {
  const broken = { ...sized, judge: () => JSON.parse("{") as never };
  const config = { "cleanroom-policy:preset": "observe" };
  const pack = new Pack([packRule, broken], { stack: "s", preview: true, config });
  expect(short(pack.analyze(thing(1)))).toEqual([
    ["mandatory", expect.stringMatching(/^Thing 'a' could not be judged: the rule sized failed with SyntaxError: /)],
  ]);
});

describe("remediation", () => {
  const remediate = { sized: { level: "remediate", properties: {} } } as const;

  test("is off by default", () => {
    expect(open().remediate(thing(1))).toEqual([]);
  });

  test("changes what the rule says and leaves the rest, secrets included, as it was", () => {
    const rest = { password: secret("p") };
    expect(open({ pack: remediate }).remediate(thing(1, "a", rest))).toMatchObject([
      { rule: { code: "sized" }, properties: { size: 10, password: secret("p") } },
    ]);
  });

  test("leaves alone what complies, what is of another type, and what is not known yet", () => {
    const pack = open({ pack: remediate });
    expect(pack.remediate(thing(10))).toEqual([]);
    expect(pack.remediate({ ...thing(1), type: "test:index:Other" })).toEqual([]);
    expect(pack.remediate(thing(UNKNOWN))).toEqual([]);
  });
});
