import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { Tunnel } from "./tunnel.ts";

/** What lies between here and another side. */
export interface Network {
  /** An http or https proxy that opens tunnels (CONNECT), with user and password where it wants them. */
  readonly proxyUrl?: string | undefined;
  /** Certificates, in PEM, that are trusted beside the well-known ones. */
  readonly ca?: string | undefined;
  /** What we show of ourselves in TLS: certificate and key, in PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined;
}

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpAgent;
  close(): void;
}

const IDLE_CONNECTION_MS = 60_000;

/** The agents of one client: connections kept alive, `connections` of them at most. */
export function createAgents(network: Network, connections: number): Agents {
  const kept = { keepAlive: true, maxSockets: connections, timeout: IDLE_CONNECTION_MS };
  const secureContext = contextOf(network);
  const trust = secureContext === undefined ? {} : { secureContext };
  const { proxyUrl } = network;
  if (proxyUrl !== undefined) {
    const tunnel = new Tunnel(proxyUrl, kept, trust, contextOf({ ca: network.ca }));
    return { httpAgent: tunnel, httpsAgent: tunnel, close: () => tunnel.destroy() };
  }
  const httpAgent = new HttpAgent(kept);
  const httpsAgent = new HttpsAgent({ ...kept, ...trust });
  return {
    httpAgent,
    httpsAgent,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Made once: a list of certificates is long to read. Undefined where Node's own trust is enough. */
function contextOf({ ca, clientCertificate }: Network): SecureContext | undefined {
  if (ca === undefined && clientCertificate === undefined) return undefined;
  const { cert, key } = clientCertificate ?? {};
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}
