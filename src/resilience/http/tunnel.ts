import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { connectionCode } from "./connection-code.ts";

/** A failure of the proxy itself. Failures of the API come from the request through the tunnel. */
export class ProxyFailure extends Error {
  override readonly name = "ProxyFailure";
  /** The status of its answer to CONNECT, if it has refused the tunnel. */
  readonly status: number | undefined;
  /** The system's or OpenSSL's code, or `PROXY_<status>`. */
  readonly code: string;

  constructor(status: number | undefined, code: string) {
    super(status === undefined ? code : `answered ${status}`);
    this.status = status;
    this.code = code;
  }
}

interface KeepAlive {
  readonly keepAlive: boolean;
  readonly maxSockets: number;
  readonly timeout: number;
}

/**
 * An agent that tunnels through a proxy. Unlike its base class it throws if the proxy refuses the
 * tunnel (the base class would return the refusal as the API's answer), and it applies `trust` to the
 * TLS connection with the API.
 */
export class Tunnel extends HttpsProxyAgent<string> {
  readonly #trust: { readonly secureContext?: SecureContext };

  /**
   * @param trust for TLS inside the tunnel
   * @param proxyContext for TLS with the proxy, if its URL is https
   */
  constructor(
    proxyUrl: string,
    keepAlive: KeepAlive,
    trust: { readonly secureContext?: SecureContext },
    proxyContext: SecureContext | undefined,
  ) {
    super(proxyUrl, {
      ...keepAlive,
      ...(proxyContext === undefined ? {} : { secureContext: proxyContext }),
    });
    // The base class drops its own options: without this, idle tunnels would never be closed.
    Object.assign(this.options, { timeout: keepAlive.timeout });
    this.#trust = trust;
  }

  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>["connect"]>[1],
  ): Promise<Socket> {
    let status = 200;
    request.once("proxyConnect", (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    const socket = await super
      .connect(request, { ...options, ...this.#trust })
      .catch((error: unknown) => {
        throw new ProxyFailure(undefined, connectionCode(error) ?? "ERR_PROXY");
      });
    if (status === 200) return socket;
    socket.destroy();
    throw new ProxyFailure(status, `PROXY_${status}`);
  }
}
