import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { createSecureContext, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { asFailure, type Failure } from "../../../../src/domain/failure.ts";
import { createHttp, type Http } from "../../../../src/resilience/http/client.ts";
import type { Network } from "../../../../src/resilience/http/network.ts";
import { Tunnel } from "../../../../src/resilience/http/tunnel.ts";
import { startLoopback } from "../../../../src/sandbox/simulators/server/loopback-server.ts";
import {
  type Authority,
  createAuthority,
  type Issued,
  selfSigned,
} from "../../../support/certificate.ts";
import { startConnectProxy } from "../../../support/connect-proxy.ts";

let authority: Authority;
let other: Authority;
let issued: Issued;
beforeAll(() => {
  authority = createAuthority();
  other = createAuthority();
  issued = authority.issue();
});
afterAll(() => {
  authority.remove();
  other.remove();
});

const pem = (path: string) => readFileSync(path, "utf8");
const shown = ({ cert, key }: Issued) => ({
  clientCertificate: { cert: pem(cert), key: pem(key) },
});
const trusting = () => ({ ca: pem(authority.cert) });

/** A real TLS server that answers with the client certificate, and counts its connections. */
async function serve(options: { files?: Issued; wants?: Authority } = {}) {
  const { files = issued, wants } = options;
  let connections = 0;
  const mutual =
    wants === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: pem(wants.cert) };
  const server = createServer(
    { cert: pem(files.cert), key: pem(files.key), ...mutual },
    (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate();
      const client = Object.keys(peer).length === 0 ? null : peer.subject.CN;
      response.end(JSON.stringify({ client, authorization: request.headers.authorization }));
    },
  );
  server.on("secureConnection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `https://localhost:${port}`, connections: () => connections };
}

/** Like most servers it sends an alert with the reason for a refusal; Node's own closes the connection. */
async function serveByOpenssl(version: string): Promise<string> {
  const own = ["-cert", issued.cert, "-key", issued.key, "-CAfile", other.cert];
  const wants = ["-Verify", "1", "-verify_return_error", "-www", version];
  const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...own, ...wants], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "close");
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return `https://localhost:${port}`;
  }
  throw new Error("openssl s_server did not start");
}

function open(baseUrl: string, network: Network): Http {
  const http = createHttp({ source: "oracle", baseUrl, timeoutMs: 5_000, connections: 2, network });
  onTestFinished(() => http.close());
  return http;
}

const REQUEST = { method: "GET", path: "/x", headers: { authorization: "Bearer t0ken" } } as const;
const always = new AbortController().signal;
const ask = (http: Http) => http.send(REQUEST, always);

async function failure(url: string, network: Network): Promise<Failure> {
  const thrown = await ask(open(url, network)).then(
    (answer) => new Error(`answered ${answer.status}`),
    (error: unknown) => error,
  );
  const failed = asFailure(thrown);
  expect(`${failed.message} ${failed.cure}`).not.toMatch(/t0ken|hunter2/);
  return failed;
}

