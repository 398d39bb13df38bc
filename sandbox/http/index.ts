// The base of every service of the sandbox that speaks JSON over HTTP.
export { type Answer, bytesOf, empty, odata, ok, ServiceError, textOf } from "./answer";
export { type Break, breakOff, Connections, isAnswer, type Outcome } from "./outcome";
export { ProblemError } from "./problem";
export type { Request } from "./request";
export type { Handler, Route } from "./router";
export { type Call, type Gate, type RunningService, type ServiceOptions, startService, stop } from "./server";
