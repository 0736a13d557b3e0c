import { randomBytes } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { systemClocks } from "../app/clocks.ts";
import type { GenesysConfig, QueueConfig } from "../config/load.ts";
import type { Clocks } from "../domain/time.ts";
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
import { createRate } from "../operations/dead-letters/rate.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import { countOfMessages, groupTable } from "../operations/dead-letters/table.ts";
import { createTreatment } from "../operations/dead-letters/treatment.ts";
import { judge } from "../operations/dead-letters/verdict.ts";
import { type WorkOutcome, workThrough } from "../operations/dead-letters/work-through.ts";
import { checkQueue } from "../queue/sqs.ts";
import { createApi } from "../resilience/api.ts";
import { createLocalBudget } from "../resilience/budget/local-budget.ts";
import { agreed } from "./dlq-confirm.ts";
import { progressBar } from "./dlq-progress.ts";
import {
  type CommonOptions,
  type DlqSession,
  scanDeadLetters,
  type Terminal,
  withDlqSession,
} from "./dlq-session.ts";

export interface WorkCommand extends CommonOptions {
  readonly action: "replay" | "discard";
  readonly limit: number | undefined;
  readonly dryRun: boolean;
  /** Letters a second. */
  readonly rate: number;
  readonly yes: boolean;
  readonly by: string;
  readonly reason: string;
  readonly auditFile: string | undefined;
  readonly discardEnded: boolean;
  /** From 0 to 1. */
  readonly stopShare: number;
  readonly watchSeconds: number;
}

/**
 * `ringahead dlq replay` and `discard`.
 * @param genesys where endings are to be asked for; undefined where not.
 * @returns whether all went well: false after letters came straight back, and after an interrupt.
 * @throws {Failure}
 */
export function workOnDeadLetters(
  config: QueueConfig,
  genesys: GenesysConfig | undefined,
  command: WorkCommand,
  terminal: Terminal,
): Promise<boolean> {
  const run: Run = {
    who: command.by,
    run: randomBytes(4).toString("hex"),
    why: command.reason,
    ...(command.dryRun ? { dryRun: true } : {}),
  };
  return withDlqSession(config, command, terminal, async (atHand) => {
    const largestBytes = await largestMessage(atHand.sqs, config, command);
    const { meant, others, complete } = await scanDeadLetters(
      atHand,
      command,
      terminal.now,
      (letter, verdict) => {
        if (!command.dryRun || !command.json) return;
        const what = command.action === "replay" ? "replayed" : "discarded";
        const because = verdict.because === "" ? undefined : verdict.because;
        terminal.print(JSON.stringify(auditLine(run, terminal.now(), letter, what, because)));
      },
    );
    tellPlan(command, meant, others, terminal);
    if (atHand.signal.aborted) return false;
    if (meant.count === 0 || command.dryRun) return true;
    if (!(await agreed(command, meant.count, atHand.signal))) {
      terminal.tell("Nothing was changed.");
      return true;
    }
    const order = { command, genesys, run, complete, largestBytes, terminal };
    const outcome = await carryOut(atHand, order);
    tellOutcome(command, outcome, run, terminal);
    return outcome.end === "done";
  });
}

/** Where letters go back to a queue, it is proven before anything else is done. */
async function largestMessage(
  sqs: SQSClient,
  config: QueueConfig,
  command: WorkCommand,
): Promise<number> {
  if (command.action === "discard") return 0;
  const facts = await checkQueue(sqs, "QUEUE_URL", config.QUEUE_URL);
  return facts.largestMessageBytes;
}

interface Order {
  readonly command: WorkCommand;
  readonly genesys: GenesysConfig | undefined;
  readonly run: Run;
  /** Whether the whole queue was seen before. */
  readonly complete: boolean;
  readonly largestBytes: number;
  readonly terminal: Terminal;
}

