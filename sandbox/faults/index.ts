// Faults, on purpose: at a request of any service or at a write to the ledger, by rules that can be set while it runs.
export { type FaultOptions, Faults, type FaultStatus, type OnHit } from "./faults";
export { type Draw, drawsOf, pick } from "./random";
export { MUTATIONS, mutate, type Mutation } from "./mutate";
export {
  type FaultRule,
  FaultRuleError,
  type GivenAnswer,
  parseRule,
  REQUEST_KINDS,
  type RequestFault,
  type RequestKind,
  WRITE_KINDS,
  type WriteFault,
  type WriteKind,
} from "./rule";
