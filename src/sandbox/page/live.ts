import type { RedisServer } from "../environment/redis-server.ts";
import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";
import type { WorkerLogLine } from "../environment/worker-process.ts";
import { createDeadLetterView } from "./dead-letters.ts";
import { type PagePanel, startPage } from "./server.ts";
import { createSwitches } from "./switches.ts";
import { createTraffic } from "./traffic.ts";
import { createView, type View } from "./view.ts";

export interface LiveOptions {
  readonly sandbox: SandboxEnvironment;
  /** Undefined where no redis-server is installed. */
  readonly redis: RedisServer | undefined;
  readonly panel: PagePanel;
  readonly failed: (error: unknown) => void;
}

/** The page beside a running sandbox. */
export interface LivePage extends Pick<View, "started"> {
  readonly url: string;
  /** Told of every line that the worker logs. */
  line(line: WorkerLogLine): void;
  close(): Promise<void>;
}

/** Starts the page. What it shows is what the worker logs, and what it answers at `/readyz`. */
export async function startLivePage(options: LiveOptions): Promise<LivePage> {
  const { sandbox, redis } = options;
  const view = createView();
  let workerPort: number | undefined;
  const traffic = createTraffic({
    sandbox,
    unknown: () => switches.state.conversations === true,
    started: view.started,
    failed: options.failed,
    random: Math.random,
  });
  const switches = createSwitches(sandbox, redis, () => traffic.known());
  const page = await startPage({
    ...{ view, switches, traffic, panel: options.panel },
    letters: createDeadLetterView(sandbox.environment),
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
      traffic.close();
      await page.close();
    },
  };
}
