// A resource as rules see it, whichever call of the engine told of it.
import { leavesOf, readable, type Leaf, type Wire } from "./values";

/** What the engine tells of a resource. */
export interface Told {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs, when one resource is asked about; outputs, when the whole stack is. */
  readonly properties: Wire;
  readonly parent?: string;
  /** URNs that a property's value was computed from, by property. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

export class Resource {
  readonly urn: string;
  readonly name: string;
  /** Without its version: `azure-native:keyvault/v20230701:Key` is an `azure-native:keyvault:Key`. */
  readonly type: string;
  /** What the program asked for. Reading what is not known yet throws. */
  readonly inputs: Wire;
  /** What there is, or what the preview expects; the inputs, while the resource alone is judged. */
  readonly outputs: Wire;

  constructor(
    private readonly told: Told,
    private readonly asked: Wire = told.properties,
  ) {
    this.urn = told.urn;
    this.name = told.name;
    this.type = told.type.replace(/\/v\d{8}(preview|privatepreview)?:/, ":");
    this.inputs = readable(asked);
    this.outputs = readable(told.properties);
  }

  /** Its kind in words, and its name: `Storage account 'sales'`. */
  get label(): string {
    const kind = this.type.slice(this.type.lastIndexOf(":") + 1).replace(/(?<=[a-z])(?=[A-Z])/g, " ");
    return `${kind.charAt(0)}${kind.slice(1).toLowerCase()} '${this.name}'`;
  }

  get parent(): string | undefined {
    return this.told.parent;
  }

  /** Every value that was asked for, with its path. */
  inputLeaves(): Generator<Leaf> {
    return leavesOf(this.asked);
  }

  outputLeaves(): Generator<Leaf> {
    return leavesOf(this.told.properties);
  }

  /** URNs of the resources that the property's value was computed from; known for the whole stack only. */
  dependenciesOf(property: string): readonly string[] {
    return this.told.propertyDependencies?.[property] ?? [];
  }

  /** Whether the property was computed from the other resource: known in a preview, when its value may not be. */
  dependsOn(property: string, other: Resource): boolean {
    return this.dependenciesOf(property).includes(other.urn);
  }
}
