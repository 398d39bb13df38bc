// The control of a sandbox that runs in another process, found by its folder.
import { request } from "node:https";
import type { FabricGrant } from "../dataplanes/onelake";
import type { FaultRule, FaultStatus } from "../faults";
import type { Change } from "../governance";
import { Home } from "../home";
import { readIfThere } from "../files";
import type { AdminFace, ReadOptions, ReadResult, Status } from "./face";

export class AdminClient implements AdminFace {
  private constructor(
    private readonly port: number,
    private readonly ca: string,
    private readonly secret: string,
    private readonly current: Status,
  ) {}

  /** @returns undefined when no sandbox runs in `dir` */
  static async find(dir: string): Promise<AdminClient | undefined> {
    const home = await Home.find(dir);
    const port = home?.known("admin");
    const ca = home && (await readIfThere(home.path("ca.pem")));
    if (home === undefined || port === undefined || ca === undefined) return undefined;
    const status = await ask<Status>({
      port,
      ca,
      secret: home.adminSecret,
      method: "GET",
      path: "/status",
      timeout: 3_000,
    }).catch((error: NodeJS.ErrnoException) => {
      // Nobody listens, or somebody with another certificate: only errors of the connection have a code.
      if (error.code !== undefined) return undefined;
      throw error;
    });
    return status && new AdminClient(port, ca, home.adminSecret, status);
  }

  /** As it was when the sandbox was found. */
  status(): Status {
    return this.current;
  }

  env(name: string): Promise<Record<string, string>> {
    return this.ask("GET", `/env/${encodeURIComponent(name)}`);
  }

  read(documentId: string, options: ReadOptions): Promise<ReadResult> {
    return this.ask("POST", `/read/${encodeURIComponent(documentId)}`, options);
  }

  setPolicy(hostData: readonly string[]): Promise<void> {
    return this.ask("PUT", "/policy", { hostData });
  }

  rotateSigningKey(): Promise<void> {
    return this.ask("POST", "/signing-key");
  }

  putUser(oid: string, user: { readonly tenantId: string; readonly identifier?: string }): Promise<void> {
    return this.ask("PUT", `/users/${encodeURIComponent(oid)}`, user);
  }

  removeUser(oid: string): Promise<void> {
    return this.ask("DELETE", `/users/${encodeURIComponent(oid)}`);
  }

  change(change: Change): Promise<void> {
    return this.ask("POST", "/ledger", change);
  }

  ledger(): Promise<readonly unknown[]> {
    return this.ask("GET", "/ledger");
  }

  giveFabricRight(grant: FabricGrant): Promise<void> {
    return this.ask("PUT", "/fabric", grant);
  }

  addFault(rule: FaultRule): Promise<{ readonly id: string }> {
    return this.ask("POST", "/faults", rule);
  }

  faults(): Promise<readonly FaultStatus[]> {
    return this.ask("GET", "/faults");
  }

  clearFaults(id?: string): Promise<void> {
    return this.ask("DELETE", id === undefined ? "/faults" : `/faults/${encodeURIComponent(id)}`);
  }

  private ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { port, ca, secret } = this;
    return ask<T>({ port, ca, secret, method, path, body, timeout: 120_000 });
  }
}

interface Asked {
  readonly port: number;
  readonly ca: string;
  readonly secret: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Milliseconds of silence that are taken for a failure. */
  readonly timeout: number;
}

function ask<T>({ port, ca, secret, method, path, body, timeout }: Asked): Promise<T> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = { "x-sandbox-admin": secret, ...(payload !== undefined && { "content-type": "application/json" }) };
  const options = {
    host: "127.0.0.1",
    servername: "localhost",
    port,
    ca,
    method,
    path: `/admin${path}`,
    headers,
    timeout,
    agent: false as const,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve((text === "" ? undefined : JSON.parse(text)) as T);
        else reject(new Error(messageOf(text) ?? `the sandbox answered ${statusCode} to ${method} ${path}`));
      });
    });
    sent.on("timeout", () =>
      sent.destroy(new Error(`the sandbox did not answer ${method} ${path} within ${timeout} ms`)),
    );
    sent.on("error", reject);
    sent.end(payload);
  });
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}
