// How far a request to a service gets: name, connection, TLS. Each is looked at by itself, so that the one that fails is
// named. Nothing is sent, and no token.
import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isLoopback } from "../../provider/http/route";
import { type Found, ok, problem } from "./check";

/** Milliseconds for each layer. */
const PATIENCE = 5_000;
const PROXIES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];

interface Broken {
  readonly layer: string;
  readonly why: string;
  readonly remedy: string;
}

/** @param setting the address's own, such as `cleanroom:frontendUrl` */
export async function checkReach(what: string, address: string, setting: string): Promise<Found> {
  const url = new URL(address);
  const proxy = PROXIES.find((name) => (process.env[name] ?? "") !== "");
  if (proxy !== undefined && !isLoopback(url)) {
    return ok(what, `${url.host}, through the proxy that ${proxy} names`);
  }
  const broken = await firstBroken(url, setting);
  return broken === undefined
    ? ok(what, url.host)
    : problem(what, `${url.host}: ${broken.layer}: ${broken.why}`, broken.remedy);
}

async function firstBroken(url: URL, setting: string): Promise<Broken | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  try {
    await lookup(host);
  } catch (error) {
    const remedy = `check ${setting}, and the DNS of this network; name a proxy in HTTPS_PROXY where one is needed`;
    return { layer: "name (DNS)", why: said(error), remedy };
  }
  try {
    await opened(connect({ host, port }), "connect");
  } catch (error) {
    const remedy = `check ${setting} and that the service runs; name a proxy in HTTPS_PROXY where one is needed`;
    return { layer: `connection to port ${port}`, why: said(error), remedy };
  }
  if (url.protocol !== "https:") {
    return undefined;
  }
  try {
    await opened(connectTls({ host, port, servername: host.includes(":") ? undefined : host }), "secureConnect");
  } catch (error) {
    const remedy = `check ${setting}; where the service has an authority of its own, name its file in NODE_EXTRA_CA_CERTS`;
    return { layer: "TLS", why: said(error), remedy };
  }
  return undefined;
}

function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const timer = setTimeout(
      end(() => reject(new Error(`no answer within ${PATIENCE / 1_000} s`))),
      PATIENCE,
    );
    socket.once(event, end(resolve));
    socket.once("error", (error) => end(() => reject(error))());
  });
}

const said = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
};
