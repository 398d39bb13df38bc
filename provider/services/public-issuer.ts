// An issuer as everybody sees it, Microsoft Entra included: its discovery document and keys, read without signing in.
import { request } from "undici";
import { messageOf } from "../errors";
import { readBody } from "../http/body";
import { isLoopback, Routes } from "../http/route";
import { parseJson } from "../model/json";
import { DISCOVERY_PATH, signingKeysOf, type SigningKey } from "../model/issuer";

/** What is served, or why it is no use. */
export type Served =
  | { readonly issuer: string; readonly keys: readonly SigningKey[]; readonly problem?: undefined }
  | { readonly problem: string };

const LARGEST = 256 * 1024;
const PATIENCE = 10_000;
const routes = new Routes();

export async function readIssuer(issuerUrl: string): Promise<Served> {
  const at = `${issuerUrl}/${DISCOVERY_PATH}`;
  try {
    const { issuer, jwks_uri: keysUrl } = await readJson(at);
    if (issuer !== issuerUrl) {
      return { problem: `the discovery document at ${at} names the issuer ${quoted(issuer)}, not '${issuerUrl}'` };
    }
    if (typeof keysUrl !== "string" || !URL.canParse(keysUrl)) {
      return { problem: `the discovery document at ${at} names ${quoted(keysUrl)} as jwks_uri, which is no URL` };
    }
    const { keys } = await readJson(keysUrl);
    return Array.isArray(keys)
      ? { issuer, keys: signingKeysOf(keys as Record<string, unknown>[]) }
      : { problem: `what is served at ${keysUrl} is no set of keys` };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function readJson(address: string): Promise<Record<string, unknown>> {
  const url = new URL(address);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw new Error(`${address} is no https address, as Microsoft Entra asks for`);
  }
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const { statusCode, headers, body } = await request(url, { dispatcher: routes.to(url), signal });
    const text = await readBody(body, String(headers["content-encoding"] ?? ""), statusCode !== 200);
    if (statusCode !== 200 || text.length > LARGEST) {
      throw new Error(`it answered ${statusCode}, ${text.length} characters`);
    }
    const value = parseJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw new Error("it is no JSON object");
  } catch (error) {
    throw new Error(`${address} can't be read: ${messageOf(error)}`, { cause: error });
  }
}

const quoted = (value: unknown): string => (typeof value === "string" ? `'${value.slice(0, 200)}'` : "nothing");
