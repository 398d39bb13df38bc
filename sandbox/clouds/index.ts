// The sandbox's clouds: what Azure, AWS, Entra and the command provider hold for the three collaborators.
export type * from "./facts";
export type { CloudHooks, KeyFacts, KeyRequest, SecretFacts, SecretRequest } from "./hooks";
export { CloudState } from "./state";
