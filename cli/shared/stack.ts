// A stack as its backend keeps it: resources, unfinished operations, configuration. Read only; secrets of the state stay
// ciphertext.
import type { ConfigLookup } from "../../provider/host";
import { pulumi, PulumiCliError } from "./pulumi";

type Properties = Readonly<Record<string, unknown>>;

export interface StackResource {
  readonly urn: string;
  /** The last part of the URN. */
  readonly name: string;
  /** Kind of a resource of this package (`DatasetDocument`), else undefined. */
  readonly kind: string | undefined;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Whether it is only kept until its deletion, after its replacement, succeeds. */
  readonly isToBeDeleted: boolean;
  /** Why its creation or update is not known to be done; empty when it is. */
  readonly initErrors: readonly string[];
}

/** An operation that was begun, and of whose end the state knows nothing. */
export interface PendingOperation {
  readonly urn: string;
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  readonly type: string;
}

export interface StackState {
  readonly name: string;
  readonly resources: readonly StackResource[];
  readonly pending: readonly PendingOperation[];
}

/** How the types of this package's resources begin. */
export const OF_THIS_PACKAGE = "pulumi-nodejs:dynamic/cleanroom:";

/** What the stack's backend holds; `cwd` is a folder of its project. */
export async function readState(name: string, cwd: string): Promise<StackState> {
  const text = await pulumi(["stack", "export", "--stack", name], cwd);
  return stateOf(name, parsed(text, `the state of stack '${name}'`));
}

/** The stack's own configuration, decrypted, by whole keys such as `cleanroom:token`. */
export async function readConfig(name: string, cwd: string): Promise<ConfigLookup> {
  const text = await pulumi(["config", "--stack", name, "--json", "--show-secrets"], cwd);
  const config = fields(parsed(text, `the configuration of stack '${name}'`));
  return (key) => {
    const { value } = fields(config[key]);
    return typeof value === "string" ? value : undefined;
  };
}

/** Reads what `pulumi stack export` wrote. */
export function stateOf(name: string, exported: unknown): StackState {
  const { version, deployment } = fields(exported);
  if (version !== 3) {
    throw new PulumiCliError(
      `The state of stack '${name}' is of version ${String(version)}; this release reads version 3, as Pulumi CLI 3 writes it.`,
    );
  }
  const { resources, pending_operations: operations } = fields(deployment);
  return {
    name,
    resources: list(resources).map(resourceOf),
    pending: list(operations).map((item) => {
      const { resource, type } = fields(item);
      return { urn: text(fields(resource).urn), type: text(type) };
    }),
  };
}

function resourceOf(item: unknown): StackResource {
  const { urn, type, id, inputs, outputs, delete: isToBeDeleted, initErrors } = fields(item);
  const kind = text(type).startsWith(OF_THIS_PACKAGE) ? text(type).slice(OF_THIS_PACKAGE.length) : undefined;
  return {
    urn: text(urn),
    name: nameOf(text(urn)),
    kind,
    id: text(id),
    inputs: fields(inputs),
    outputs: fields(outputs),
    isToBeDeleted: isToBeDeleted === true,
    initErrors: list(initErrors).map(text),
  };
}

/** The last part of a URN, which may have '::' in it. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function parsed(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new PulumiCliError(`The Pulumi CLI answered no JSON when it was asked for ${what}.`);
  }
}

function fields(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
