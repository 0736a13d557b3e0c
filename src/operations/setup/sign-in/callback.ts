import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../../../domain/failure.ts";

/** The local page that the login redirects to. */
export interface Callback {
  /** `http://localhost:<port>/callback` */
  readonly redirectUri: string;
  /** The query of the first answer, after the browser got its page. */
  readonly answer: Promise<URLSearchParams>;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
}

const PATH = "/callback";
/** Machines and browsers resolve `localhost` to either of them (RFC 8252, section 7.3). */
const LOOPBACK = ["127.0.0.1", "::1"];
const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Ringahead</title>
<p>You can close this window. Ringahead continues in the terminal.</p></html>
`;
/** The page runs and loads nothing and cannot be framed. Its address holds a code, so no referrer is sent. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  connection: "close",
};

/**
 * Listens on the loopback addresses only. Every other request, and a second answer, gets 404.
 * @param port 0: any free port
 * @throws {Failure} if the port is in use.
 */
export async function openCallback(port: number): Promise<Callback> {
  const { promise: answer, resolve } = Promise.withResolvers<URLSearchParams>();
  let isAnswered = false;

  const listener: RequestListener = (request, response) => {
    const query = isAnswered || request.method !== "GET" ? undefined : answerIn(request.url ?? "");
    if (query === undefined) {
      end(response, 404, "");
      return;
    }
    isAnswered = true;
    // The caller closes the connection then, so the page has to be sent first.
    response.once("close", () => resolve(query));
    end(response, 200, PAGE);
  };

  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(servers.map(stop));
  };
  try {
    let chosen = port;
    for (const host of LOOPBACK) {
      const server = createServer(listener);
      if (!(await isListening(server, host, chosen))) continue;
      servers.push(server);
      chosen = portOf(server);
    }
    return { redirectUri: `http://localhost:${chosen}${PATH}`, answer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, HEADERS).end(body);
}

/** [pure] The query of a login's answer (RFC 6749, sections 4.1.2 and 4.1.2.1). */
function answerIn(target: string): URLSearchParams | undefined {
  const [path, query] = target.split("?", 2);
  const answer = new URLSearchParams(query);
  return path === PATH && (answer.has("code") || answer.has("error")) ? answer : undefined;
}

/** @returns false if this machine does not have the address, for example without IPv6 */
async function isListening(server: Server, host: string, port: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once("error", (error) => {
    const code = "code" in error ? String(error.code) : error.name;
    if (host !== LOOPBACK[0] && /^(EADDRNOTAVAIL|EAFNOSUPPORT)$/.test(code)) resolve(false);
    else reject(notListening(code, host, port));
  });
  server.listen({ host, port }, () => resolve(true));
  return await promise;
}

function notListening(code: string, host: string, port: number): Failure {
  const socket = `port ${port} of this machine (${host})`;
  return new Failure({
    kind: "misconfigured",
    code: "network",
    source: "genesys",
    message: code === "EADDRINUSE" ? `${socket} is in use` : `${socket} cannot be opened (${code})`,
    errno: code,
    cure: "Name a free port with --port, and add http://localhost:<port>/callback to the OAuth client's redirect URIs.",
  });
}

function portOf(server: Server): number {
  // A server that listens on a port has an address of this kind (Node.js, "net", `server.address()`).
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
