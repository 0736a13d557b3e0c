import { randomBytes } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { systemClocks } from "../app/clocks.ts";
import type { GenesysConfig, QueueConfig } from "../config/load.ts";
import { after } from "../domain/time.ts";
import { genesysConversations } from "../genesys/attributes.ts";
import { createGenesysSdk } from "../genesys/sdk.ts";
import {
  type AuditTrail,
  auditFile,
  auditLine,
  type Run,
} from "../operations/dead-letters/audit.ts";
import { type CheckEnded, checkEndedWith } from "../operations/dead-letters/conversation-ended.ts";
import { matches } from "../operations/dead-letters/filter.ts";
import type { Groups } from "../operations/dead-letters/groups.ts";
import {
  createMessageProcessor,
  keptReasonText,
  type MessageAction,
} from "../operations/dead-letters/process-message.ts";
import {
  processQueue,
  type QueueOutcome,
  type ReturnLimit,
} from "../operations/dead-letters/process-queue.ts";
import { createRate } from "../operations/dead-letters/rate.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import type { DlqSession } from "../operations/dead-letters/session.ts";
import { countOfMessages, groupTable } from "../operations/dead-letters/table.ts";
import { judge } from "../operations/dead-letters/verdict.ts";
import { checkQueue } from "../queue/sqs.ts";
import { createApi } from "../resilience/api.ts";
import { createLocalBudget } from "../resilience/budget/local-budget.ts";
import { isConfirmed } from "./dlq-confirm.ts";
import { progressBar } from "./dlq-progress.ts";
import {
  type DlqOptions,
  type DlqTerminal,
  selectMessages,
  withDlqSession,
} from "./dlq-session.ts";

/** `replay` or `discard`, with its options. */
export interface ProcessCommand extends DlqOptions {
  readonly action: "replay" | "discard";
  readonly limit: number | undefined;
  readonly dryRun: boolean;
  /** Messages a second. */
  readonly rate: number;
  readonly yes: boolean;
  readonly audit: {
    readonly by: string;
    readonly reason: string;
    /** Undefined: standard output. */
    readonly file: string | undefined;
  };
  readonly discardEnded: boolean;
  readonly returnLimit: ReturnLimit;
}

/**
 * `ringahead dlq replay` and `discard`.
 * @param genesys to ask whether conversations have ended; undefined: do not ask
 * @returns false if messages came straight back or the run was interrupted
 * @throws {Failure}
 */
export function processDeadLetters(
  config: QueueConfig,
  genesys: GenesysConfig | undefined,
  command: ProcessCommand,
  terminal: DlqTerminal,
): Promise<boolean> {
  const { now, print, printStatus } = terminal;
  const run: Run = {
    who: command.audit.by,
    run: randomBytes(4).toString("hex"),
    why: command.audit.reason,
    ...(command.dryRun ? { dryRun: true } : {}),
  };
  return withDlqSession(config, command, terminal, async (session) => {
    const largestBytes = await largestMessage(session.sqs, config, command);
    const { selected, others, complete } = await selectMessages(
      session,
      command,
      now,
      (message, verdict) => {
        if (!command.dryRun || !command.json) return;
        const what = command.action === "replay" ? "replayed" : "discarded";
        const because = verdict.because === "" ? undefined : verdict.because;
        print(JSON.stringify(auditLine(run, now(), message, what, because)));
      },
    );
    printPlan(command, selected, others, terminal);
    if (session.signal.aborted) return false;
    if (selected.count === 0 || command.dryRun) return true;
    if (!(await isConfirmed(command, selected.count, session.signal))) {
      printStatus("Nothing was changed.");
      return true;
    }
    const deps = { command, genesys, run, complete, largestBytes, terminal };
    const outcome = await processSelected(session, deps);
    printOutcome(command, outcome, run, terminal);
    return outcome.end === "done";
  });
}

/** Proves before anything else that the worker's queue can be used, if messages go back to it. */
async function largestMessage(
  sqs: SQSClient,
  config: QueueConfig,
  command: ProcessCommand,
): Promise<number> {
  if (command.action === "discard") return 0;
  const facts = await checkQueue(sqs, "QUEUE_URL", config.QUEUE_URL);
  return facts.largestMessageBytes;
}

interface ProcessSelectedDeps {
  readonly command: ProcessCommand;
  readonly genesys: GenesysConfig | undefined;
  readonly run: Run;
  /** Whether the scan saw the whole queue. */
  readonly complete: boolean;
  readonly largestBytes: number;
  readonly terminal: DlqTerminal;
}

