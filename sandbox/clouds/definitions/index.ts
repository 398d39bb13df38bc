// What the providers' packages say of their types, and the check of inputs against it.
export { bridged } from "./bridged";
export { checkDefinition, type Wording } from "./check";
export { type Definition, definitionOf, type Enumeration, enumerationOf } from "./definition";
