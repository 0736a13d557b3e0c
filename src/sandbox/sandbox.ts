import { once } from "node:events";
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
import type { SandboxDialect } from "./simulators/oracle-cx/dialects.ts";

export interface SandboxOptions {
  /** What the simulated Oracle speaks. */
  readonly dialect: SandboxDialect;
  readonly json: boolean;
  readonly keep: boolean;
  /** Where it tells what happens, a line at a time. */
  readonly print: (line: string) => void;
}

/** Everything has to be over by then; it takes about a third of it. */
const LONGEST_RUN_MS = 55_000;

/**
 * `ringahead sandbox`: the whole system on this machine, the real worker among simulators. Plays the
 * sample conversations and tells what happened.
 * @returns whether every conversation ended as it should. An interrupt ends it early: false.
 */
export async function runSandbox(options: SandboxOptions): Promise<boolean> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  await using open = new AsyncDisposableStack();
  open.defer(() => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt));
  const stage = await startSandboxEnvironment({
    dialect: options.dialect,
    oracleLatencyMs: () => 1_000 + Math.random() * 2_000,
    genesysLatencyMs: () => 40 + Math.random() * 80,
  });
  open.defer(() => stage.close());
  const beside = options.keep ? await startBeside(stage, options) : undefined;
  if (beside !== undefined) open.defer(() => beside.close());
  return await perform(stage, options, beside, interrupted.signal);
}

/** What is there only where the sandbox stays: the page, and a Redis to be broken. */
interface Beside {
  readonly page: LivePage;
  /** For the worker, beside the stage's own. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function startBeside(stage: SandboxEnvironment, { print }: SandboxOptions): Promise<Beside> {
  const redis: RedisServer | undefined = await startRedisServer().catch((error) => {
    print(`No Redis to be broken on the page: ${error.message}`);
    return undefined;
  });
  const failed = (error: unknown) => print(`The page: ${String(error)}`);
  const page = await startLivePage({
    stage,
    redis,
    failed,
    panel: { addressOf: (id) => panel.addressOf(id), origins: () => panel.origins() },
  });
  const panel = await startPanelServer({ genesys: stage.genesys, framedBy: [page.url] });
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

async function perform(
  stage: SandboxEnvironment,
  options: SandboxOptions,
  beside: Beside | undefined,
  interrupted: AbortSignal,
): Promise<boolean> {
  const run = startRun(stage, options, beside);
  const pageUrl = beside?.page.url;
  if (pageUrl !== undefined && !options.json) options.print(`Play with it: ${pageUrl}\n`);
  const overdue = AbortSignal.any([interrupted, AbortSignal.timeout(LONGEST_RUN_MS)]);
  try {
    await run.worker.line(({ fact }) => fact === "worker.started", overdue);
    if (!options.json) options.print(heading());
    await runSamples(stage, sampleConversations, run.begun, overdue);
    await run.settled(overdue);
  } catch (error) {
    if (!overdue.aborted) throw error;
  } finally {
    run.finish();
  }
  if (options.keep && !interrupted.aborted) {
    const { environment } = stage;
    options.print(
      options.json
        ? JSON.stringify({
            ...{ stage: environment, page: pageUrl },
            administratorToken: stage.administratorToken,
          })
        : keepText(stage, pageUrl),
    );
    await once(interrupted, "abort");
  }
  const exit = await run.worker.stop();
  const { summary } = run;
  if (exit !== 0) options.print(`The worker ended with ${exit}. ${run.worker.errors}`);
  return exit === 0 && summary.asExpected === summary.conversations && !interrupted.aborted;
}

/** One run of the worker over the scenes: prints each conversation once it is settled. */
function startRun(stage: SandboxEnvironment, options: SandboxOptions, beside: Beside | undefined) {
  const played: SampleRun[] = [];
  const shown = new Set<SampleRun>();
  let wake = Promise.withResolvers<void>();
  const worker: WorkerProcess = startWorkerProcess(
    { ...stage.environment, ...beside?.environment, LOG_LEVEL: "debug" },
    {
      onLine(line) {
        beside?.page.line(line);
        look();
      },
    },
  );

  function outcome(one: SampleRun): SampleOutcome {
    const { conversationId, participantId } = one;
    return outcomeOf(one, worker.log, {
      patches: stage.genesys.patchesOf(conversationId).arrived,
      attributes: stage.genesys.attributesOf(conversationId, participantId),
    });
  }

  function look(): void {
    for (const one of played) {
      if (!shown.has(one) && isSettled(one, outcome(one))) show(one);
    }
    wake.resolve();
    wake = Promise.withResolvers();
  }

  function show(one: SampleRun): void {
    shown.add(one);
    options.print(options.json ? JSON.stringify(outcome(one)) : row(outcome(one)));
  }

  function summary(): Summary {
    return summaryOf(played.map(outcome), {
      genesys: stage.genesys.counts,
      oracle: stage.oracle.counts,
      throttled: stage.genesys.throttled,
    });
  }

  return {
    worker,
    begun(one: SampleRun) {
      played.push(one);
      beside?.page.started({ ...one, title: one.scene.title, channel: one.scene.channel });
    },
    /** Resolves when every conversation that was begun is settled. */
    async settled(signal: AbortSignal): Promise<void> {
      const aborted = once(signal, "abort").then(() => signal.throwIfAborted());
      const over = Promise.race([aborted, worker.ended]);
      signal.throwIfAborted();
      while (shown.size < played.length) {
        const ended = await Promise.race([wake.promise, over]);
        if (ended !== undefined) return;
      }
    },
    /** Shows what did not settle as well, and the figures. */
    finish(): void {
      for (const one of played) if (!shown.has(one)) show(one);
      const figures = summary();
      options.print(options.json ? JSON.stringify({ summary: figures }) : closing(figures));
    },
    get summary() {
      return summary();
    },
  };
}

function keepText(stage: SandboxEnvironment, pageUrl: string | undefined): string {
  return [
    "",
    `The sandbox stays until Ctrl-C. Play with it: ${pageUrl}`,
    "Another worker or your own events can join it with:",
    ...Object.entries(stage.environment).map(([name, value]) => `  ${name}=${value}`),
    "The simulated org can be set up and looked at with the same:",
    `  echo ${stage.administratorToken} | npm run ringahead -- setup --aws-account ${ACCOUNT} --suffix ringahead-sandbox --secret-file ./secret --access-token -`,
  ].join("\n");
}
