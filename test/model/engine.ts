// An engine in little: keeps a stack's state as Pulumi does (inputs, outputs, creations that broke off, replaced objects
// still to be deleted) and calls the provider's methods as Pulumi does. It can forget what an operation answered, as an
// engine does that is killed meanwhile.
import type { Methods } from "../../provider";
import { UnconfirmedError } from "../../provider/errors";
import type { Properties } from "../../provider/host";

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly kind: string;
  readonly inputs: Properties;
}

interface Kept {
  readonly kind: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** The creation broke off: the next run updates. */
  readonly broken: boolean;
}

export interface Run {
  /** What was done, resource by resource: `sales: created`. */
  readonly done: readonly string[];
  /** What was refused or failed. */
  readonly failed: readonly string[];
}

export class Stack {
  /** By name. */
  readonly state = new Map<string, Kept>();
  /** Replaced and not yet deleted. */
  readonly #replaced: Kept[] = [];
  #forgets = false;

  constructor(private readonly methods: (kind: string) => Methods) {}

  /** The next creation, update or deletion is carried out, and its answer is lost with the engine. */
  forget(): void {
    this.#forgets = true;
  }

  async up(program: readonly Declared[]): Promise<Run> {
    const done: string[] = [];
    const failed: string[] = [];
    const step = async (name: string, work: () => Promise<string | undefined>): Promise<void> => {
      try {
        const what = await work();
        if (what !== undefined) done.push(`${name}: ${what}`);
      } catch (error) {
        failed.push(`${name}: ${(error as Error).message}`);
      }
    };
    for (const declared of program) await step(declared.name, () => this.#bring(declared));
    const names = new Set(program.map(({ name }) => name));
    for (const [name, kept] of this.state) {
      if (!names.has(name)) await step(name, () => this.#drop(name, kept));
    }
    for (const kept of this.#replaced.splice(0)) {
      await step(kept.id, async () => {
        this.#replaced.push(kept);
        await this.methods(kept.kind).delete(kept.id, kept.outputs);
        this.#replaced.splice(this.#replaced.indexOf(kept), 1);
        return "deleted";
      });
    }
    return { done, failed };
  }

  async refresh(): Promise<Run> {
    const failed: string[] = [];
    const done: string[] = [];
    for (const [name, kept] of this.state) {
      try {
        const read = await this.methods(kept.kind).read(kept.id, kept.outputs);
        if (read.id === "") {
          this.state.delete(name);
          done.push(`${name}: gone`);
        } else {
          // A refresh clears the engine's own mark of what broke off.
          this.state.set(name, { ...kept, outputs: read.props, inputs: read.inputs ?? kept.inputs, broken: false });
        }
      } catch (error) {
        failed.push(`${name}: ${(error as Error).message}`);
      }
    }
    return { done, failed };
  }

  async #bring({ name, kind, inputs: news }: Declared): Promise<string | undefined> {
    const kept = this.state.get(name);
    const methods = this.methods(kind);
    const { inputs, failures } = await methods.check(kept?.inputs ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    if (kept === undefined) return this.#create(name, kind, inputs);
    const { changes, replaces = [] } = await methods.diff(kept.id, kept.outputs, inputs);
    if (replaces.length > 0) {
      await this.#create(name, kind, inputs);
      if (this.state.get(name) !== kept) this.#replaced.push(kept);
      return "replaced";
    }
    if (!changes && !kept.broken) return undefined;
    const { outs } = await methods.update(kept.id, kept.outputs, inputs);
    if (!this.#forgotten()) this.state.set(name, { ...kept, inputs, outputs: outs, broken: false });
    return "updated";
  }

  async #create(name: string, kind: string, inputs: Properties): Promise<string> {
    try {
      const { id, outs } = await this.methods(kind).create(inputs);
      if (!this.#forgotten()) this.state.set(name, { kind, id, inputs, outputs: outs, broken: false });
      return "created";
    } catch (error) {
      if (error instanceof UnconfirmedError && !this.#forgotten()) {
        this.state.set(name, { kind, id: error.id, inputs, outputs: { ...error.properties }, broken: true });
      }
      throw error;
    }
  }

  async #drop(name: string, kept: Kept): Promise<string> {
    await this.methods(kept.kind).delete(kept.id, kept.outputs);
    if (!this.#forgotten()) this.state.delete(name);
    return "deleted";
  }

  #forgotten(): boolean {
    const forgets = this.#forgets;
    this.#forgets = false;
    return forgets;
  }
}
