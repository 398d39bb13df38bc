// The fault switch: rules that are set, counted and cleared while the services run. It stands in the gate of every
// request and beside every write to governance's ledger. The same seed and the same requests give the same faults.
import { type Answer, type Call, type Gate, isAnswer, odata, type Outcome, ServiceError } from "../http";
import { setTimeout as sleep } from "node:timers/promises";
import { mutate } from "./mutate";
import { drawsOf } from "./random";
import type { WriteGate } from "../governance";
import { ends, type FaultRule, FaultRuleError, isWriteFault, parseRule, type RequestFault } from "./rule";

export interface FaultStatus {
  readonly id: string;
  readonly rule: FaultRule;
  /** Requests or writes that matched so far. */
  readonly matched: number;
  /** How many of them were hit. */
  readonly fired: number;
}

export interface FaultOptions {
  /** @default 1 */
  readonly seed?: number;
  /**
   * What dying is. It may return: the request is broken off then, and whoever embeds the services ends them abruptly.
   * Without it no rule that dies can be set.
   */
  readonly onDie?: () => void;
  readonly clock?: () => Date;
}

/** What a test is told when its rule hits; a delay begins after it. */
export type OnHit = (what: string) => void;

interface Active {
  readonly id: string;
  readonly rule: FaultRule;
  readonly onHit: OnHit | undefined;
  matched: number;
  fired: number;
}

/** An answer that never comes. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class Faults {
  private readonly active = new Map<string, Active>();
  private readonly lastAnswers = new Map<string, Answer>();
  private count = 0;
  readonly seed: number;

  constructor(private readonly options: FaultOptions = {}) {
    this.seed = options.seed ?? 1;
  }

  /** Sets a fault; answers its id. @throws FaultRuleError */
  add(given: FaultRule, onHit?: OnHit): string {
    const rule = parseRule(given);
    if (ends(rule) && this.options.onDie === undefined) {
      throw new FaultRuleError(
        `A fault of kind ${rule.kind} needs a sandbox in a process of its own, or an onDie of whoever embeds it.`,
      );
    }
    this.count += 1;
    const id = String(this.count);
    this.active.set(id, { id, rule, onHit, matched: 0, fired: 0 });
    return id;
  }

  list(): readonly FaultStatus[] {
    return [...this.active.values()].map(({ id, rule, matched, fired }) => ({ id, rule, matched, fired }));
  }

  /** Takes one fault away, or all of them; what has been hit already stays broken. @throws FaultRuleError */
  clear(id?: string): void {
    if (id === undefined) this.active.clear();
    else if (!this.active.delete(id)) {
      const ids = [...this.active.keys()].join(", ");
      throw new FaultRuleError(
        `There is no fault ${JSON.stringify(id)}: ${ids === "" ? "none is set" : `set are ${ids}`}.`,
      );
    }
  }

  readonly gate: Gate = async (call, next) => {
    const hit = this.hit((rule) => !isWriteFault(rule) && matches(rule, call));
    return hit === undefined ? next() : this.meet(hit, call, next);
  };

  readonly writeGate: WriteGate = async (change, write) => {
    const hit = this.hit((rule) => isWriteFault(rule) && (rule.change ?? change) === change);
    if (hit === undefined) return write();
    const { kind } = hit.rule;
    if (kind.endsWith("after-write")) await write();
    hit.onHit?.(change);
    if (!ends(hit.rule)) throw new Error(`fault ${hit.id}: ${kind}, ${change}`);
    this.options.onDie?.();
    return never();
  };

  /** The first rule that hits. Every rule counts its own matches, whether another has hit or not. */
  private hit(matching: (rule: FaultRule) => boolean): Active | undefined {
    let found: Active | undefined;
    for (const each of this.active.values()) {
      if (!matching(each.rule)) continue;
      each.matched += 1;
      if (found !== undefined || !this.isDue(each)) continue;
      each.fired += 1;
      found = each;
    }
    return found;
  }

  private isDue({ id, rule, matched }: Active): boolean {
    const { nth = 1, times = rule.nth === undefined ? Infinity : 1, chance = 1 } = rule;
    if (matched < nth || matched >= nth + times) return false;
    return chance >= 1 || drawsOf(rule.seed ?? this.seed, "chance", id, matched)() < chance;
  }

  private async meet({ id, rule, fired, onHit }: Active, call: Call, next: () => Promise<Outcome>): Promise<Outcome> {
    const fault = rule as RequestFault;
    const draw = drawsOf(rule.seed ?? this.seed, fault.kind, id, fired);
    if (fault.kind === "delay") await call.received();
    onHit?.(`${call.service} ${call.method} ${call.target}`);
    switch (fault.kind) {
      case "refuse":
        return "reset";
      case "cut-in-request":
        return "cut in request";
      case "no-answer":
        return "no answer";
      case "die-before-commit":
        this.options.onDie?.();
        return "cut";
      case "429":
        return this.busy(fault, new ServiceError(429, "TooManyRequests", "Too many requests."));
      case "503":
        return this.busy(fault, new ServiceError(503, "ServiceUnavailable", "The service is unavailable."));
      case "answer": {
        const { status = 200, text = "", contentType = "application/json", afterCommit } = fault.answer ?? {};
        if (afterCommit === true) {
          call.hold();
          await next();
        }
        return text === "" ? { status } : { status, text, contentType };
      }
      case "delay":
        await sleep(fault.milliseconds);
        return next();
      default:
        call.hold();
        return this.afterwards(fault, draw, call, await next());
    }
  }

  /** What happens to a request that has been carried out. */
  private afterwards({ kind }: RequestFault, draw: () => number, call: Call, answer: Outcome): Outcome {
    if (!isAnswer(answer)) return answer;
    switch (kind) {
      case "die-after-commit":
        this.options.onDie?.();
        return "cut";
      case "cut-after-status":
        return { cut: "after status", answer };
      case "cut-in-body":
        return { cut: "in body", answer, share: draw() };
      case "mutate": {
        const key = `${call.service} ${call.method}`;
        const other = this.lastAnswers.get(key);
        this.lastAnswers.set(key, answer);
        return mutate(answer, draw, other).answer;
      }
      default:
        return "cut";
    }
  }

  private busy({ retryAfterSeconds = 1, asDate = false }: RequestFault, error: ServiceError): Answer {
    const now = (this.options.clock ?? (() => new Date()))().getTime();
    const date = new Date(now + retryAfterSeconds * 1_000).toUTCString();
    return { ...odata(error), headers: { "retry-after": asDate ? date : String(retryAfterSeconds) } };
  }
}

function matches({ service, method, path }: RequestFault, call: Call): boolean {
  if (service !== undefined && service !== call.service) return false;
  if (method !== undefined && method.toUpperCase() !== call.method) return false;
  return path === undefined || pattern(path).test(call.target);
}

/** With `*` the whole target is meant, without it any part. */
function pattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return parts.length === 1 ? new RegExp(parts[0] ?? "") : new RegExp(`^${parts.join(".*")}$`, "s");
}
