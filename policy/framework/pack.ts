// The pack at work: judges resources one by one and all together, and turns what rules found into what the engine shows.
import {
  configurationOf,
  inForce,
  PACK_CONFIGURATION,
  type Configuration,
  type Level,
  type PackConfig,
} from "./configuration";
import { attempt, contextOf, stackContextOf, type Finding } from "./context";
import { appliesTo, isInForce, type Exception } from "./exceptions";
import { Resource, type Told } from "./resource";
import type { Rule } from "./rule";
import type { Wire } from "./values";

export interface Diagnostic {
  readonly rule: Rule;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
  readonly urn?: string;
}

export interface Remediated {
  readonly rule: Rule;
  readonly properties: Wire;
}

export interface Run {
  readonly stack: string;
  /** Whether it is a preview, where values may be unknown. */
  readonly preview: boolean;
  /** The stack's configuration, `namespace:key` to text. */
  readonly config: Readonly<Record<string, string>>;
}

export class Pack {
  #run: Run;
  #packConfig: PackConfig = {};
  #configuration: Configuration | undefined;
  /** What the program asked for, by URN: what is told of the whole stack is outputs alone. */
  readonly #asked = new Map<string, Wire>();
  /** Of each rule, what could not be judged yet: said once, at the end. */
  readonly #unknown = new Map<Rule, string[]>();
  readonly #used = new Set<Exception>();

  constructor(
    readonly rules: readonly Rule[],
    run: Run,
    private readonly clock: () => Date = () => new Date(),
  ) {
    this.#run = run;
  }

  configureStack(run: Run): void {
    this.#run = run;
    this.#configuration = undefined;
  }

  configure(packConfig: PackConfig): void {
    this.#packConfig = packConfig;
    this.#configuration = undefined;
  }

  get configuration(): Configuration {
    const { rules } = this;
    const given = { rules, stack: this.#run.config, pack: this.#packConfig, now: this.clock() };
    return (this.#configuration ??= configurationOf(given));
  }

  /** What the rules say of one resource that is about to be made or changed. */
  analyze(told: Told): readonly Diagnostic[] {
    this.#asked.set(told.urn, told.properties);
    const resource = new Resource(told);
    return this.#judge((rule, add) => {
      const { judge, types } = rule;
      if (judge !== undefined && (types === undefined || types.includes(resource.type))) {
        const { configuration } = this;
        const context = contextOf(configuration.settingsOf(rule) as never, configuration, add, resource);
        attempt(() => judge(resource, context), add, resource);
      }
    });
  }

