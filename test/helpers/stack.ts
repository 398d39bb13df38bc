// What the engine does of `up`, `refresh`, `preview` and `destroy`, without the engine: the same calls in the same order
// to a real provider process, and the state that is left when one of them fails.
import { InitFailed, type Created, type Kind, type Properties } from "./provider-process";

/** A provider's kinds: a real process, or its methods in this one. */
export interface Kinds {
  kind(name: string): Kind;
}

/** One resource of a program; `inputs` may use what those before it have answered. */
export interface Declared {
  readonly name: string;
  readonly kind: string;
  readonly inputs: (outputs: Readonly<Record<string, Properties>>) => Properties;
}

interface Kept extends Created {
  readonly kind: string;
  readonly inputs: Properties;
  /** The creation broke off: the next run updates, whatever a comparison says. */
  readonly broken?: true;
}

/** A check refused the inputs: what the engine prints, and then ends. */
export class CheckFailedError extends Error {}

export class Stack {
  readonly #state = new Map<string, Kept>();
  /** Replaced, and still to be deleted. */
  #pending: Kept[] = [];

  get isEmpty(): boolean {
    return this.#state.size === 0 && this.#pending.length === 0;
  }

  /** What the state holds of a resource. */
  kept(name: string): Created | undefined {
    return this.#state.get(name);
  }

  names(): readonly string[] {
    return [...this.#state.keys()];
  }

  /** Creates, updates and replaces; answers how many resources that were. What fails leaves what was there before. */
  async up(provider: Kinds, program: readonly Declared[]): Promise<number> {
    let changed = 0;
    for (const declared of program) {
      if ((await this.bring(provider, declared)) !== undefined) changed += 1;
    }
    await this.deleteReplaced(provider);
    return changed;
  }

  /** Brings one resource to what the program says; answers what was done, or nothing. */
  async bring(
    provider: Kinds,
    { name, kind: kindName, inputs: declare }: Declared,
  ): Promise<"created" | "updated" | "replaced" | undefined> {
    const kind = provider.kind(kindName);
    const inputs = declare(this.outputs());
    const before = this.#state.get(name);
    await checked(kind, inputs, before?.inputs);
    if (before === undefined) {
      await this.#create(name, kindName, kind, inputs);
      return "created";
    }
    const { changes, replaces } = await kind.diff(before.id, before.state, inputs);
    if (replaces.length > 0) {
      await this.#create(name, kindName, kind, inputs, before);
      return "replaced";
    }
    if (!changes && before.broken !== true) return undefined;
    const state = await kind.update(before.id, before.state, inputs);
    this.#state.set(name, { kind: kindName, id: before.id, inputs, state });
    return "updated";
  }

  /** Deletes what was replaced, as the engine does at the end. */
  async deleteReplaced(provider: Kinds): Promise<void> {
    for (const old of [...this.#pending]) {
      await provider.kind(old.kind).delete(old.id, old.state);
      this.#pending = this.#pending.filter((each) => each !== old);
    }
  }

  /** Deletes one resource. */
  async drop(provider: Kinds, name: string): Promise<void> {
    const kept = this.#state.get(name);
    if (kept === undefined) return;
    await provider.kind(kept.kind).delete(kept.id, kept.state);
    this.#state.delete(name);
  }

  /** How many resources a preview would show as changed. */
  async preview(provider: Kinds, program: readonly Declared[]): Promise<number> {
    let changed = 0;
    for (const { name, kind: kindName, inputs: declare } of program) {
      const kind = provider.kind(kindName);
      const inputs = declare(this.outputs());
      const before = this.#state.get(name);
      await checked(kind, inputs, before?.inputs);
      const { changes } = before === undefined ? { changes: true } : await kind.diff(before.id, before.state, inputs);
      if (changes) changed += 1;
    }
    return changed;
  }

  /** Reads every resource; answers the names of those that are gone. */
  async refresh(provider: Kinds): Promise<readonly string[]> {
    const gone: string[] = [];
    for (const [name, before] of this.#state) {
      const read = await provider.kind(before.kind).read(before.id, before.state);
      if (read === undefined) {
        this.#state.delete(name);
        gone.push(name);
      } else {
        const { kind, id } = before;
        this.#state.set(name, { kind, id, state: read.state, inputs: read.inputs });
      }
    }
    return gone;
  }

  async destroy(provider: Kinds): Promise<void> {
    for (const name of this.names().toReversed()) await this.drop(provider, name);
  }

  async #create(name: string, kindName: string, kind: Kind, inputs: Properties, replaced?: Kept): Promise<void> {
    try {
      this.#state.set(name, { kind: kindName, inputs, ...(await kind.create(inputs)) });
      if (replaced !== undefined) this.#pending.push(replaced);
    } catch (error) {
      if (error instanceof InitFailed) {
        this.#state.set(name, { kind: kindName, inputs, id: error.id, state: error.state, broken: true });
        if (replaced !== undefined) this.#pending.push(replaced);
      }
      throw error;
    }
  }

  outputs(): Record<string, Properties> {
    return Object.fromEntries([...this.#state].map(([name, { state }]) => [name, state]));
  }
}

async function checked(kind: Kind, inputs: Properties, olds: Properties | undefined): Promise<void> {
  const failures = await kind.check(inputs, olds);
  if (failures.length > 0) throw new CheckFailedError(failures.join("\n"));
}
