import type { RedisServer } from "../environment/redis-server.ts";
import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";
import type { WorkerLogLine } from "../environment/worker-process.ts";
import { createDeadLetterView } from "./dead-letters.ts";
import { type PagePanel, startPage } from "./server.ts";
import { createSwitches } from "./switches.ts";
import { createTraffic } from "./traffic.ts";
import { createView, type View } from "./view.ts";

export interface LivePageDeps {
  readonly sandbox: SandboxEnvironment;
  /** Undefined if no redis-server is installed. */
  readonly redis: RedisServer | undefined;
  readonly panel: PagePanel;
  /** Called if a call from the page fails. */
  readonly failed: (error: unknown) => void;
}

/** The page of a running sandbox. */
export interface LivePage extends Pick<View, "started"> {
  readonly url: string;
  /** Must be called with each line that the worker logs. */
  line(line: WorkerLogLine): void;
  close(): Promise<void>;
}

/** Starts the page. It shows what the worker logs and answers at `/readyz`. */
export async function startLivePage(deps: LivePageDeps): Promise<LivePage> {
  const { sandbox, redis } = deps;
  const view = createView();
  const closing = new AbortController();
  let workerPort: number | undefined;
  const traffic = createTraffic({
    sandbox,
    unknown: () => switches.state.conversations === true,
    started: view.started,
    failed: deps.failed,
    random: Math.random,
  });
  const switches = createSwitches(sandbox, redis, () => traffic.addUnknown());
  const page = await startPage({
    ...{ view, switches, traffic, panel: deps.panel },
    deadLetters: createDeadLetterView(sandbox.environment, closing.signal),
    summaryOf: ({ conversationId, participantId }) =>
      sandbox.genesys.attributesOf(conversationId, participantId)?.oracle_summary,
    async worker() {
      if (workerPort === undefined) return undefined;
      const answer = await fetch(`http://127.0.0.1:${workerPort}/readyz`);
      return await answer.json();
    },
  });
  return {
    url: page.url,
    started: view.started,
    line(line) {
      if (line.fact === "http.listening") workerPort = line.port;
      view.line(line);
    },
    async close() {
      closing.abort();
      traffic.close();
      await page.close();
    },
  };
}
