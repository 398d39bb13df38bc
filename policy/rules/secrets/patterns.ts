// What secrets look like. A pattern names a form that nothing else has; a name says that any value is one.

/** Forms that are secrets wherever they stand. */
const FORMS: readonly (readonly [kind: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a storage account's connection string", /\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/i],
  ["a shared access key", /\bSharedAccessKey=[A-Za-z0-9+/]{20,}={0,2}/i],
  ["a shared access signature", /[?&;]sig=[A-Za-z0-9%+/=]{30,}/i],
  ["a connection string with a password", /\b(?:password|pwd)\s*=\s*[^;\s]{4,}\s*(?:;|$)/i],
  ["a url with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i],
  ["a signed token (JWT)", /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/],
  ["a bearer token", /\bBearer\s+[A-Za-z0-9._~+/-]{20,}/],
  ["an AWS secret access key", /"?(?:aws_?secret_?access_?key)"?\s*[:=]\s*"?[A-Za-z0-9+/]{40}\b/i],
  ["an Entra client secret", /\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ["a Pulumi access token", /\bpul-[0-9a-f]{40}\b/],
];

/** Names whose values are secrets, whatever they look like. */
const NAMES =
  /(?:^|[._-])(?:password|passwd|pwd|client_?secret|secret_?access_?key|secret_?key|account_?key|access_?token|api_?key|auth_?token|token|connection_?string|private_?key|encryption_?key|passphrase|sas_?token)$/i;

/** What kind of secret the text holds, never the text itself. */
export function secretIn(text: unknown): string | undefined {
  return typeof text === "string" ? FORMS.find(([, form]) => form.test(text))?.[0] : undefined;
}

/** Whether values of this name are secrets: the last part of `environment.GITHUB_TOKEN`. */
export function namesSecret(path: string): boolean {
  const name =
    path
      .replace(/\[\d+\]$/, "")
      .split(".")
      .pop() ?? "";
  return NAMES.test(name) || NAMES.test(name.replace(/(?<=[a-z])(?=[A-Z])/g, "_"));
}

/** Base64 of exactly 32 bytes: what a data encryption key is. */
export function isDataKey(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z0-9+/]{43}=$/.test(value);
}
