import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { createServer } from "node:tls";
import { onTestFinished } from "vitest";
import type { Authority, Issued } from "./certificate.ts";

/** A TLS front of a server on this machine. It requires a client certificate of the authority. */
export async function startTlsFront(
  url: string,
  files: Issued,
  authority: Authority,
): Promise<string> {
  const open = new Set<{ destroy(): void }>();
  const server = createServer(
    {
      cert: readFileSync(files.cert),
      key: readFileSync(files.key),
      ca: readFileSync(authority.cert),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (socket) => {
      const behind = connect(Number(new URL(url).port), "127.0.0.1");
      for (const [one, other] of [
        [socket, behind],
        [behind, socket],
      ] as const) {
        open.add(one);
        one.on("error", () => other.destroy());
        one.once("close", () => {
          open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    },
  );
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}
