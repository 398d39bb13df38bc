// Refusals in the shape that ASP.NET gives what its own checks refuse: `application/problem+json`.
import { randomBytes } from "node:crypto";
import type { Answer } from "./answer";

const sections: Readonly<Record<number, string>> = { 400: "15.5.1", 413: "15.5.14", 415: "15.5.16" };

/** A body that the service's own checks refuse; `errors` maps a property's path to what is wrong with it. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly errors?: Readonly<Record<string, readonly string[]>>,
  ) {
    super(title);
  }

  static validation(errors: Readonly<Record<string, readonly string[]>>): ProblemError {
    return new ProblemError(400, "One or more validation errors occurred.", errors);
  }
}

export function problem({ status, title, errors }: ProblemError): Answer {
  const traceId = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`;
  const type = `https://tools.ietf.org/html/rfc9110#section-${sections[status]}`;
  return {
    status,
    contentType: "application/problem+json; charset=utf-8",
    body: { type, title, status, errors, traceId },
  };
}
