// What a resource type of a cloud is to the protocol: its inputs, what forces a replacement, what is known only
// afterwards, and what happens when it is made, changed, read and deleted.
import type { Collaborator } from "../../context";
import type { Properties, Resource } from "../records";
import type { Wording } from "../definitions/check";
import type { CloudState } from "../state";
import type { Failure, Fields } from "./shape";

/** One collaborator's cloud, as seen by one engine. */
export interface Cloud {
  /** Whose subscription, account and tenant it is, and who acts in it. */
  readonly collaborator: Collaborator;
  readonly state: CloudState;
  readonly clock: () => Date;
  /** The provider's configuration as the engine gave it: `location`, `region`. */
  readonly config: Readonly<Record<string, string>>;
  /** What is being written to right now, by any engine. */
  readonly busy: Set<string>;
  /** Variables of the collaborator's shell, for what runs in its place. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** Folder of the Pulumi project; the engine does not say it. @default this project's root */
  readonly project?: string;
  /** Ends when the engine cancels, or is gone. */
  readonly signal: AbortSignal;
  /** Shown by the engine beside the resource. */
  readonly log: (message: string) => void;
}

export interface Autoname {
  /** The input that is the resource's name in the cloud. */
  readonly property: string;
  /** Whether no other resource can have the same name by chance. */
  readonly unique: boolean;
  /** @param random hexadecimal digits that the engine derives from its seed */
  make(name: string, random: (digits: number) => string): string;
}

/** A resource as it stands: from the records, or for one that is not recorded from the engine. */
export interface Current {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Changed {
  /** The computed outputs; laid over what the inputs give. */
  readonly outputs: Properties;
  readonly hidden?: Properties;
}

export interface Made extends Changed {
  readonly id: string;
  /** Outputs that only this answer has: no read ever gives them again. */
  readonly once?: Properties;
}

export interface Model {
  readonly type: string;
  /** The file that says what is modelled, as errors name it. */
  readonly file: string;
  /** Which of the inputs that the provider knows are modelled, and the rules that its types do not say. */
  readonly inputs: Fields;
  readonly autoname?: Autoname;
  /** Inputs, as dotted paths, whose change makes another resource. */
  readonly replaceOn: readonly string[];
  /** Outputs, as dotted paths, that nobody knows before the resource is made. */
  readonly computed: readonly string[];
  /** Those of them that an update may change. */
  readonly changing?: readonly string[];
  /** Outputs that are always secret. */
  readonly secrets?: readonly string[];
  /** Every computed output is secret when any input is. */
  readonly contagious?: true;
  /** Writes of this type may meet each other; otherwise they wait for one another. */
  readonly concurrent?: true;
  /** The cloud keeps nothing of it: the engine's state is all there is. */
  readonly unrecorded?: true;
  /** Inputs that the provider fills in; before anything is checked. @param before inputs of the last deployment */
  complete?(cloud: Cloud, inputs: Properties, before: Properties): Properties;
  /** Rules between inputs, unknown values included: those pass. */
  validate?(inputs: Properties, cloud: Cloud): readonly Failure[];
  /** The outputs that the inputs alone give. */
  echo(inputs: Properties, cloud: Cloud): Properties;
  create(cloud: Cloud, inputs: Properties, name: string): Promise<Made>;
  update(cloud: Cloud, current: Current, inputs: Properties): Promise<Changed>;
  /** What it is now, where that is not in the records alone; undefined when it is gone. */
  read?(cloud: Cloud, current: Resource): Promise<Pick<Resource, "inputs" | "outputs"> | undefined>;
  /** The record goes afterwards, unless it is `keep`t in some other form. */
  delete?(cloud: Cloud, current: Current): Promise<void | "kept">;
}

export interface CloudFunction {
  readonly token: string;
  readonly file: string;
  readonly inputs: Fields;
  call(cloud: Cloud, args: Properties): Properties | Promise<Properties>;
}

/** One provider package: what the engine attaches to. */
export interface ProviderPackage {
  /** `azure-native`, as in PULUMI_DEBUG_PROVIDERS. */
  readonly name: string;
  readonly version: string;
  readonly models: readonly Model[];
  readonly functions: readonly CloudFunction[];
  /** How the real provider words a refusal of its cloud. */
  explain(error: { readonly status: number; readonly code: string; readonly message: string }, act: string): string;
  /** How the real provider words that inputs do not fit their types. */
  readonly wording: Wording;
  readonly naming: Naming;
}

/** How the real provider remembers among the inputs whether it has chosen a resource's name. */
export interface Naming {
  /** Whether the last deployment's name stays where the program gives none. */
  keeps(before: Properties, property: string): boolean;
  /** What it notes. @param chosen how the name is chosen that the program does not give @param before if its name stays */
  notes(chosen: Autoname | undefined, before: Properties | undefined): Properties;
  /** Whether the old resource has to go before its replacement can have the name. */
  deletesFirst(before: Properties, after: Properties, property: string): boolean;
}
