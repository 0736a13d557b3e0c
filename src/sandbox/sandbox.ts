import { once } from "node:events";
import type { SandboxDialect } from "./environment/oracle-dialects.ts";
import { startPanelServer } from "./environment/panel-server.ts";
import { type RedisServer, startRedisServer } from "./environment/redis-server.ts";
import {
  type SandboxEnvironment,
  startSandboxEnvironment,
} from "./environment/sandbox-environment.ts";
import { startWorkerProcess, type WorkerProcess } from "./environment/worker-process.ts";
import { type LivePage, startLivePage } from "./page/live.ts";
import {
  isSettled,
  outcomeOf,
  type SampleOutcome,
  type Summary,
  summaryOf,
} from "./play/outcome.ts";
import { runSamples, type SampleRun } from "./play/run-samples.ts";
import { closing, heading, row } from "./play/table.ts";
import { sampleConversations } from "./samples/sample-conversations.ts";
import { ACCOUNT } from "./simulators/eventbridge/buses.ts";

export interface SandboxOptions {
  readonly dialect: SandboxDialect;
  readonly json: boolean;
  readonly keep: boolean;
  /** Called with each line of the output. */
  readonly print: (line: string) => void;
}

/** About three times as long as a run takes. Conversations that are not settled by then fail. */
const LONGEST_RUN_MS = 55_000;

/**
 * `ringahead sandbox`: runs the real worker among simulators on this machine, runs the sample
 * conversations and prints their outcomes.
 * @returns whether every conversation passed; false if SIGINT or SIGTERM interrupted the run
 */
export async function runSandbox(options: SandboxOptions): Promise<boolean> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  await using open = new AsyncDisposableStack();
  open.defer(() => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt));
  const sandbox = await startSandboxEnvironment({
    dialect: options.dialect,
    oracleLatencyMs: () => 1_000 + Math.random() * 2_000,
    genesysLatencyMs: () => 40 + Math.random() * 80,
  });
  open.defer(() => sandbox.close());
  const interactive = options.keep ? await startInteractive(sandbox, options) : undefined;
  if (interactive !== undefined) open.defer(() => interactive.close());
  return await runWorker(sandbox, options, interactive, interrupted.signal);
}

/** What only `--keep` starts: the page, and a Redis that the page can break. */
interface Interactive {
  readonly page: LivePage;
  /** Variables for the worker, besides those of the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function startInteractive(
  sandbox: SandboxEnvironment,
  { print }: SandboxOptions,
): Promise<Interactive> {
  const redis: RedisServer | undefined = await startRedisServer().catch((error) => {
    print(`The page cannot break Redis: ${error.message}`);
    return undefined;
  });
  const page = await startLivePage({
    sandbox,
    redis,
    failed: (error) => print(`A call from the sandbox page failed: ${String(error)}`),
    panel: { addressOf: (id) => panel.addressOf(id), origins: () => panel.origins() },
  });
  const panel = await startPanelServer({ genesys: sandbox.genesys, framedBy: [page.url] });
  return {
    page,
    environment: { HTTP_PORT: "0", ...(redis && { REDIS_URL: redis.url }) },
    async close() {
      await page.close();
      await panel.close();
      await redis?.[Symbol.asyncDispose]();
    },
  };
}

async function runWorker(
  sandbox: SandboxEnvironment,
  options: SandboxOptions,
  interactive: Interactive | undefined,
  interrupted: AbortSignal,
): Promise<boolean> {
  const run = startRun(sandbox, options, interactive);
  const pageUrl = interactive?.page.url;
  if (pageUrl !== undefined && !options.json) options.print(`Sandbox page: ${pageUrl}\n`);
  const overdue = AbortSignal.any([interrupted, AbortSignal.timeout(LONGEST_RUN_MS)]);
  try {
    await run.worker.line(({ fact }) => fact === "worker.started", overdue);
    if (!options.json) options.print(heading());
    await runSamples(sandbox, sampleConversations, run.started, overdue);
    await run.settled(overdue);
  } catch (error) {
    if (!overdue.aborted) throw error;
  } finally {
    run.finish();
  }
  if (options.keep && !interrupted.aborted) {
    const { environment, administratorToken } = sandbox;
    options.print(
      options.json
        ? JSON.stringify({ sandbox: environment, page: pageUrl, administratorToken })
        : keepText(sandbox, pageUrl),
    );
    await once(interrupted, "abort");
  }
  const exit = await run.worker.stop();
  const { summary } = run;
  if (exit !== 0) {
    options.print(`The worker exited with ${exit}. Its standard error: ${run.worker.errors}`);
  }
  return exit === 0 && summary.asExpected === summary.conversations && !interrupted.aborted;
}

/** Starts the worker and prints each conversation once it is settled. */
function startRun(
  sandbox: SandboxEnvironment,
  options: SandboxOptions,
  interactive: Interactive | undefined,
) {
  const runs: SampleRun[] = [];
  const printed = new Set<SampleRun>();
  let wake = Promise.withResolvers<void>();
  const worker: WorkerProcess = startWorkerProcess(
    { ...sandbox.environment, ...interactive?.environment, LOG_LEVEL: "debug" },
    {
      onLine(line) {
        interactive?.page.line(line);
        printSettled();
      },
    },
  );

  function outcome(run: SampleRun): SampleOutcome {
    const { conversationId, participantId } = run;
    return outcomeOf(run, worker.log, {
      patches: sandbox.genesys.patchesOf(conversationId).arrived,
      attributes: sandbox.genesys.attributesOf(conversationId, participantId),
    });
  }

  function printSettled(): void {
    for (const run of runs) {
      if (!printed.has(run) && isSettled(run, outcome(run))) print(run);
    }
    wake.resolve();
    wake = Promise.withResolvers();
  }

  function print(run: SampleRun): void {
    printed.add(run);
    options.print(options.json ? JSON.stringify(outcome(run)) : row(outcome(run)));
  }

  function summary(): Summary {
    return summaryOf(runs.map(outcome), {
      genesys: sandbox.genesys.counts,
      oracle: sandbox.oracle.counts,
      throttled: sandbox.genesys.throttled,
    });
  }

  return {
    worker,
    started(run: SampleRun) {
      runs.push(run);
      const { title, channel } = run.sample;
      interactive?.page.started({ ...run, title, channel });
    },
    /** Resolves when every started conversation is settled, or when the worker ends. */
    async settled(signal: AbortSignal): Promise<void> {
      const aborted = once(signal, "abort").then(() => signal.throwIfAborted());
      const over = Promise.race([aborted, worker.ended]);
      signal.throwIfAborted();
      while (printed.size < runs.length) {
        const ended = await Promise.race([wake.promise, over]);
        if (ended !== undefined) return;
      }
    },
    /** Prints the conversations that are not settled, then the summary. */
    finish(): void {
      for (const run of runs) if (!printed.has(run)) print(run);
      const figures = summary();
      options.print(options.json ? JSON.stringify({ summary: figures }) : closing(figures));
    },
    get summary() {
      return summary();
    },
  };
}

function keepText(sandbox: SandboxEnvironment, pageUrl: string | undefined): string {
  return [
    "",
    `The sandbox runs until Ctrl-C. Page: ${pageUrl}`,
    "To connect another worker, or to send your own events, set:",
    ...Object.entries(sandbox.environment).map(([name, value]) => `  ${name}=${value}`),
    "With the same variables, set up the simulated org:",
    `  echo ${sandbox.administratorToken} | npm run ringahead -- setup --aws-account ${ACCOUNT} --suffix ringahead-sandbox --secret-file ./secret --access-token -`,
  ].join("\n");
}
