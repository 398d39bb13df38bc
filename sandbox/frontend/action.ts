// What every route of the frontend has in common: the body is checked first, then the api-version, then the
// Authorization header; and two ways to answer an error.
import type { GovernanceClient, RunningGovernance } from "../governance";
import { type Answer, ProblemError, type Request, type Route, ServiceError } from "../http";
import { bind, type Bound, type ObjectModel } from "./binding";
import { type Membership, userOf } from "./membership";

const API_VERSION = "2026-03-01-preview";

/** A route's work, once the request is known to be in order. */
export type Work = (call: FrontendCall) => Promise<Answer>;

export interface Services {
  readonly governance: RunningGovernance;
  readonly membership: Membership;
}

export class FrontendCall {
  constructor(
    readonly request: Request,
    readonly body: Bound,
    readonly services: Services,
  ) {}

  param(name: string): string {
    return this.request.params[name] ?? "";
  }

  get collaborationId(): string {
    return this.param("collaborationId");
  }

  /** The bearer token. @throws ServiceError 400 when there is none */
  get token(): string {
    const header = this.request.headers.authorization;
    if (!header) throw new ServiceError(400, "MissingAuthorizationHeader", "The Authorization header is missing.");
    const parts = header.split(" ").filter((each) => each !== "");
    const [scheme, token] = parts;
    if (scheme?.toLowerCase() === "bearer" && token !== undefined && parts.length === 2) return token;
    throw new ServiceError(400, "InvalidAuthorizationHeader", "Invalid Authorization header format.");
  }

  /** Object id of the caller, or nothing when the token names none. */
  get callerId(): string {
    return userOf(this.token).objectId ?? "";
  }

  /** Governance in the caller's name, once the caller is found to be a member of the collaboration. */
  async client(): Promise<GovernanceClient> {
    const { token } = this;
    await this.services.membership.get(token, this.collaborationId);
    return this.services.governance.as(`Bearer ${token}`);
  }

  /** @throws ProblemError for what is neither `true` nor `false` */
  flag(name: string): boolean {
    const value = this.request.query.get(name) ?? "false";
    if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
    throw ProblemError.validation({ [name]: [`The value '${value}' is not valid.`] });
  }
}

/** @param body the model that the request's body must follow, with the name of the action's parameter */
export function action(
  services: Services,
  method: Route["method"],
  path: string,
  work: Work,
  body?: { readonly model: ObjectModel; readonly parameter: string },
): Route {
  return {
    method,
    path,
    handler: async (request) => {
      const bound = body === undefined ? {} : bind(body.model, body.parameter, await request.json());
      requireApiVersion(request.query.get("api-version"));
      return work(new FrontendCall(request, bound, services));
    },
  };
}

/** Routes that answer every refusal as a plain string; the code is lost. */
export function asPlainString(prefix: string, work: Work): Work {
  return async (call) => {
    try {
      return await work(call);
    } catch (error) {
      const { status = 500, message } = error as Partial<ServiceError> & Error;
      const text = `${prefix}: ${message}`;
      const accept = call.request.headers.accept ?? "*/*";
      const asJson = accept.includes("json") && !accept.includes("*/*") && !accept.includes("text/plain");
      return asJson ? { status, body: text } : { status, text };
    }
  };
}

function requireApiVersion(given: string | null): void {
  if (!given) {
    throw new ServiceError(400, "ApiVersionRequired", "The 'api-version' query parameter is required.");
  }
  if (given.toLowerCase() !== API_VERSION) {
    const message = `The api-version '${given}' is not supported. Supported versions: ${API_VERSION}.`;
    throw new ServiceError(400, "UnsupportedApiVersion", message);
  }
}
