import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface ConnectProxyOptions {
  /** `user:password` that it requires; by default none. */
  readonly login?: string;
  /** Files with its certificate and key, to speak TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The status that it answers to every CONNECT, instead of a tunnel. */
  readonly refuses?: number;
  /** It never answers. */
  readonly hangs?: boolean;
}

/** A proxy on 127.0.0.1 that opens tunnels and does nothing else. */
export interface ConnectProxy extends AsyncDisposable {
  readonly host: string;
  /** `host:port` of every tunnel that was opened, oldest first. */
  readonly tunnels: readonly string[];
  /** Connections that are open now, on both sides. */
  readonly open: number;
  /** The bytes that clients sent through the tunnels. */
  readonly passed: Buffer;
}

export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { login, tls, refuses, hangs = false } = options;
  const tunnels: string[] = [];
  const passed: Buffer[] = [];
  const open = new Set<Duplex>();
  const server =
    tls === undefined
      ? createServer()
      : createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
  // The proxy only opens tunnels: a plain request is a defect.
  server.on("request", (_request, response) => response.writeHead(405).end());
  server.on("connection", (socket: Socket) => remember(socket));

  function remember(socket: Duplex): void {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    remember(socket);
    if (hangs) return;
    const sent = request.headers["proxy-authorization"];
    const required = login === undefined ? sent : `Basic ${Buffer.from(login).toString("base64")}`;
    if (sent !== required) {
      const headers = 'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0';
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${headers}\r\n\r\n`);
      return;
    }
    if (refuses !== undefined) {
      socket.end(`HTTP/1.1 ${refuses} No\r\nContent-Length: 4\r\n\r\n<no>`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      tunnels.push(request.url ?? "");
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      socket.on("data", (chunk: Buffer) => passed.push(chunk));
      socket.pipe(target).pipe(socket);
    });
    remember(target);
    target.once("close", () => socket.destroy());
    socket.once("close", () => target.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    tunnels,
    get open() {
      return open.size;
    },
    get passed() {
      return Buffer.concat(passed);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
