// Reads the four shapes in which the services say no, and nothing of what they say is lost, except secrets.
import { parseJson } from "../model/json";
import { quotable } from "../redaction";

/** What a service said in an error answer. */
export interface Problem {
  readonly code?: string;
  readonly message: string;
}

const LONGEST = 2_000;
const LONGEST_NAME = 80;
const UNEXPLAINED = "(no explanation)";

/**
 * Understands OData errors (`{"error": {code, message}}`), RFC 9457 problems with their field errors, a JSON string
 * (the frontend's publish and oidc routes) and plain text.
 */
export function readProblem(contentType: string, text: string): Problem {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { message: UNEXPLAINED };
  }
  if (/html/i.test(contentType) || /^<(!doctype|html)/i.test(trimmed)) {
    return { code: "NotTheService", message: `an HTML page (${titleOf(trimmed)}), so this is not the service itself` };
  }
  let body: unknown;
  try {
    body = parseJson(trimmed);
  } catch {
    return { message: quotable(trimmed, LONGEST) };
  }
  const { code, message } = fromJson(body) ?? { message: trimmed };
  return {
    code: code === undefined ? undefined : quotable(code, LONGEST_NAME),
    message: message.trim() === "" ? UNEXPLAINED : quotable(message, LONGEST),
  };
}

function fromJson(body: unknown): Problem | undefined {
  if (typeof body === "string") {
    return { message: body };
  }
  if (typeof body !== "object" || body === null) {
    return undefined;
  }
  const { error, title, detail, errors } = body as Record<string, unknown>;
  if (typeof error === "object" && error !== null) {
    const { code, message } = error as Record<string, unknown>;
    return {
      code: typeof code === "string" ? code : undefined,
      message: typeof message === "string" ? message : JSON.stringify(error),
    };
  }
  if (typeof error === "string") {
    const description = (body as Record<string, unknown>).error_description;
    return { code: error, message: typeof description === "string" ? description : error };
  }
  if (typeof title === "string") {
    const fields =
      typeof errors === "object" && errors !== null
        ? Object.entries(errors as Record<string, unknown>).map(([field, said]) => `${field}: ${spoken(said)}`)
        : [];
    return { message: [title, ...(typeof detail === "string" ? [detail] : []), ...fields].join("; ") };
  }
  return undefined;
}

/** What is wrong with one field: a sentence, several, or something that no service says. */
function spoken(said: unknown): string {
  return [said]
    .flat()
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join(" ");
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(html)?.[1]?.trim();
  return title === undefined || title === "" ? "untitled" : `titled '${quotable(title, LONGEST_NAME)}'`;
}
