// The provider protocol, and what a model of a resource type is made of.
export { Locks } from "./locks";
export { normalised } from "./location";
export type { Autoname, Changed, Cloud, CloudFunction, Current, Made, Model, Naming, ProviderPackage } from "./model";
export { Operations } from "./operations";
export { type ServedProvider, serve } from "./serve";
export * from "./shape";
export { getPath, hasUnknown, isUnknown, merge, UNKNOWN } from "./values";
