import type * as pulumi from "@pulumi/pulumi";

/**
 * The provider of one kind of resource: the same object for the same kind, and the same text in every state, for ever.
 * Its methods are there once the engine has configured it, which it does before it calls any.
 */
export declare function shim(kind: string): pulumi.dynamic.ResourceProvider;
