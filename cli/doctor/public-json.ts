// What anyone may read: no token goes with the request.
import { request } from "undici";
import { Routes } from "../../provider/http/route";

/** The document can't be had, or is none. */
export class PublicDocumentError extends Error {}

/** Milliseconds. */
const PATIENCE = 10_000;
/** Bytes; discovery documents and key sets have a few hundred. */
const LARGEST = 1_000_000;

const routes = new Routes();

/** @throws PublicDocumentError that says what was asked for, and what came of it */
export async function publicJson(address: string): Promise<unknown> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:") {
    throw new PublicDocumentError(`'${address}' is no https address`);
  }
  let status: number;
  let body: string;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await request(url, { dispatcher: routes.to(url), signal });
    status = answer.statusCode;
    const bytes = await answer.body.arrayBuffer();
    if (bytes.byteLength > LARGEST) throw new Error(`it has ${bytes.byteLength} bytes`);
    body = Buffer.from(bytes).toString("utf8");
  } catch (error) {
    throw new PublicDocumentError(`${address} can't be read: ${(error as Error).message}`, { cause: error });
  }
  if (status !== 200) {
    throw new PublicDocumentError(`${address} answers ${status}`);
  }
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new PublicDocumentError(`${address} is no JSON`, { cause: error });
  }
}
