// What the models of Microsoft Entra share.
import type { Cloud } from "../protocol";
import type { Properties, Resource } from "../records";

/** Resources of one type in the collaborator's tenant that name another one in an input. */
export const below = (
  { state, collaborator }: Cloud,
  type: string,
  property: string,
  value: unknown,
): readonly Resource[] =>
  state.records.list(type).filter((each) => each.owner === collaborator.name && each.inputs[property] === value);

/** Without the provider's notes. */
export const own = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
