import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface ConnectProxyOptions {
  /** `user:password` that it wants; none unless told. */
  readonly login?: string;
  /** Files with its own certificate and key: it speaks TLS then. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Answered to every CONNECT, instead of a tunnel. */
  readonly refuses?: number;
  /** It answers nothing, ever. */
  readonly hangs?: boolean;
}

/** A proxy on 127.0.0.1 that opens tunnels and does nothing else. */
export interface ConnectProxy extends AsyncDisposable {
  readonly host: string;
  /** `host:port` of every tunnel that was opened, oldest first. */
  readonly tunnels: readonly string[];
  /** Connections that are open now, on both sides. */
  readonly open: number;
  /** What passed through them toward the other side, as it was on the wire. */
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
  // Only tunnels: what is sent in the clear would be seen here.
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
    const given = request.headers["proxy-authorization"];
    const wanted = login === undefined ? given : `Basic ${Buffer.from(login).toString("base64")}`;
    if (given !== wanted) {
      const headers = 'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0';
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${headers}\r\n\r\n`);
      return;
    }
    if (refuses !== undefined) {
      socket.end(`HTTP/1.1 ${refuses} No\r\nContent-Length: 4\r\n\r\n<no>`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const there = connect(Number(port), host, () => {
      tunnels.push(request.url ?? "");
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      there.write(head);
      socket.on("data", (chunk: Buffer) => passed.push(chunk));
      socket.pipe(there).pipe(socket);
    });
    remember(there);
    there.once("close", () => socket.destroy());
    socket.once("close", () => there.destroy());
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
