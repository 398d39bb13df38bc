// What the stack would have in the clouds: taken from a preview of its own program, else all that the components create.
import { OF_THIS_PACKAGE } from "../shared/stack";
import { KINDS as AWS_KINDS } from "./aws/kinds";
import { KINDS as AZURE_KINDS } from "./azure/kinds";

type Properties = Readonly<Record<string, unknown>>;

/** One resource of the program. */
export interface Need {
  /** Its name in the program. */
  readonly name: string;
  /** Pulumi's type token, such as `azure-native:keyvault:Vault`. */
  readonly type: string;
  /** As the provider completed them; what is not known yet is left out. Empty for what is only assumed. */
  readonly inputs: Properties;
  /** Whether the next `up` creates it. */
  readonly isNew: boolean;
}

export interface Needs {
  readonly resources: readonly Need[];
  readonly from: "preview" | "components";
}

/** What the components can create, in a cloud that the stack is set up for. */
export function assumedNeeds(clouds: { readonly azure: boolean; readonly aws: boolean }): Needs {
  const types = [...(clouds.azure ? AZURE_KINDS.usual : []), ...(clouds.aws ? AWS_KINDS.usual : [])];
  return { resources: types.map((type) => ({ name: type, type, inputs: {}, isNew: true })), from: "components" };
}

/** Steps after which the resource is there anew. */
const CREATING: ReadonlySet<unknown> = new Set(["create", "create-replacement", "import"]);
/** Steps after which it is not there. */
const ENDING: ReadonlySet<unknown> = new Set(["delete", "delete-replaced", "discard", "discard-replaced"]);

/** Reads what `pulumi preview --json` wrote. */
export function needsOf(preview: unknown): Needs {
  const resources = list(fields(preview).steps).flatMap((step) => {
    const { op, urn, newState } = fields(step);
    const { type, inputs } = fields(newState);
    if (ENDING.has(op) || typeof type !== "string" || typeof urn !== "string") {
      return [];
    }
    const name = urn.split("::").slice(3).join("::");
    return [{ name, type, inputs: known(fields(inputs)), isNew: CREATING.has(op) }];
  });
  return { resources, from: "preview" };
}

/** Configuration namespaces that the program's resources name. */
export function namespacesOf({ resources }: Needs): readonly string[] {
  const own = resources.filter(({ type }) => type.startsWith(OF_THIS_PACKAGE));
  return [...new Set(own.map(({ inputs }) => text(inputs.collaboration)))].filter((name) => name !== "");
}

export const isOf = (provider: string, { type }: Need): boolean => type.startsWith(`${provider}:`);

/** The engine's marks of values that are not known yet. */
const UNKNOWN = /^(04da6b54-80e4-46f7-96ec-b56ff0331ba9|\[unknown\])$/;

function known(inputs: Properties): Properties {
  const entries = Object.entries(inputs).filter(([, value]) => !(typeof value === "string" && UNKNOWN.test(value)));
  return Object.fromEntries(entries.filter(([key]) => !key.startsWith("__")));
}

export function fields(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
