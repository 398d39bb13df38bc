// What a pack is made of.
export { inForce, LEVELS, PACK_CONFIGURATION, PRESETS, type Configuration, type Preset } from "./configuration";
export type { Context, StackContext } from "./context";
export { Pack, type Diagnostic } from "./pack";
export { Resource, type Told } from "./resource";
export { cisAws, cisAzure, cleanRoom, defineRule, GROUPS, mcsb, type Reference, type Rule } from "./rule";
export { choice, flag, integer, text, textByName, texts } from "./settings";
export { isObject, type Leaf, type Wire } from "./values";
