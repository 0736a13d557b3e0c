import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { connectionCode } from "./connection-code.ts";

/** What the proxy itself did wrong; whatever the other side does comes later, from the request. */
export class ProxyFailure extends Error {
  override readonly name = "ProxyFailure";
  /** Its answer to CONNECT, where it gave one that is no tunnel. */
  readonly status: number | undefined;
  /** The system's or OpenSSL's code, where it could not be asked. */
  readonly code: string;

  constructor(status: number | undefined, code: string) {
    super(status === undefined ? code : `answered ${status}`);
    this.status = status;
    this.code = code;
  }
}

interface Kept {
  readonly keepAlive: boolean;
  readonly maxSockets: number;
  readonly timeout: number;
}

/**
 * Tunnels through a proxy. Without this class, an answer of the proxy to CONNECT would pass for the
 * other side's answer to the request, and its options would not reach the other side's TLS.
 */
export class Tunnel extends HttpsProxyAgent<string> {
  readonly #trust: { readonly secureContext?: SecureContext };

  /**
   * @param trust for the TLS inside the tunnel
   * @param proxyContext for the TLS to the proxy, where it speaks that
   */
  constructor(
    proxyUrl: string,
    kept: Kept,
    trust: { readonly secureContext?: SecureContext },
    proxyContext: SecureContext | undefined,
  ) {
    super(proxyUrl, {
      ...kept,
      ...(proxyContext === undefined ? {} : { secureContext: proxyContext }),
    });
    // The base class drops its own options: without this, idle tunnels would stay open for good.
    Object.assign(this.options, { timeout: kept.timeout });
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
