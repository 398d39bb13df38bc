// The fault matrix: a flow's requests are learned by running it once; then it is run again for each request and each
// fault, healed, and brought to its end. What must hold afterwards is read from the ledger.
import { setTimeout as sleep } from "node:timers/promises";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { newInProcess } from "../helpers/in-process";
import { three } from "../helpers/three";
import type { MatrixFault } from "./faults";
import type { Flow, Setting } from "./flows";
import { changesIn, differences, ledgerOf } from "./ledger";
import type { Declared, Kinds, Stack } from "../helpers/stack";

/** Seconds for one request of the faulted run, where nothing but the deadline ends it; and else. */
const [IMPATIENT, PATIENT] = ["2", "20"];
const NO_HIT = "the fault did not hit";
/** Milliseconds after which a faulted run hangs, however slow the machine: a tenth of what it may take is the rule. */
const LONGEST = 60_000;
/** What no message may be: an accident of ours instead of a sentence. */
const ACCIDENT = /TypeError|ReferenceError|Cannot read|is not a function|is not iterable|undefined|\[object |\n\s+at /;
/** Step, then request. */
const PLACED = /^.+: (GET|PUT|POST|PATCH|DELETE) https?:\/\/\S+/m;

export interface Cell {
  readonly flow: Flow;
  readonly fault: MatrixFault;
  /** Of the flow's requests, or of its writes. */
  readonly nth: number;
}

/** What a flow does when nothing fails. */
export interface Learned {
  readonly requests: readonly string[];
  readonly writes: number;
  readonly ledger: readonly string[];
  /** Changes that a second `up` and a preview show though nothing is to be done: others are awaited. */
  readonly quiet: number;
}

export class Bench {
  #count = 0;
  private constructor(
    private readonly setting: Setting,
    private readonly seed: number,
    /** What is done when a fault has ended the services. */
    private readonly services: { onDeath: () => void },
    private readonly learned: Map<Flow, Learned>,
  ) {}

  /** @param learned what benches know of the flows: the same for all of them */
  static async open(seed: number, learned: Map<Flow, Learned>): Promise<Bench> {
    const services = { onDeath: (): void => undefined };
    const room = await startTestRoom({ seed, onDeath: () => services.onDeath() });
    return new Bench({ room, they: await three(room) }, seed, services, learned);
  }

  end(): Promise<void> {
    return this.setting.room.end();
  }

  async learn(flow: Flow): Promise<Learned> {
    const known = this.learned.get(flow);
    if (known !== undefined) return known;
    const { room } = this.setting;
    const tag = this.#tag();
    const { stack, program } = await flow.begin(this.setting, tag);
    const provider = await newInProcess(room, flow.who);
    const before = (await changesIn(room)).length;
    const first = room.requests.length;
    await operate(flow, stack, provider, program);
    const requests = room.requests.slice(first);
    const writes = (await changesIn(room)).length - before;
    const quiet = flow.operation === "up" ? await stack.up(provider, program) : 0;
    const learned = { requests, writes, ledger: await ledgerOf(room, tag), quiet };
    this.learned.set(flow, learned);
    return learned;
  }

  /** What does not hold in this cell; nothing when all is well. */
  async run(cell: Cell): Promise<readonly string[]> {
    const problems = await this.#run(cell, IMPATIENT);
    // On a busy machine the requests before may have taken all the time there was: then with more.
    return problems.includes(NO_HIT) ? this.#run(cell, PATIENT) : problems;
  }

  async #run({ flow, fault, nth }: Cell, impatient: string): Promise<readonly string[]> {
    const learned = await this.learn(flow);
    const { room } = this.setting;
    const tag = this.#tag();
    const problems: string[] = [];
    const { stack, program } = await flow.begin(this.setting, tag);
    const rule = fault.rule(nth, this.seed + this.#count);
    const requestSeconds = fault.stays === true || rule.kind === "no-answer" ? impatient : PATIENT;
    // A process of its own where it is killed; else as good as one, at a tenth of the cost.
    const killable = fault.kills === true ? await room.ownProvider(flow.who, { requestSeconds }) : undefined;
    const provider = killable ?? (await newInProcess(room, flow.who, { requestSeconds }));
    let restarted: Promise<void> | undefined;
    this.services.onDeath = () => {
      if (fault.stays !== true) restarted = room.restart();
    };
    const id = room.faults.add(rule, () => {
      killable?.kill();
    });
    const began = Date.now();
    const failure = await operate(flow, stack, provider, program).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const took = Date.now() - began;
    if (room.faults.list().find((each) => each.id === id)?.fired === 0) problems.push(NO_HIT);
    if (took > LONGEST) problems.push(`it took ${took} ms`);
    if (failure !== undefined && fault.kills !== true) problems.push(...faultsOf(failure, rule.kind === "mutate"));
    room.faults.clear();
    await restarted;
    if (rule.kind.startsWith("die-") && fault.stays === true) await room.restart();
    await killable?.end();
    problems.push(...(await this.#healed(flow, stack, program, tag, learned)));
    if (fault.late !== undefined) {
      await sleep(Math.max(0, began + took + fault.late + 50 - Date.now()));
      problems.push(...(await this.#healed(flow, stack, program, tag, learned)).map((each) => `late: ${each}`));
    }
    return problems;
  }

  /** Brings the flow to its end, twice, and looks at what is there. */
  async #healed(
    flow: Flow,
    stack: Stack,
    program: readonly Declared[],
    tag: string,
    { ledger, quiet }: Learned,
  ): Promise<readonly string[]> {
    const { room } = this.setting;
    const provider = await room.provider(flow.who);
    const problems: string[] = [];
    try {
      await operate(flow, stack, provider, program);
      if (flow.operation === "destroy") {
        if (!stack.isEmpty) problems.push("the stack is not empty");
      } else {
        problems.push(...(await quietly(room, stack, provider, program, flow.forgets === true ? [quiet, 1] : [quiet])));
      }
    } catch (error) {
      problems.push(`after healing: ${(error as Error).message}`);
    }
    problems.push(...differences(await ledgerOf(room, tag), ledger));
    return problems;
  }

  #tag(): string {
    this.#count += 1;
    return `cell${String(this.#count).padStart(6, "0")}`;
  }
}

function operate(flow: Flow, stack: Stack, provider: Kinds, program: readonly Declared[]): Promise<unknown> {
  return flow.operation === "up" ? stack.up(provider, program) : stack.destroy(provider);
}

/** A second `up`, a refresh and a preview: nothing is written, nothing is gone, nothing shown. */
async function quietly(
  room: TestRoom,
  stack: Stack,
  provider: Kinds,
  program: readonly Declared[],
  quiet: readonly number[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  room.writes();
  const again = await stack.up(provider, program);
  if (!quiet.includes(again)) problems.push(`a second up changes ${again} instead of ${quiet.join(" or ")}`);
  const gone = await stack.refresh(provider);
  if (gone.length > 0) problems.push(`a refresh finds ${gone.join(", ")} gone`);
  const shown = await stack.preview(provider, program);
  if (!quiet.includes(shown))
    problems.push(`a preview after the refresh shows ${shown} changes instead of ${quiet.join(" or ")}`);
  const written = room.writes();
  if (written.length > 0) problems.push(`the second run writes ${written.join(", ")}`);
  return problems;
}

/** What is wrong with the text of a failure. */
function faultsOf(failure: string, isMutated: boolean): readonly string[] {
  // A strange answer that is quoted may look like one.
  if (ACCIDENT.test(isMutated ? failure.replaceAll('"[object Object]"', "") : failure))
    return [`the error is an accident: ${failure}`];
  return isMutated || PLACED.test(failure) ? [] : [`the error names no request: ${failure}`];
}
