// Tests of one rule, from a table: two violations and more, what complies, what is not known yet, what is missing, and
// what happens when the rule fails. The rule runs in the pack, on properties as the engine sends them.
import { Pack, type Diagnostic, type Rule, type Told } from "../../policy/framework";

/** As the engine sends a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** As the engine sends a secret. */
export const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** A resource of a stack: what the program asks for, and what there is besides. */
export interface Given {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: object;
  /** Beyond the inputs. */
  readonly outputs?: object;
  /** Names of the resources that a property's value was computed from, by property. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

export interface Case {
  /** What is the matter, as in 'fails with a key that …'. */
  readonly what: string;
  readonly given: Given | readonly Given[];
  /** Settings of the rule. @default its own */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Violation extends Case {
  /** The one message, from the resource's label to where the remedy begins. */
  readonly says: string;
}

export interface Remediation extends Case {
  readonly given: Given;
  /** What changes; undefined where nothing does. */
  readonly becomes: object | undefined;
}

export interface RuleCases {
  readonly violations: readonly [Violation, Violation, ...Violation[]];
  readonly complies: readonly [Case, ...Case[]];
  /** What is not known yet, and the path that the run names. */
  readonly unknown: Case & { readonly path: string };
  /** A field that is not there: what the rule says of it, or that it says nothing. */
  readonly missing: Case & { readonly says: string | undefined };
  /** Of a rule that can correct resources: what of what. */
  readonly remediations?: readonly [Remediation, Remediation, ...Remediation[]];
}

export function testRule(rule: Rule, { violations, complies, unknown, missing, remediations }: RuleCases): void {
  describe(rule.code, () => {
    test.each([...violations])("fails with $what", (violation) => {
      expect(judge(rule, violation)).toEqual([said(rule, violation.says)]);
    });

    test.each([...complies])("is satisfied with $what", (compliant) => {
      expect(judge(rule, compliant)).toEqual([]);
    });

    test(`does not pass ${unknown.what}, which is not known yet`, () => {
      const found = judge(rule, unknown);
      expect(found).toMatchObject([{ code: rule.code, level: "advisory" }]);
      expect(found[0]?.message).toContain("Cannot be judged before up, which judges it: ");
      expect(found[0]?.message).toContain(unknown.path);
      // What is not known even when it is made passes as little.
      const later = judge(rule, unknown, false);
      expect(later.length).toBeGreaterThan(0);
      expect(later.every(({ level, message }) => level === "mandatory" && message.includes("not known even now"))).toBe(
        true,
      );
    });

    test(missing.says === undefined ? `has nothing to say of ${missing.what}` : `fails with ${missing.what}`, () => {
      expect(judge(rule, missing)).toEqual(missing.says === undefined ? [] : [said(rule, missing.says)]);
    });

    if (rule.remediate !== undefined || remediations !== undefined) {
      test.each([...(remediations ?? [])])("corrects $what, when it is set to", ({ given, settings = {}, becomes }) => {
        const pack = packOf(rule, settings, true, "remediate");
        const [changed] = pack.remediate(toldOf(given, given.inputs ?? {}));
        expect(changed?.properties).toEqual(becomes === undefined ? undefined : { ...given.inputs, ...becomes });
      });
    }

    test("blocks, and names itself, when it throws", () => {
      // Where a value is not known the rule reads it, and so it reads one that cannot be read.
      const { given, ...rest } = unknown;
      const poisoned = [given].flat().map((each) => ({ ...each, inputs: poison(), outputs: undefined }));
      const found = judge(rule, { ...rest, given: poisoned });
      expect(found.length).toBeGreaterThan(0);
      for (const { code, level, message } of found) {
        expect([code, level]).toEqual([rule.code, "mandatory"]);
        expect(message).toContain(`the rule ${rule.code} failed with Error: not to be read`);
      }
    });
  });
}

interface Found {
  readonly code: string;
  readonly level: Diagnostic["level"];
  readonly message: string;
}

function said({ code, remedy }: Rule, says: string): unknown {
  const message = says.endsWith(".") ? says : `${says}. ${remedy}`;
  return { code, level: "mandatory", message };
}

function judge(rule: Rule, { given, settings = {} }: Case, preview = true): readonly Found[] {
  const pack = packOf(rule, settings, preview, "mandatory");
  const all = [given].flat();
  const urns = new Map(all.map((each) => [each.name ?? "sales", urnOf(each)]));
  const alone = all.flatMap((each) => pack.analyze(toldOf(each, each.inputs ?? {})));
  const together = pack.analyzeStack(
    all.map((each): Told => {
      const isPoison = each.outputs === undefined;
      const properties = isPoison ? (each.inputs ?? {}) : { ...each.inputs, ...each.outputs };
      const from = Object.entries(each.from ?? {});
      return {
        ...toldOf(each, properties),
        propertyDependencies: Object.fromEntries(
          from.map(([property, names]) => [property, names.map((name) => urns.get(name) ?? "")]),
        ),
      };
    }),
  );
  return [...alone, ...together].map(({ rule: { code }, level, message }) => ({ code, level, message }));
}

function packOf(rule: Rule, properties: Case["settings"], preview: boolean, level: "mandatory" | "remediate"): Pack {
  const pack = new Pack([rule], { stack: "contosso", preview, config: {} }, () => new Date("2026-11-24T00:00:00Z"));
  pack.configure({ [rule.code]: { level, properties: properties ?? {} } });
  return pack;
}

const urnOf = ({ type, name = "sales" }: Given): string => `urn:pulumi:contosso::cleanroom::${type}::${name}`;

function toldOf(given: Given, properties: object): Told {
  const { type, name = "sales" } = given;
  return { urn: urnOf(given), type, name, properties: properties as Told["properties"] };
}

/** Properties that cannot be read: a rule that looks at them throws. */
function poison(): object {
  const fail = (): never => {
    throw new Error("not to be read");
  };
  return new Proxy(
    {},
    { get: (_, key) => (typeof key === "symbol" || /^[0-9a-f]{32}$/.test(key) ? undefined : fail()), ownKeys: fail },
  );
}
