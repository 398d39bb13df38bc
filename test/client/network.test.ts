// Proxies and private authorities, as the environment of a real process names them.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answering, json } from "../helpers/answering";
import { certificateFor } from "../helpers/certificate";
import { PROXY_PASSWORD, tunnel, type Tunnel } from "../helpers/tunnel";

const HOST = "governance.cleanroom.test";
let dir: string;
let ca: string;
let service: Server;
let port: number;
let proxy: Tunnel;
let hosts: string[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-network-"));
  ca = join(dir, "ca.pem");
  const { cert, key } = await certificateFor(HOST);
  writeFileSync(ca, cert);
  hosts = [];
  service = createServer({ cert, key }, (request, response) => {
    hosts.push(`${request.headers.host ?? ""} ${request.headers.authorization ?? ""}`);
    json(response, 200, {});
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  ({ port } = service.address() as AddressInfo);
  proxy = await tunnel(port);
});
afterAll(async () => {
  await proxy.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  rmSync(dir, { recursive: true });
});

/** What a process with this environment says of one request. */
function ask(url: string, env: Readonly<Record<string, string>>, deadline = 5_000): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(__dirname, "ask.js"), url, String(deadline)], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  return new Promise((resolve) => child.on("close", () => resolve(said.trim())));
}

test("a service behind a proxy is reached through a tunnel, by its own certificate", async () => {
  expect(await ask(`https://${HOST}/x`, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca })).toBe("200");
  expect(proxy.asked).toEqual([`${HOST}:443`]);
  expect(hosts).toEqual([`${HOST} Bearer header.cGF5bG9hZA.canary-signature`]);
});

test("a host that NO_PROXY names is asked directly", async () => {
  const before = proxy.asked.length;
  const said = await ask(`https://${HOST}/x`, { HTTPS_PROXY: proxy.url, NO_PROXY: ".cleanroom.test" }, 1_000);
  expect(said).toMatch(/^UnreachableError: .*(ENOTFOUND|EAI_AGAIN).*check the address, and the network's DNS\.$/);
  expect(proxy.asked).toHaveLength(before);
});

test("what runs on this machine is never asked through a proxy", async () => {
  const before = proxy.asked.length;
  const local = await answering((response) => json(response, 200, {}));
  expect(await ask(`${local.url}/x`, { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url })).toBe("200");
  expect(proxy.asked).toHaveLength(before);
  await local.close();
});

test("fails with what helps when the authority is not known, having sent no token", async () => {
  const before = hosts.length;
  const said = await ask(`https://${HOST}/x`, { HTTPS_PROXY: proxy.url });
  expect(said).toMatch(/^UnreachableError: .*DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS\.$/);
  expect(hosts).toHaveLength(before);
});

test.each([403, 407])("fails with what helps when the proxy answers %d, without its password", async (status) => {
  const closed = await tunnel(port, status);
  const said = await ask(`https://${HOST}/x`, { HTTPS_PROXY: closed.url, NODE_EXTRA_CA_CERTS: ca });
  expect(said).toMatch(/^UnreachableError: read document 'x': GET https:\/\/governance.cleanroom.test\/x: /);
  expect(said).toContain("The proxy lets nothing through to it: check HTTPS_PROXY");
  expect(said).not.toContain(PROXY_PASSWORD);
  expect(closed.asked).toHaveLength(1);
  await closed.close();
});

test("fails with a proxy that is no URL, without showing it", async () => {
  const said = await ask(`https://${HOST}/x`, { HTTPS_PROXY: `proxy-user:${PROXY_PASSWORD}` });
  expect(said).toBe("InvalidInputError: HTTPS_PROXY in the environment is no proxy's URL: write http://host:port.");
});
