// Refusals of the token endpoint, in Entra's shape.
import { randomUUID } from "node:crypto";
import type { Answer } from "../http";

/** `code` is the number after AADSTS; the description begins with it. */
export function aadError(error: string, code: number, description: string, status = 400): Answer {
  const timestamp = new Date().toISOString().replace("T", " ").replace(/\.\d+/, "");
  const [trace, correlation] = [randomUUID(), randomUUID()];
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${description} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
    },
  };
}