async function carryOut(atHand: DlqSession, order: Order): Promise<WorkOutcome> {
  const { command, genesys, run, terminal } = order;
  const { queue, chosen, holding, signal } = atHand;
  const trail: AuditTrail =
    command.auditFile === undefined
      ? { write: (line) => terminal.print(JSON.stringify(line)), close: () => undefined }
      : auditFile(command.auditFile);
  const clocks = systemClocks();
  const asking = genesys === undefined ? undefined : openGenesys(genesys, clocks, signal);
  // Audit lines on the same terminal are progress enough.
  const quiet = command.auditFile === undefined && process.stdout.isTTY;
  const bar = quiet ? undefined : progressBar(command.action);
  bar?.start(chosen.size, 0);
  const treatment = createTreatment({
    queue,
    action: command.action,
    run,
    audit: trail.write,
    ending: asking?.ask,
    discardEnded: command.discardEnded,
    maxReplays: command.maxReplays,
    turn: createRate(command.rate, terminal.now, signal),
    largestBytes: order.largestBytes,
    now: terminal.now,
    monotonicNow: clocks.monotonicNow,
    signal,
  });
  try {
    return await workThrough({
      queue,
      chosen,
      holding,
      alsoMeant: order.complete ? undefined : (letter) => isMeant(letter, command, terminal.now()),
      treatment,
      run: run.run,
      stopShare: command.stopShare,
      watchMs: command.watchSeconds * 1000,
      progress: (dealtWith) => bar?.update(dealtWith),
      now: terminal.now,
      signal,
    });
  } catch (error) {
    const { replayed, discarded } = treatment.tally;
    terminal.tell(
      `Failed after ${replayed} replayed and ${discarded} discarded; the rest was left.`,
    );
    throw error;
  } finally {
    bar?.stop();
    asking?.close();
    trail.close();
  }
}

function isMeant(letter: DeadLetter, { filter, maxReplays }: WorkCommand, now: number): boolean {
  return matches(filter, letter, judge(letter, now, maxReplays), now);
}

const GENESYS_CONNECTIONS = 10;
/** The workers spend the same client's budget: a fifth of it is enough to ask with. */
const SHARE_OF_BUDGET = 0.2;

function openGenesys(
  config: GenesysConfig,
  clocks: Clocks,
  signal: AbortSignal,
): { readonly ask: CheckEnded; close(): void } {
  const limit = config.GENESYS_REQUESTS_PER_MINUTE;
  // The server may raise the limit; what is reserved for the workers stays out of reach.
  const budget = createLocalBudget({
    limit,
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
  return { ask: checkEndedWith(genesysConversations(sdk, clocks.epochNow)), close: api.close };
}

function tellPlan(command: WorkCommand, meant: Groups, others: Groups, terminal: Terminal): void {
  const { tell, now } = terminal;
  if (meant.count === 0) {
    tell("No letter matches: nothing to do.");
    if (others.count > 0) tell(`In the queue:\n${groupTable(others.all, now())}`);
    return;
  }
  const would = command.dryRun ? "would be" : "to be";
  const done = command.action === "replay" ? "replayed" : "discarded";
  tell(`${countOfMessages(meant.count)} ${would} ${done}:\n${groupTable(meant.all, now())}`);
  if (others.count > 0)
    tell(`\n${countOfMessages(others.count)} left alone:\n${groupTable(others.all, now())}`);
  if (command.dryRun)
    tell("\nDry run: nothing was changed. Ended conversations are found when it is run.");
}

function tellOutcome(
  command: WorkCommand,
  outcome: WorkOutcome,
  { run }: Run,
  { print, tell }: Terminal,
): void {
  if (command.json) print(JSON.stringify({ run, ...outcome }));
  tell(`Run ${run}: ${outcome.replayed} replayed, ${outcome.discarded} discarded.`);
  for (const [because, count] of Object.entries(outcome.kept)) {
    tell(`${countOfMessages(count)} left in the queue: ${because}.`);
  }
  if (outcome.missing > 0)
    tell(`${countOfMessages(outcome.missing)} taken by somebody else meanwhile.`);
  if (outcome.cameBack > 0) {
    tell(`${countOfMessages(outcome.cameBack)} of those replayed came straight back.`);
  }
  if (outcome.end === "came back") {
    tell("Stopped: that is too large a share. Mend the cause first (ringahead dlq list).");
  }
  if (outcome.end === "interrupted") tell("Interrupted: run it again to go on.");
}
