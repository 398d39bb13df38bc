// The issuer of a tenant's own, served by a front of the owner's. There is one for a tenant, so one at a time is set.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { discoveryOf, signingKeysOf, type SigningKey } from "../../../provider/model/issuer";
import { requires, type Operation } from "./worker";

interface Front {
  readonly url: string;
  serve(path: string, keys: readonly SigningKey[]): void;
}

/** Ends with the tests' process. */
let front: Promise<Front> | undefined;

async function startFront(): Promise<Front> {
  const served = new Map<string, unknown>();
  const server = createServer(({ url = "" }, response) => {
    const content = served.get(url);
    response.writeHead(content === undefined ? 404 : 200).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    serve: (path, keys) => {
      const issuer = `${url}${path}`;
      served.set(`${path}/.well-known/openid-configuration`, discoveryOf(issuer));
      served.set(new URL(discoveryOf(issuer).jwks_uri).pathname, { keys });
    },
  };
}

let last: Promise<unknown> = Promise.resolve();

function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work, work);
  last = turn.catch(() => undefined);
  return turn;
}

export const issuers: readonly Operation[] = [
  {
    name: "set a tenant's issuer",
    prepare: async (worker, ledger) => {
      const server = await (front ??= startFront());
      const path = `/${worker.fresh()}`;
      const keys = signingKeysOf([ledger.signingKey()]);
      server.serve(path, keys);
      const issuerUrl = `${server.url}${path}`;
      return {
        names: issuerUrl,
        run: () =>
          oneAtATime(async () => {
            const made = await worker.methods("contosso", "TenantIssuer").create({ issuerUrl, keys });
            return { ...made, registered: ledger.tenantIssuer() };
          }),
        holds: (result) => {
          const { outs, registered } = result as { outs: { status?: string }; registered: string };
          requires(outs.status !== "ready" || registered === issuerUrl, `the tenant's issuer ${issuerUrl}`);
          return Promise.resolve();
        },
      };
    },
  },
];
