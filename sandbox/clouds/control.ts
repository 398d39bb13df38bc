// The control plane without an engine: the same models and rules for those who come by another door, as AWS's own clients
// do to IAM. What one of the doors has made the other finds.
import { ServiceError } from "../http";
import { Operations, type Cloud, type Locks, type ProviderPackage } from "./protocol";
import type { Properties, Resource } from "./records";

export interface Control {
  /** All of a type that are the collaborator's, oldest first. */
  list(type: string): readonly Resource[];
  find(type: string, id: string): Resource | undefined;
  /** @throws ServiceError for what the cloud refuses, 400 ValidationError for inputs that do not fit */
  create(type: string, inputs: Properties): Promise<Resource>;
  update(type: string, id: string, inputs: Properties): Promise<Resource>;
  delete(type: string, id: string): Promise<void>;
}

export function control(
  provider: ProviderPackage,
  cloud: Omit<Cloud, "config" | "signal" | "log">,
  locks: Locks,
): Control {
  const operations = new Operations(provider, locks);
  const whole: Cloud = { ...cloud, config: {}, signal: new AbortController().signal, log: () => undefined };
  const owner = cloud.collaborator.name;
  const { records } = cloud.state;
  const find = (type: string, id: string): Resource | undefined => records.get({ owner, type, id });
  const checked = (type: string, inputs: Properties, before: Properties): Properties => {
    const name = String(inputs.name ?? inputs.user);
    const result = operations.check(whole, { type, name }, inputs, before, () => "");
    const [wrong] = result.failures;
    if (wrong !== undefined) throw new ServiceError(400, "ValidationError", wrong.reason);
    return result.inputs;
  };
  const present = (type: string, id: string): Resource => {
    const found = find(type, id);
    if (found === undefined) throw new ServiceError(404, "NoSuchEntity", `There is no ${type} ${id}.`);
    return found;
  };
  return {
    list: (type) => records.list(type).filter((each) => each.owner === owner),
    find,
    create: async (type, inputs) => {
      const { id } = await operations.create(whole, { type, name: "" }, checked(type, inputs, {}));
      return present(type, id);
    },
    update: async (type, id, inputs) => {
      const before = present(type, id);
      await operations.update(whole, type, before, checked(type, inputs, before.inputs));
      return present(type, id);
    },
    delete: (type, id) => operations.delete(whole, type, present(type, id)),
  };
}
