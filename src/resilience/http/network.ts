import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { Tunnel } from "./tunnel.ts";

/** Proxy and certificates of a connection. */
export interface Network {
  /** An http or https proxy that opens tunnels (CONNECT), with user and password if it requires them. */
  readonly proxyUrl?: string | undefined;
  /** Trusted certificates in PEM, in addition to the well-known ones. */
  readonly ca?: string | undefined;
  /** Our certificate and key for mutual TLS, in PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined;
}

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpAgent;
  close(): void;
}

const IDLE_CONNECTION_MS = 60_000;

/** The agents of one client, with at most `connections` kept-alive connections. */
export function createAgents(network: Network, connections: number): Agents {
  const keepAlive = { keepAlive: true, maxSockets: connections, timeout: IDLE_CONNECTION_MS };
  const secureContext = contextOf(network);
  const trust = secureContext === undefined ? {} : { secureContext };
  const { proxyUrl } = network;
  if (proxyUrl !== undefined) {
    const tunnel = new Tunnel(proxyUrl, keepAlive, trust, contextOf({ ca: network.ca }));
    return { httpAgent: tunnel, httpsAgent: tunnel, close: () => tunnel.destroy() };
  }
  const httpAgent = new HttpAgent(keepAlive);
  const httpsAgent = new HttpsAgent({ ...keepAlive, ...trust });
  return {
    httpAgent,
    httpsAgent,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Made once for a client: a list of certificates is slow to read. Undefined if Node's own is enough. */
function contextOf({ ca, clientCertificate }: Network): SecureContext | undefined {
  if (ca === undefined && clientCertificate === undefined) return undefined;
  const { cert, key } = clientCertificate ?? {};
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}
