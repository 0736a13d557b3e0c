import { buildPanel } from "../../panel/build.ts";
import { contentSecurityPolicy } from "../../panel/policy.ts";
import type { GenesysSimulator } from "../simulators/genesys-cloud/server.ts";
import { type LoopbackServer, startLoopback } from "../simulators/server/loopback-server.ts";

export interface PanelServer extends LoopbackServer {
  /** The panel's address for a conversation. */
  addressOf(conversationId: string): string;
  /** Origins that the panel's frame loads: the panel and the login. */
  origins(): readonly string[];
}

export interface PanelServerOptions {
  readonly genesys: Pick<GenesysSimulator, "url" | "allowPage">;
  /** Origins that may frame the panel, besides Genesys Cloud. */
  readonly framedBy: readonly string[];
}

/** Serves the agent panel like a web host: its files, with the policy in a header. */
export async function startPanelServer(options: PanelServerOptions): Promise<PanelServer> {
  const { genesys, framedBy } = options;
  const files = await buildPanel();
  const policy = contentSecurityPolicy({ called: [genesys.url], framedBy });
  const server = await startLoopback({ bodyLimitBytes: 1 }, (app) => {
    for (const { name, type, body } of files) {
      app.get(`/${name === "index.html" ? "" : name}`, (_, reply) =>
        reply
          .header("content-type", type)
          .header("content-security-policy", policy)
          .header("x-content-type-options", "nosniff")
          .send(Buffer.from(body)),
      );
    }
  });
  const clientId = genesys.allowPage(`${server.url}/`);
  return {
    ...server,
    origins: () => [server.url, genesys.url],
    addressOf(conversationId) {
      const query = {
        gcHostOrigin: genesys.url,
        gcTargetEnv: "prod",
        gcConversationId: conversationId,
        clientId,
      };
      return `${server.url}/?${new URLSearchParams(query)}`;
    },
  };
}
