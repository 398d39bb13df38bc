// What the pack is set to, from two places: the pack's configuration (`--policy-pack-config FILE`), and the stack's
// (`cleanroom-policy:…`), which the former overrules. What is wrong with either is a problem that blocks.
import { isInForce, readExceptions, type Exception } from "./exceptions";
import type { Rule } from "./rule";
import { problemOf } from "./settings";
import { isObject } from "./values";

export const LEVELS = ["disabled", "advisory", "mandatory", "remediate"] as const;
export type Level = (typeof LEVELS)[number];

/** From the one that only tells to the one that asks most. */
export const PRESETS = ["observe", "default", "strict"] as const;
export type Preset = (typeof PRESETS)[number];

/** Code of the rule that judges the pack's own configuration, and whose settings are the pack's. */
export const PACK_CONFIGURATION = "pack-configuration";
export const NAMESPACE = "cleanroom-policy";

/** What the engine hands over of the pack's configuration, rule by rule. */
export type PackConfig = Readonly<
  Record<string, { readonly level?: Level; readonly properties: Readonly<Record<string, unknown>> }>
>;

export interface Configuration {
  readonly preset: Preset;
  readonly now: Date;
  /** All that are well-formed, expired ones included. */
  readonly exceptions: readonly Exception[];
  readonly problems: readonly string[];
  levelOf(code: string): Level;
  settingsOf(rule: Rule): Readonly<Record<string, unknown>>;
}

export interface Given {
  readonly rules: readonly Rule[];
  /** The stack's whole configuration, `namespace:key` to text. */
  readonly stack: Readonly<Record<string, string>>;
  readonly pack: PackConfig;
  readonly now: Date;
}

export function configurationOf({ rules, stack, pack, now }: Given): Configuration {
  const own = ownKeys(stack);
  const settings = parseSettings(own.settings);
  const problems = [...unknownKeys(own), ...settings.problems, ...settingProblems(rules, pack, settings.of)];
  const preset = stricter(
    presetOf("the pack's configuration", pack[PACK_CONFIGURATION]?.properties.preset, problems),
    presetOf("the stack's configuration", own.preset ?? settings.of[PACK_CONFIGURATION]?.preset, problems),
  );
  const settingsOf = ({ code, settings: defined }: Rule): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(defined).map(([name, { default: usual, strict }]) => [
        name,
        pack[code]?.properties[name] ?? settings.of[code]?.[name] ?? (preset === "strict" ? strict : usual),
      ]),
    );
  const packRule = rules.find(({ code }) => code === PACK_CONFIGURATION);
  const { exceptions, problems: malformed } = readExceptions(own.exceptions, {
    codes: new Set(rules.map(({ code }) => code).filter((code) => code !== PACK_CONFIGURATION)),
    now,
    maximumDays: Number(packRule === undefined ? Infinity : settingsOf(packRule).maximumExceptionDays),
  });
  return {
    preset,
    now,
    exceptions,
    problems: [...problems, ...malformed],
    levelOf: (code) => {
      // What is set wrongly is said whatever is set.
      if (code === PACK_CONFIGURATION) {
        return "mandatory";
      }
      const level = pack[code]?.level ?? "mandatory";
      return level !== "disabled" && preset === "observe" ? "advisory" : level;
    },
    settingsOf,
  };
}

export function inForce({ exceptions, now }: Configuration): readonly Exception[] {
  return exceptions.filter((exception) => isInForce(exception, now));
}

type Own = { readonly preset?: string; readonly settings?: string; readonly exceptions?: string };

function ownKeys(stack: Readonly<Record<string, string>>): Own {
  const prefix = `${NAMESPACE}:`;
  return Object.fromEntries(
    Object.entries(stack)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function unknownKeys(own: Own): readonly string[] {
  const known = ["preset", "settings", "exceptions"];
  return Object.keys(own)
    .filter((key) => !known.includes(key))
    .map((key) => `the stack's configuration has ${NAMESPACE}:${key}; there are ${known.join(", ")}`);
}

type RuleSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function parseSettings(text: string | undefined): { readonly of: RuleSettings; readonly problems: readonly string[] } {
  let given: unknown;
  try {
    given = JSON.parse(text ?? "{}");
  } catch {
    given = undefined;
  }
  return isObject(given) && Object.values(given).every(isObject)
    ? { of: given as RuleSettings, problems: [] }
    : { of: {}, problems: [`${NAMESPACE}:settings must be {<rule>: {<setting>: <value>}}`] };
}

/** Rules and settings that there are not, and values that do not fit, of both places. */
function settingProblems(rules: readonly Rule[], pack: PackConfig, stack: RuleSettings): string[] {
  const byCode = new Map(rules.map((rule) => [rule.code, rule]));
  const problems: string[] = [];
  const check = (place: string, code: string, properties: Readonly<Record<string, unknown>>): void => {
    const rule = byCode.get(code);
    if (rule === undefined) {
      problems.push(`${place} sets '${code}', which is no rule of this pack`);
      return;
    }
    for (const [name, value] of Object.entries(properties)) {
      const problem = rule.settings[name] && problemOf(rule.settings[name].schema, value);
      if (rule.settings[name] === undefined) {
        const known = Object.keys(rule.settings).join(", ") || "none";
        problems.push(`${place} sets '${name}' of ${code}, which has no such setting (it has ${known})`);
      } else if (problem !== undefined) {
        problems.push(`${place}: ${code}.${name} ${problem}`);
      }
    }
  };
  for (const [code, { properties }] of Object.entries(pack)) {
    if (code !== "all") {
      check("the pack's configuration", code, properties);
    }
  }
  for (const [code, properties] of Object.entries(stack)) {
    check("the stack's configuration", code, properties);
  }
  return problems;
}

function presetOf(place: string, given: unknown, problems: string[]): Preset | undefined {
  if (given === undefined || PRESETS.some((preset) => preset === given)) {
    return given as Preset | undefined;
  }
  if (place === "the stack's configuration") {
    problems.push(`${place}: preset is ${JSON.stringify(given)}, and must be one of ${PRESETS.join(", ")}`);
  }
  return undefined;
}

/** Neither place can ask for less than the other; where neither says, it is `default`. */
function stricter(a: Preset | undefined, b: Preset | undefined): Preset {
  const given = [a, b].filter((preset) => preset !== undefined);
  return PRESETS[Math.max(...given.map((preset) => PRESETS.indexOf(preset)))] ?? "default";
}
