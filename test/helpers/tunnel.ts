// A real forward proxy on loopback: it opens tunnels (CONNECT), all of them to one service, and remembers to where.
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface Tunnel {
  /** With user and password, as the environment names a proxy. */
  readonly url: string;
  /** What each CONNECT asked for: `host:port`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const USER = "proxy-user";
export const PROXY_PASSWORD = "canary-proxy-password";

/** Leads every tunnel to `port` of this machine; `status` is what it answers instead of 200. */
export async function tunnel(port: number, status = 200): Promise<Tunnel> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = `Basic ${Buffer.from(`${USER}:${PROXY_PASSWORD}`).toString("base64")}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (request, socket: Socket, head) => {
    asked.push(request.url ?? "");
    if (status !== 200 || request.headers["proxy-authorization"] !== expected) {
      socket.end(`HTTP/1.1 ${status === 200 ? 407 : status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://${USER}:${PROXY_PASSWORD}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
