// How a service is reached: a bounded number of connections that are kept, through the proxy that the environment names.
// What runs on this machine is never asked through a proxy.
import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { InvalidInputError } from "../errors";
import { knowSecret } from "../redaction";

/** Connections to one service. */
export const CONNECTIONS = 8;

const OPTIONS = { connections: CONNECTIONS, keepAliveTimeout: 10_000 };
const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** In the order in which undici looks. */
const PROXIES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];

/** Whether a request stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

export class Routes {
  readonly #direct = new Agent(OPTIONS);
  #byProxy: EnvHttpProxyAgent | undefined;

  /** What carries a request to this URL. */
  to(url: URL): Dispatcher {
    if (isLoopback(url)) {
      return this.#direct;
    }
    this.#byProxy ??= environmentProxy();
    return this.#byProxy;
  }

  async close(): Promise<void> {
    await Promise.all([this.#direct.close(), this.#byProxy?.close()]);
  }
}

function environmentProxy(): EnvHttpProxyAgent {
  for (const name of PROXIES) {
    const value = process.env[name] ?? "";
    if (value !== "" && !(URL.canParse(value) && /^(https?|socks5?):$/.test(new URL(value).protocol))) {
      throw new InvalidInputError(`${name} in the environment is no proxy's URL: write http://host:port.`);
    }
    knowSecret(value === "" ? "" : decodeURIComponent(new URL(value).password));
  }
  return new EnvHttpProxyAgent(OPTIONS);
}
