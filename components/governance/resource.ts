// What all our own resources have in common: a provider that is known by the kind's name alone, and options that count.
import * as pulumi from "@pulumi/pulumi";
import { resourceOptions } from "../options";
import { shim } from "./shim";

/** A resource whose handler is the provider's, by the name of its kind. Its type is `pulumi-nodejs:dynamic/cleanroom:<kind>`. */
export abstract class GovernanceResource extends pulumi.dynamic.Resource {
  /** @param props the inputs, and `undefined` for everything that is observed only */
  constructor(kind: string, name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions | undefined) {
    super(shim(kind), name, props, resourceOptions(kind, name, opts), "cleanroom", kind);
  }
}
