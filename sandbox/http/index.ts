// The base of every service of the sandbox that speaks JSON over HTTP.
export { type Answer, empty, odata, ok, ServiceError } from "./answer";
export { ProblemError } from "./problem";
export type { Request } from "./request";
export type { Handler, Route } from "./router";
export { type Call, type Gate, type RunningService, type ServiceOptions, startService } from "./server";
