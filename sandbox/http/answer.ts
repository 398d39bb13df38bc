// What a service answers, before it becomes bytes; and the refusals that become answers.

export interface Answer {
  readonly status: number;
  /** Written as JSON, unless `text` is given. Neither: an empty body. */
  readonly body?: unknown;
  readonly text?: string;
  /** Written as they are, in the place of both. */
  readonly bytes?: Buffer;
  /** @default `application/json; charset=utf-8` for a body, `text/plain; charset=utf-8` for a text */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of an answer as it is sent; undefined for none, and for bytes. */
export function textOf({ text, body }: Answer): string | undefined {
  return text ?? (body === undefined ? undefined : JSON.stringify(body));
}

export const bytesOf = (answer: Answer): Buffer => answer.bytes ?? Buffer.from(textOf(answer) ?? "");

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const empty = (status = 200): Answer => ({ status });

/** A request that is refused; services answer it as an OData error. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers?: Readonly<Record<string, string>>,
    /** Further fields of the error object, such as `details`. */
    readonly extra?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** The OData error shape: `{"error": {"code", "message"}}`. */
export function odata(error: ServiceError): Answer {
  const { status, code, message, headers, extra } = error;
  return { status, headers, body: { error: { code, message, ...extra } } };
}
