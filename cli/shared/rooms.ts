// The collaborations that a stack takes part in, as its configuration and the environment say.
import { cleanRoomOf, type CleanRoom } from "../../provider/services/clean-room";
import type { ConfigLookup } from "../../provider/host";
import { readSettings } from "../../provider/settings";
import type { StackResource, StackState } from "./stack";

const DEFAULT_NAMESPACE = "cleanroom";

/** Namespace of the configuration of the collaboration that a resource belongs to. */
export function namespaceOf({ inputs }: StackResource): string {
  return typeof inputs.collaboration === "string" ? inputs.collaboration : DEFAULT_NAMESPACE;
}

/** By namespace: those that the stack's resources name; the default one also where it is set, or where none is named. */
export function roomsOf({ resources }: StackState, config: ConfigLookup): ReadonlyMap<string, CleanRoom> {
  const named = namespacesIn(resources);
  const room = (namespace: string): CleanRoom => cleanRoomOf(readSettings(namespace, config, process.env));
  if (named.size === 0 || room(DEFAULT_NAMESPACE).hasGovernance) {
    named.add(DEFAULT_NAMESPACE);
  }
  return new Map([...named].map((namespace) => [namespace, room(namespace)]));
}

/** Those that the stack's resources name; the default one where none is named. */
export function namespacesOf({ resources }: StackState): readonly string[] {
  const named = namespacesIn(resources);
  return named.size === 0 ? [DEFAULT_NAMESPACE] : [...named];
}

const namespacesIn = (resources: readonly StackResource[]): Set<string> =>
  new Set(resources.filter(({ kind }) => kind !== undefined).map(namespaceOf));
