// Options of our components and resources: each does what it says, or is refused with what to use instead. Pulumi itself
// would drop many of them without a word.
import * as pulumi from "@pulumi/pulumi";

type Option = keyof pulumi.ComponentResourceOptions | keyof pulumi.CustomResourceOptions;

/** What the engine does with a component's option by itself, on the component and on all that is below it. */
type Effective =
  | "aliases"
  | "deletedWith"
  | "dependsOn"
  | "hooks"
  | "parent"
  | "protect"
  | "provider"
  | "providers"
  | "retainOnDelete"
  | "stateMigrations"
  | "transformations"
  | "transforms";

const ON_THE_CHILD =
  "The engine would drop it: set it on the child that it means, by a function in the component's 'transforms' option.";
const WITH_A_PROVIDER = "The engine would drop it: give a provider of that version in the option 'providers'.";
const WHAT_EXISTS = "A component is made of several things: the arguments named existing… take what is there already.";

/** Why an option is refused on a component, and what to use instead. An option that is new to the SDK fails to compile. */
const REFUSED: Readonly<Record<Exclude<Option, Effective>, string>> = {
  additionalSecretOutputs: "The engine would drop it: make the output secret where it is used, by pulumi.secret().",
  customTimeouts: ON_THE_CHILD,
  deleteBeforeReplace: ON_THE_CHILD,
  envVarMappings: "It is for providers.",
  hideDiffs: ON_THE_CHILD,
  id: WHAT_EXISTS,
  ignoreChanges: ON_THE_CHILD,
  import: WHAT_EXISTS,
  pluginDownloadURL: WITH_A_PROVIDER,
  replaceOnChanges: ON_THE_CHILD,
  replaceWith: ON_THE_CHILD,
  replacementTrigger: ON_THE_CHILD,
  urn: WHAT_EXISTS,
  version: WITH_A_PROVIDER,
};

const EFFECTIVE: Readonly<Record<Effective, true>> = {
  aliases: true,
  deletedWith: true,
  dependsOn: true,
  hooks: true,
  parent: true,
  protect: true,
  provider: true,
  providers: true,
  retainOnDelete: true,
  stateMigrations: true,
  transformations: true,
  transforms: true,
};

/** For components with documents or secrets in governance. */
export const NOT_DELETED_WITH = {
  deletedWith:
    "What is in governance is deleted with nothing else: its use would stay enabled. Set it on the children that it means, by a function in the component's 'transforms' option.",
};

/**
 * The options of a component, for its base class.
 * @param alsoRefused options that this component in particular can't honour, each with the remedy
 * @throws RunError with the first option that would have no effect
 */
export function componentOptions(
  kind: string,
  name: string,
  opts: pulumi.ComponentResourceOptions | undefined,
  alsoRefused: Readonly<Partial<Record<Effective, string>>> = {},
): pulumi.ComponentResourceOptions | undefined {
  for (const [option, value] of Object.entries(opts ?? {})) {
    if (!isAsked(value)) {
      continue;
    }
    const remedy = { ...REFUSED, ...alsoRefused }[option as Option];
    if (remedy !== undefined) {
      throw refusal(kind, name, option, `has no effect on a component. ${remedy}`);
    }
    if (!(option in EFFECTIVE)) {
      throw refusal(kind, name, option, "is not known. Is it a misspelling?");
    }
  }
  return opts;
}

/**
 * The options of a resource of ours, for its base class.
 * @throws RunError with an option that the engine can't honour for a dynamic provider
 */
export function resourceOptions(
  kind: string,
  name: string,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions | undefined {
  if (isAsked(opts?.customTimeouts)) {
    const instead =
      "Every operation ends within the setting cleanroom:deadlineSeconds; waiting for other collaborators is the argument waitSeconds, where there is one.";
    throw refusal(kind, name, "customTimeouts", `has no effect here. ${instead}`);
  }
  if (isAsked(opts?.import)) {
    const instead =
      "The argument adopt, where there is one, takes over what exists; everything else finds it by itself.";
    throw refusal(kind, name, "import", `can't work here: the engine has no provider to ask yet. ${instead}`);
  }
  return opts;
}

/** Nothing is asked for by what is left out, switched off or empty. */
function isAsked(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

function refusal(kind: string, name: string, option: string, why: string): pulumi.RunError {
  return new pulumi.RunError(`${kind} '${name}': the option '${option}' ${why}`);
}

/**
 * Aliases for a child, from those of its component that name it otherwise. The engine derives a child's earlier name by
 * itself only where that begins with its component's; for every other child, and for a component that has such
 * children, it is said here.
 * @param childName the child's name, from the component's
 */
export function childAliases(
  opts: pulumi.ComponentResourceOptions | undefined,
  name: string,
  childName: (componentName: string) => string = (componentName) => componentName,
): pulumi.Input<pulumi.Alias>[] {
  return (opts?.aliases ?? [])
    .filter((alias) => typeof alias !== "object" || !("parent" in alias) || "name" in alias)
    .map((alias) => pulumi.output(alias).apply((known) => ({ name: childName(earlierName(known) ?? name) })));
}

function earlierName(alias: pulumi.Unwrap<pulumi.URN | pulumi.Alias>): string | undefined {
  return typeof alias === "string" ? alias.split("::").at(-1) : alias.name;
}
