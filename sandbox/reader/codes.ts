// The code with which a service refuses, out of the shapes in which the clouds' clients throw it, and its words in a line.

/** `AADSTS700213`, `ForbiddenByRbac`, `AuthorizationPermissionMismatch`, `InvalidAccessKeyId`; undefined when there is none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, name, details } = error as Error & { readonly code?: unknown; readonly details?: unknown };
  const entra = /^AADSTS\d+/.exec(error.message)?.[0];
  if (entra !== undefined) return entra;
  const { errorCode, error: body } = (details ?? {}) as {
    readonly errorCode?: unknown;
    readonly error?: { readonly innerError?: { readonly code?: unknown } };
  };
  // S3 has one code for whatever forbids; who forbade stands in its words.
  if (name === "AccessDenied" && error.message.includes("resource-based policy")) return "DeniedByBucket";
  const found = [body?.innerError?.code, errorCode, code].find((each) => typeof each === "string" && each !== "");
  return typeof found === "string" ? found : name === "Error" ? undefined : name;
}

/** The first line of what was said; the code alone of who says nothing else. */
export function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const line = error.message.split("\n")[0] ?? "";
  return line === "" || line === "UnknownError" ? (codeOf(error) ?? "no reason was given") : line;
}
