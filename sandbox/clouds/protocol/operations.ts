// What the engine asks of a provider, on plain values: check, diff, create, update, read, delete and invoke, the same for
// every model. Secrets stay secret, previews say what is not known yet, nothing is recorded before the cloud has done it.
import { ServiceError } from "../../http";
import { checkDefinition, definitionOf } from "../definitions";
import type { Properties, Resource } from "../records";
import { type Difference, differences, touches } from "./diff";
import { isAlias } from "./location";
import type { Locks } from "./locks";
import type { Cloud, Current, Model, ProviderPackage } from "./model";
import { checkFields, type Failure } from "./shape";
import { copyPaths, merge, plainObject, secretPaths, withSecrets, withUnknowns } from "./values";

interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

export interface Diffed {
  readonly differences: readonly (Difference & { readonly replaces: boolean })[];
  readonly deleteBeforeReplace: boolean;
}

export interface State {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

interface Subject {
  readonly type: string;
  readonly name: string;
}

export class Operations {
  private readonly models: ReadonlyMap<string, Model>;

  constructor(
    private readonly provider: ProviderPackage,
    private readonly locks: Locks,
  ) {
    this.models = new Map(provider.models.map((each) => [each.type, each]));
  }

  check(
    cloud: Cloud,
    subject: Subject,
    given: Properties,
    before: Properties,
    random: (digits: number) => string,
  ): Checked {
    const model = this.model(subject.type);
    const { autoname } = model;
    const { naming } = this.provider;
    const chosen = autoname !== undefined && given[autoname.property] == null ? autoname : undefined;
    const stays = chosen !== undefined && naming.keeps(before, chosen.property);
    const name = stays ? before[chosen.property] : chosen?.make(subject.name, random);
    const named = chosen ? { ...given, [chosen.property]: name } : given;
    const completed = model.complete?.(cloud, named, plainObject(before)) ?? named;
    const notes = autoname === undefined ? {} : naming.notes(chosen, stays ? before : undefined);
    const known = plainObject(completed);
    const { wording } = this.provider;
    const definition = definitionOf(model.type);
    const typed = checkDefinition(definition, wording, subject.name, known, secretPaths(completed));
    const missing = (path: string): string => wording.missing({ name: subject.name, path, definition });
    const { type, file } = model;
    const shapes = typed.length > 0 ? typed : checkFields(model.inputs, known, { type, file, missing });
    const failures = shapes.length > 0 ? shapes : (model.validate?.(known, cloud) ?? []);
    return { inputs: { ...completed, ...notes }, failures };
  }

  diff(type: string, before: Properties, after: Properties): Diffed {
    const model = this.model(type);
    const [old, now] = [plainObject(before), plainObject(after)];
    const found = differences(old, now)
      .filter(({ path }) => path !== "location" || !isAlias(old.location, now.location))
      .map((each) => ({ ...each, replaces: touches(each.path, model.replaceOn) }));
    const { autoname } = model;
    const first = autoname !== undefined && this.provider.naming.deletesFirst(before, after, autoname.property);
    return { differences: found, deleteBeforeReplace: first };
  }

  previewCreate(cloud: Cloud, type: string, inputs: Properties): Properties {
    const model = this.model(type);
    const outputs = withUnknowns(model.echo(plainObject(inputs), cloud), model.computed);
    return markSecrets(model, inputs, outputs);
  }

  previewUpdate(cloud: Cloud, type: string, inputs: Properties, before: Properties): Properties {
    const model = this.model(type);
    const known = copyPaths(model.echo(plainObject(inputs), cloud), plainObject(before), model.computed);
    return markSecrets(model, inputs, withUnknowns(known, model.changing ?? []), before);
  }

  async create(
    cloud: Cloud,
    { type, name }: Subject,
    inputs: Properties,
  ): Promise<{ id: string; outputs: Properties }> {
    const model = this.model(type);
    const given = plainObject(inputs);
    return this.exclusively(model, async () => {
      const { id, outputs, hidden, once = {} } = await model.create(cloud, given, name);
      const recorded = merge(model.echo(given, cloud), outputs);
      if (!model.unrecorded) {
        const owner = cloud.collaborator.name;
        await cloud.state.records.put({ owner, type, id, inputs: given, outputs: recorded, hidden });
      }
      return { id, outputs: markSecrets(model, inputs, { ...recorded, ...once }) };
    });
  }