async function processSelected(
  session: DlqSession,
  { command, genesys, run, complete, largestBytes, terminal }: ProcessSelectedDeps,
): Promise<QueueOutcome> {
  const { queue, selected, signal } = session;
  const { now, monotonicNow } = terminal;
  const trail = openAudit(command, terminal);
  const api = genesys === undefined ? undefined : openGenesys(genesys, signal);
  // Audit lines on the same terminal already show the progress.
  const hasBar = !(command.audit.file === undefined && process.stdout.isTTY);
  const bar = hasBar ? progressBar(command.action) : undefined;
  bar?.start(selected.size, 0);
  const processor = createMessageProcessor({
    queue,
    action: messageAction(command, largestBytes, api?.checkEnded),
    run,
    audit: trail.write,
    waitForRate: createRate(command.rate, monotonicNow, signal),
    now,
    signal,
  });
  try {
    return await processQueue({
      session,
      isSelected: complete ? undefined : (message) => isSelected(message, command, now()),
      processor,
      run: run.run,
      returnLimit: command.returnLimit,
      progress: (processed) => bar?.update(processed),
      now: monotonicNow,
    });
  } catch (error) {
    const { replayed, discarded } = processor.counts;
    terminal.printStatus(
      `Failed after ${replayed} replayed and ${discarded} discarded; all others were left.`,
    );
    throw error;
  } finally {
    bar?.stop();
    api?.close();
    trail.close();
  }
}

function openAudit({ audit }: ProcessCommand, { print }: DlqTerminal): AuditTrail {
  if (audit.file !== undefined) return auditFile(audit.file);
  return { write: (line) => print(JSON.stringify(line)), close: () => undefined };
}

function messageAction(
  { action, maxReplays, discardEnded }: ProcessCommand,
  largestBytes: number,
  checkEnded: CheckEnded | undefined,
): MessageAction {
  if (action === "discard") return { kind: "discard" };
  return { kind: "replay", maxReplays, largestBytes, checkEnded, discardEnded };
}

function isSelected(
  message: DeadLetter,
  { filter, maxReplays }: ProcessCommand,
  now: number,
): boolean {
  return matches(filter, message, judge(message, now, maxReplays), now);
}

const GENESYS_CONNECTIONS = 10;
/** The workers share this client's budget: the checks use at most a fifth of it. */
const SHARE_OF_BUDGET = 0.2;

/** How long a request to Genesys may wait for budget: less than messages are held by default. */
const CHECK_DEADLINE_MS = 120_000;

function openGenesys(
  config: GenesysConfig,
  signal: AbortSignal,
): { readonly checkEnded: CheckEnded; close(): void } {
  const clocks = systemClocks();
  const limit = config.GENESYS_REQUESTS_PER_MINUTE;
  const budget = createLocalBudget({
    limit,
    // The server may raise the limit; the reserve of the workers stays untouched.
    reserve: limit - Math.max(1, Math.floor(limit * SHARE_OF_BUDGET)),
    windowMs: 60_000,
    monotonicNow: clocks.monotonicNow,
    report: () => undefined,
  });
  const api = createApi(
    {
      source: "genesys",
      baseUrl: config.GENESYS_API_URL,
      timeoutMs: config.GENESYS_TIMEOUT_MS,
      concurrency: GENESYS_CONNECTIONS,
      login: config.genesysLogin,
    },
    { budget, clocks, random: Math.random, report: () => undefined, signal },
  );
  const sdk = createGenesysSdk(config.GENESYS_API_URL, api.send);
  const check = checkEndedWith(genesysConversations(sdk, clocks.epochNow));
  return {
    checkEnded(of, call) {
      const deadline = after(clocks.monotonicNow(), CHECK_DEADLINE_MS);
      return check(of, { ...call, deadline });
    },
    close: api.close,
  };
}

function printPlan(
  command: ProcessCommand,
  selected: Groups,
  others: Groups,
  { printStatus, now }: DlqTerminal,
): void {
  if (selected.count === 0) {
    printStatus("No message matches: nothing to do.");
    if (others.count > 0) printStatus(`In the queue:\n${groupTable(others.all, now())}`);
    return;
  }
  const auxiliary = command.dryRun ? "would be" : "to be";
  const participle = command.action === "replay" ? "replayed" : "discarded";
  printStatus(
    `${countOfMessages(selected.count)} ${auxiliary} ${participle}:\n${groupTable(selected.all, now())}`,
  );
  if (others.count > 0) {
    printStatus(
      `\n${countOfMessages(others.count)} not selected:\n${groupTable(others.all, now())}`,
    );
  }
  if (command.dryRun) {
    printStatus(
      "\nDry run: nothing was changed. Whether conversations have ended is checked in a real run only.",
    );
  }
}

function printOutcome(
  command: ProcessCommand,
  outcome: QueueOutcome,
  { run }: Run,
  { print, printStatus }: DlqTerminal,
): void {
  const kept = [...outcome.kept].map(([reason, count]) => [keptReasonText[reason], count] as const);
  if (command.json) print(JSON.stringify({ run, ...outcome, kept: Object.fromEntries(kept) }));
  printStatus(`Run ${run}: ${outcome.replayed} replayed, ${outcome.discarded} discarded.`);
  for (const [reason, count] of kept) {
    printStatus(`${countOfMessages(count)} left in the queue: ${reason}.`);
  }
  if (outcome.missing > 0) {
    printStatus(`${countOfMessages(outcome.missing)} received by another consumer meanwhile.`);
  }
  if (outcome.cameBack > 0) {
    printStatus(`${outcome.cameBack} of the replayed messages came straight back.`);
  }
  if (outcome.end === "came back") {
    printStatus("Stopped: too many came straight back. Fix the cause first (ringahead dlq list).");
  }
  if (outcome.end === "interrupted") {
    printStatus("Interrupted: run the command again to continue.");
  }
}
