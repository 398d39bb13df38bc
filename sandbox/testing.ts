// For tests of the services: a sandbox in a folder of its own, and an HTTPS client that keeps its connections.
import { Agent, request } from "node:https";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Home } from "./home";
import { type Services, type ServicesOptions, startServices } from "./services";
import { type Collaborator, collaborator, serviceAudience } from "./world";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is empty or none. */
  readonly body: unknown;
}

export interface Send {
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Person = "contosso" | "litware" | "fabrikam";

export interface TestServices extends Services {
  call(method: string, url: string, send?: Send): Promise<Reply>;
  /** A token of the collaborator's user, good for governance and frontend. */
  token(name: Person, change?: Partial<Collaborator>): Promise<string>;
  /** The same, and removes the folder. */
  end(): Promise<void>;
}

/** @param folder of services that have run before and are to run on. @default a new one */
export async function startTestServices(
  options: Omit<ServicesOptions, "home"> = {},
  folder?: string,
): Promise<TestServices> {
  const dir = folder ?? (await mkdtemp(join(tmpdir(), "sandbox-")));
  const services = await startServices({ ...options, home: await Home.open(dir) });
  const agent = new Agent({ keepAlive: true, ca: services.tls.ca });
  return {
    ...services,
    call: (method, url, send = {}) => call(agent, method, url, send),
    token: (name, change = {}) => {
      const { tenantId, userOid: oid, upn } = { ...collaborator(name), ...change };
      return services.signIn.issue({ tenantId, oid, audience: serviceAudience, upn });
    },
    close: async (abruptly) => {
      agent.destroy();
      await services.close(abruptly);
    },
    end: async () => {
      agent.destroy();
      await services.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function call(agent: Agent, method: string, url: string, { token, body, raw, headers }: Send): Promise<Reply> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const all = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(payload !== undefined && {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(payload)),
    }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) });
      });
    });
    sent.on("error", reject);
    sent.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