  /** What the rules say of all resources together, and what could not be judged yet. */
  analyzeStack(told: readonly Told[]): readonly Diagnostic[] {
    const inOrder = [...told].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    const resources = inOrder.map((each) => new Resource(each, this.#asked.get(each.urn) ?? each.properties));
    const found = this.#judge((rule, add) => {
      const { judgeStack } = rule;
      if (judgeStack !== undefined) {
        const { configuration } = this;
        const settings = configuration.settingsOf(rule) as never;
        attempt(() => judgeStack(stackContextOf(settings, configuration, add, resources)), add);
      }
    });
    // The engine asks in any order; what is said has one.
    const unknown = this.rules.flatMap((rule): readonly Diagnostic[] => {
      const named = [...new Set(this.#unknown.get(rule))].sort();
      if (named.length === 0) {
        return [];
      }
      const more = named.length > 3 ? `, and ${named.length - 3} more` : "";
      const message = `Cannot be judged before up, which judges it: ${named.slice(0, 3).join(", ")}${more}.`;
      return [{ rule, level: "advisory", message }];
    });
    const unneeded = this.#unneeded();
    this.#unknown.clear();
    return [...found, ...unknown, ...unneeded];
  }

  /** The inputs that the rules would have instead, rule after rule, of those set to `remediate`. */
  remediate(told: Told): readonly Remediated[] {
    const remediated: Remediated[] = [];
    let { properties } = told;
    for (const rule of this.rules) {
      const { remediate, types } = rule;
      const resource = new Resource({ ...told, properties });
      const applies = remediate !== undefined && (types === undefined || types.includes(resource.type));
      if (applies && this.configuration.levelOf(rule.code) === "remediate") {
        let changes: Wire | undefined;
        // What is not known yet is left as it is, and judged once it is known.
        attempt(
          () => (changes = remediate(resource, this.configuration.settingsOf(rule) as never)),
          (finding) => {
            if (finding.kind === "thrown") {
              throw new Error(`The rule ${rule.code} could not correct ${resource.label}: ${describe(finding.error)}`);
            }
          },
        );
        if (changes !== undefined) {
          properties = { ...properties, ...changes };
          remediated.push({ rule, properties });
        }
      }
    }
    return remediated;
  }

  #judge(ask: (rule: Rule, add: (finding: Finding) => void) => void): readonly Diagnostic[] {
    const diagnostics: Diagnostic[] = [];
    for (const rule of this.rules) {
      const level = this.configuration.levelOf(rule.code);
      if (level !== "disabled") {
        ask(rule, (finding) => {
          const diagnostic = this.#diagnosed(rule, level, finding);
          if (diagnostic !== undefined) {
            diagnostics.push(diagnostic);
          }
        });
      }
    }
    return diagnostics;
  }

  #diagnosed(rule: Rule, level: Level, finding: Finding): Diagnostic | undefined {
    const { of } = finding;
    const label = of?.label ?? `Stack '${this.#run.stack}'`;
    const blocking = level === "advisory" ? "advisory" : "mandatory";
    switch (finding.kind) {
      case "note":
        return { rule, level: "advisory", message: finding.text, urn: of?.urn };
      case "thrown":
        return {
          rule,
          level: "mandatory",
          message: `${label} could not be judged: the rule ${rule.code} failed with ${describe(finding.error)}. What a rule cannot judge is not let through: correct the resource, or report this as a defect of the rule.`,
          urn: of?.urn,
        };
      case "unknown": {
        if (!this.#run.preview) {
          const problem = `${label} could not be judged: ${finding.path} is not known even now. ${rule.remedy}`;
          return { rule, level: blocking, message: problem, urn: of?.urn };
        }
        const where = this.#unknown.get(rule) ?? [];
        this.#unknown.set(rule, [...where, `${finding.path} of ${label}`]);
        return undefined;
      }
      case "violation": {
        const message = `${label} ${finding.problem}. ${finding.remedy ?? rule.remedy}`;
        return this.#excepted(rule, { rule, level: blocking, message, urn: of?.urn }, of);
      }
    }
  }

  /** A violation that is excepted is still shown, and blocks nothing; one whose exception has expired says so. */
  #excepted(rule: Rule, diagnostic: Diagnostic, of: Resource | undefined): Diagnostic {
    const { configuration } = this;
    const exception = configuration.exceptions.find((each) => appliesTo(each, rule.code, of, this.#run.stack));
    if (exception === undefined) {
      return diagnostic;
    }
    if (isInForce(exception, configuration.now)) {
      this.#used.add(exception);
      const { message } = diagnostic;
      return {
        ...diagnostic,
        level: "advisory",
        message: `Excepted until ${exception.expires} (${exception.reason}): ${message}`,
      };
    }
    return { ...diagnostic, message: `${diagnostic.message} The exception for it expired on ${exception.expires}.` };
  }

  /** Exceptions in force that nothing needed; those of rules that could not judge everything may be needed yet. */
  #unneeded(): readonly Diagnostic[] {
    const packRule = this.rules.find(({ code }) => code === PACK_CONFIGURATION);
    const open = new Set([...this.#unknown.keys()].map(({ code }) => code));
    return packRule === undefined
      ? []
      : inForce(this.configuration)
          .filter((exception) => !this.#used.has(exception) && !open.has(exception.rule))
          .map(({ rule, resource }) => ({
            rule: packRule,
            level: "advisory",
            message: `The exception from ${rule} for '${resource}' excepts nothing: remove it.`,
          }));
  }
}

/** The error with the place in the rule where it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const place = /\(?([^\s(]*policy\/rules\/[^\s)]*)\)?/.exec(error.stack ?? "")?.[1];
  return `${error.name}: ${error.message}${place === undefined ? "" : ` (${place.slice(place.indexOf("policy/rules/"))})`}`;
}
