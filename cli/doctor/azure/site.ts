// Where in Azure the stack's resources would be, as the checks see it.
import type { Caller } from "../../../provider/services/token";
import { text, type Need } from "../needs";
import type { Arm } from "./arm";

export interface Site {
  readonly arm: Arm;
  readonly stack: string;
  /** Who is signed in. */
  readonly caller: Caller;
  /** Id of the subscription. */
  readonly subscription: string;
  /** The stack's resources in Azure. */
  readonly needed: readonly Need[];
  /** Region of what names none. */
  readonly location: string | undefined;
}

const GROUP = "azure-native:resources:ResourceGroup";

/** Resource groups that are there already, and hold or will hold something of the stack. */
export function existingGroups({ needed }: Site): readonly string[] {
  const made = new Set(needed.filter(({ type, isNew }) => type === GROUP && isNew).map(groupOf));
  return [...new Set(needed.map(groupOf))].filter((group) => group !== "" && !made.has(group)).sort();
}

/** Name of the resource group of a resource, or its own; empty where it is not known. */
export const groupOf = ({ inputs }: Need): string => text(inputs.resourceGroupName);

/** `West Europe` and `westeurope` are one region. */
export const normalised = (location: string): string => location.toLowerCase().replace(/\s+/g, "");

/** Region of a resource: its own, its resource group's, else the stack's; undefined where none is named. */
export function regionOf(need: Need, { needed, location }: Site): string | undefined {
  const group = needed.find((each) => each.type === GROUP && groupOf(each) === groupOf(need));
  const named = text(need.inputs.location) || text(group?.inputs.location) || (location ?? "");
  return named === "" ? undefined : normalised(named);
}

export const subscriptionScope = ({ subscription }: Site): string => `/subscriptions/${subscription}`;