describe("a private authority", () => {
  it("is trusted if its certificate is configured, over kept-alive connections", async () => {
    const server = await serve();
    const http = open(server.url, trusting());
    expect(await ask(http)).toMatchObject({ status: 200 });
    expect(await ask(http)).toMatchObject({ status: 200 });
    expect(server.connections()).toBe(1);
  });

  it("may be a self-signed certificate of the host", async () => {
    const own = selfSigned();
    onTestFinished(own.remove);
    const server = await serve({ files: own });
    const failed = await failure(server.url, {});
    expect(failed.message).toContain(
      "is self-signed and not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
    );
    expect(failed.cure).toContain("ORACLE_CA_FILE");
    expect(await ask(open(server.url, { ca: pem(own.cert) }))).toMatchObject({ status: 200 });
  });

  it.each<[string, () => Promise<{ url: string }>, () => Network, RegExp, RegExp]>([
    [
      "unknown",
      () => serve(),
      () => ({}),
      /not trusted \((UNABLE_TO_|SELF_SIGNED)/,
      /ORACLE_CA_FILE/,
    ],
    ["another", () => serve(), () => ({ ca: pem(other.cert) }), /not trusted \(/, /ORACLE_CA_FILE/],
    [
      "trusted, but its certificate has expired",
      () => serve({ files: authority.issue({ expired: true }) }),
      trusting,
      /has expired \(CERT_HAS_EXPIRED\)/,
      /renewed/,
    ],
    [
      "trusted, but its certificate is another host's",
      () => serve({ files: authority.issue({ host: "other.example.com" }) }),
      trusting,
      /for another host/,
      /Use a name that the certificate holds/,
    ],
    [
      "trusted, but the server has no TLS",
      async () => {
        const plain = await startLoopback({ bodyLimitBytes: 100 }, () => undefined);
        onTestFinished(() => plain.close());
        return { url: plain.url.replace("http:", "https:") };
      },
      trusting,
      /does not speak TLS/,
      /scheme/,
    ],
  ])("%s: one clear failure with its cure", async (_, start, network, message, cure) => {
    const { url } = await start();
    const failed = await failure(url, network());
    expect(failed).toMatchObject({ kind: "misconfigured", code: "certificate", source: "oracle" });
    expect(failed.message).toMatch(message);
    expect(failed.cure).toMatch(cure);
  });
});

describe("a client certificate", () => {
  it("is presented to a server that requests it", async () => {
    const server = await serve({ wants: other });
    const answer = await ask(open(server.url, { ...trusting(), ...shown(other.issue()) }));
    expect(JSON.parse(answer.text)).toMatchObject({ client: expect.stringMatching(/^leaf/) });
  });

  it.each<[string, () => Network]>([
    ["missing", () => ({})],
    ["of an authority that the server does not know", () => shown(authority.issue())],
    ["that has expired", () => shown(other.issue({ expired: true }))],
  ])("%s is a misconfiguration, in TLS 1.2 and 1.3", async (_, network) => {
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const url = await serveByOpenssl(version);
      const failed = await failure(url, { ...trusting(), ...network() });
      expect(failed).toMatchObject({ kind: "misconfigured", code: "certificate" });
      expect(failed.message).toMatch(/it refuses our .* certificate/);
      expect(failed.cure).toContain("ORACLE_CLIENT_CERT_FILE");
    }
  });
});

describe("a proxy", () => {
  it("opens a tunnel, with user and password, and cannot read what passes", async () => {
    await using proxy = await startConnectProxy({ login: "user:p@ss" });
    const server = await serve({ wants: other });
    const http = open(server.url, {
      ...trusting(),
      ...shown(other.issue()),
      proxyUrl: `http://user:p%40ss@${proxy.host}`,
    });
    for (let i = 0; i < 2; i += 1) {
      expect(JSON.parse((await ask(http)).text)).toMatchObject({
        client: expect.stringMatching(/^leaf/),
        authorization: "Bearer t0ken",
      });
    }
    expect(proxy.tunnels).toEqual([`localhost:${server.port}`]);
    expect(proxy.passed.includes("t0ken")).toBe(false);
    http.close();
  });

  it("may use TLS itself, with the same authority", async () => {
    await using proxy = await startConnectProxy({ tls: authority.issue() });
    const server = await serve();
    const proxyUrl = `https://${proxy.host.replace("127.0.0.1", "localhost")}`;
    const http = open(server.url, { ...trusting(), proxyUrl });
    expect(await ask(http)).toMatchObject({ status: 200 });
    http.close();
    const distrusted = await failure(server.url, { proxyUrl });
    expect(distrusted).toMatchObject({ kind: "misconfigured", code: "proxy" });
    expect(distrusted.cure).toContain("ORACLE_CA_FILE");
  });

  it("does not hide a certificate that is not trusted", async () => {
    await using proxy = await startConnectProxy();
    const server = await serve();
    const failed = await failure(server.url, { proxyUrl: `http://${proxy.host}` });
    expect(failed.code).toBe("certificate");
  });

  it.each([
    [407, "misconfigured", /answered 407 to CONNECT/, /requires a user and password/],
    [403, "misconfigured", /answered 403 to CONNECT/, /refuses tunnels to this host and port/],
    [502, "retryable", /answered 502 to CONNECT/, /could not reach the API/],
    [401, "misconfigured", /answered 401 to CONNECT/, /refuses tunnels to this host and port/],
  ])(
    "that answers %i is a failure of the proxy, not an answer of Oracle",
    async (status, kind, message, cure) => {
      const login = status === 407 ? { login: "user:right" } : { refuses: status };
      await using proxy = await startConnectProxy(login);
      const proxyUrl = `http://user:hunter2@${proxy.host}`;
      const failed = await failure((await serve()).url, { ...trusting(), proxyUrl });
      expect(failed).toMatchObject({ kind, code: "proxy", source: "oracle" });
      expect(failed.status).toBeUndefined();
      expect(failed.message).toMatch(message);
      expect(failed.cure).toMatch(cure);
    },
  );

  it("that is not there is named in the failure", async () => {
    const gone = await startConnectProxy();
    await gone[Symbol.asyncDispose]();
    const failed = await failure("https://localhost:9", { proxyUrl: `http://${gone.host}` });
    expect(failed).toMatchObject({ kind: "retryable", code: "proxy" });
    expect(failed.message).toContain("the proxy could not be reached (ECONNREFUSED)");
    expect(failed.cure).toContain("ORACLE_PROXY_URL");
  });

  it("loses an idle tunnel", async () => {
    await using proxy = await startConnectProxy();
    const server = await serve();
    const kept = { keepAlive: true, maxSockets: 1, timeout: 20 };
    const secureContext = createSecureContext({ ca: pem(authority.cert) });
    const agent = new Tunnel(`http://${proxy.host}`, kept, { secureContext }, undefined);
    const [answer] = await once(get(server.url, { agent }), "response");
    answer.resume();
    expect(proxy.tunnels).toHaveLength(1);
    await expect.poll(() => proxy.open).toBe(0);
    agent.destroy();
  });

  it("that never answers fails at the time-out", async () => {
    await using proxy = await startConnectProxy({ hangs: true });
    const http = createHttp({
      source: "oracle",
      baseUrl: "https://localhost:9",
      timeoutMs: 50,
      connections: 1,
      network: { proxyUrl: `http://${proxy.host}` },
    });
    await expect(ask(http)).rejects.toMatchObject({ code: "timeout" });
    http.close();
  });
});