  async update(cloud: Cloud, type: string, state: State, inputs: Properties): Promise<Properties> {
    const model = this.model(type);
    const given = plainObject(inputs);
    return this.exclusively(model, async () => {
      const record = this.record(cloud, model, state.id);
      if (record === undefined && !model.unrecorded) throw gone(type, state.id);
      const current = record ?? plainState(state);
      const { outputs, hidden } = await model.update(cloud, current, given);
      const kept = copyPaths(model.echo(given, cloud), current.outputs, model.computed);
      const recorded = merge(kept, outputs);
      if (record !== undefined) {
        const next: Resource = { ...record, inputs: given, outputs: recorded, hidden: { ...record.hidden, ...hidden } };
        await cloud.state.records.put(next);
      }
      // Outputs of the creation's answer alone stay as the state has them.
      const remembered = copyPaths(recorded, plainObject(state.outputs), model.secrets ?? []);
      return markSecrets(model, inputs, remembered, state.outputs);
    });
  }

  /** @returns undefined when it is gone. An import gives an id and nothing else. */
  async read(cloud: Cloud, type: string, state: State): Promise<State | undefined> {
    const model = this.model(type);
    if (model.unrecorded) return state;
    const record = this.record(cloud, model, state.id);
    if (record === undefined) return undefined;
    const now = model.read === undefined ? record : await model.read(cloud, record);
    if (now === undefined) return undefined;
    const remembered = copyPaths(now.outputs, plainObject(state.outputs), model.secrets ?? []);
    const notes = Object.fromEntries(Object.entries(state.inputs).filter(([key]) => key.startsWith("__")));
    return {
      id: record.id,
      inputs: withSecrets({ ...now.inputs, ...notes }, secretPaths(state.inputs)),
      outputs: markSecrets(model, state.inputs, remembered, state.outputs),
    };
  }

  async delete(cloud: Cloud, type: string, state: State): Promise<void> {
    const model = this.model(type);
    await this.exclusively(model, async () => {
      const record = this.record(cloud, model, state.id);
      // Deleting what is gone is done already.
      if (record === undefined && !model.unrecorded) return;
      const kept = await model.delete?.(cloud, record ?? plainState(state));
      if (record !== undefined && kept !== "kept") await cloud.state.records.delete(record);
    });
  }

  async invoke(cloud: Cloud, token: string, args: Properties): Promise<Properties | readonly Failure[]> {
    const found = this.provider.functions.find((each) => each.token === token);
    if (found === undefined) {
      const known = this.provider.functions.map((each) => each.token).join(", ");
      throw new Error(
        `the sandbox does not model the function ${token}; of ${this.provider.name} it does: ${known || "none"}`,
      );
    }
    const known = plainObject(args);
    const typed = checkDefinition(definitionOf(token), this.provider.wording, token, known, secretPaths(args));
    const failures = typed.length > 0 ? typed : checkFields(found.inputs, known, { type: token, file: found.file });
    return failures.length > 0 ? failures : found.call(cloud, known);
  }

  private exclusively<T>(model: Model, work: () => Promise<T>): Promise<T> {
    return model.concurrent ? work() : this.locks.run(model.type, work);
  }

  private record(cloud: Cloud, { type }: Model, id: string): Resource | undefined {
    return cloud.state.records.get({ owner: cloud.collaborator.name, type, id });
  }

  private model(type: string): Model {
    const found = this.models.get(type);
    if (found !== undefined) return found;
    const known = [...this.models.keys()].join(", ");
    throw new Error(`the sandbox does not model the resource type ${type}; of ${this.provider.name} it does: ${known}`);
  }
}

const plainState = ({ id, inputs, outputs }: State): Current => ({
  id,
  inputs: plainObject(inputs),
  outputs: plainObject(outputs),
});

const gone = (type: string, id: string): ServiceError =>
  new ServiceError(404, "ResourceNotFound", `The resource ${id} (${type}) was not found; run pulumi refresh.`);

function markSecrets(model: Model, inputs: Properties, outputs: Properties, before: Properties = {}): Properties {
  const given = secretPaths(inputs);
  const caught = model.contagious && given.length > 0 ? model.computed : [];
  return withSecrets(outputs, [...given, ...caught, ...(model.secrets ?? []), ...secretPaths(before)]);
}
