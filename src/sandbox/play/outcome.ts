import type { Attributes } from "../../domain/summary/attributes.ts";
import type { WorkerLogLine } from "../environment/worker-process.ts";
import type { SampleEnding } from "../samples/sample-conversations.ts";
import type { SampleRun } from "./run-samples.ts";

/** The outcome of one sample conversation. Durations in ms. */
export interface SampleOutcome {
  readonly conversation: string;
  readonly title: string;
  readonly channel: string;
  readonly expected: SampleEnding;
  /** Undefined if there is no result yet. */
  readonly status: SampleEnding | undefined;
  /** From the event to the accepted write. The next three are parts of it: queue, Oracle, Genesys. */
  readonly sinceEventMs: number | undefined;
  readonly waitedMs: number | undefined;
  readonly oracleMs: number | undefined;
  readonly genesysMs: number | undefined;
  /** Whether the enrichment needed no request to Oracle. */
  readonly cached: boolean | undefined;
  readonly headStartMs: number | undefined;
  readonly patches: number;
  readonly attributes: Attributes;
}

/** What the simulators recorded for a conversation. */
export interface Recorded {
  readonly patches: number;
  readonly attributes: Attributes | undefined;
}

/** [pure] The outcome of one sample, from the worker's log and the simulators' records. */
export function outcomeOf(
  run: SampleRun,
  log: readonly WorkerLogLine[],
  recorded: Recorded,
): SampleOutcome {
  const { sample, conversationId } = run;
  const mine = log.filter(
    (line) => "conversationId" in line && line.conversationId === conversationId,
  );
  const written = mine.findLast((line) => line.fact === "enrichment.written");
  const headStart = mine.find((line) => line.fact === "headstart.measured");
  return {
    conversation: conversationId,
    title: sample.title,
    channel: sample.channel,
    expected: sample.expected,
    status: written?.status ?? (sample.start === undefined ? strayEnding(log) : endingOf(mine)),
    sinceEventMs: written?.sinceEventMs,
    waitedMs: written?.waitedMs,
    oracleMs: written?.oracleMs,
    genesysMs: written?.genesysMs,
    cached: written?.cached,
    headStartMs: headStart?.headStartMs,
    patches: recorded.patches,
    attributes: recorded.attributes ?? {},
  };
}

function endingOf(log: readonly WorkerLogLine[]): SampleEnding | undefined {
  return log.some((line) => line.fact === "enrichment.expired") ? "ended" : undefined;
}

/** A message that is not an event has no conversation id. */
function strayEnding(log: readonly WorkerLogLine[]): SampleEnding | undefined {
  return log.some((line) => line.fact === "event.dead_lettered") ? "dead_letter" : undefined;
}

/** [pure] Whether a run has its expected result, and its head start if an agent connects. */
export function isSettled({ sample }: SampleRun, outcome: SampleOutcome): boolean {
  const { status, expected, headStartMs } = outcome;
  return status === expected && (sample.agentAfterMs === undefined || headStartMs !== undefined);
}

/** The figures of a whole run, as the simulators counted them. */
export interface Summary {
  readonly conversations: number;
  readonly asExpected: number;
  readonly genesys: {
    readonly patches: number;
    readonly contactLookups: number;
    readonly tokens: number;
    readonly throttled: number;
    /** How many conversations took how many PATCH requests, by the latter. */
    readonly conversationsByPatches: Readonly<Record<string, number>>;
  };
  readonly oracle: {
    readonly searches: number;
    readonly casePages: number;
    readonly tokens: number;
    /** Conversations that needed no request, for example because the history was cached. */
    readonly conversationsWithoutRequest: number;
  };
  readonly deadLetters: number;
  /** From the write to the agent's connection, over the conversations with an agent. */
  readonly headStartMs: { readonly least: number; readonly median: number } | undefined;
}

/** [pure] The figures of a run. */
export function summaryOf(
  outcomes: readonly SampleOutcome[],
  counts: {
    readonly genesys: Readonly<Record<"patch" | "contact" | "token", number>>;
    readonly oracle: Readonly<Record<"search" | "cases" | "token", number>>;
    readonly throttled: number;
  },
): Summary {
  const headStarts = outcomes
    .map(({ headStartMs }) => headStartMs)
    .filter((ms) => ms !== undefined)
    .toSorted((a, b) => a - b);
  const least = headStarts[0];
  const median = headStarts[Math.floor(headStarts.length / 2)];
  const byPatches = Object.groupBy(outcomes, ({ patches }) => String(patches));
  return {
    conversations: outcomes.length,
    asExpected: outcomes.filter(({ status, expected }) => status === expected).length,
    genesys: {
      patches: counts.genesys.patch,
      contactLookups: counts.genesys.contact,
      tokens: counts.genesys.token,
      throttled: counts.throttled,
      conversationsByPatches: Object.fromEntries(
        Object.entries(byPatches).map(([patches, group]) => [patches, group?.length ?? 0]),
      ),
    },
    oracle: {
      searches: counts.oracle.search,
      casePages: counts.oracle.cases,
      tokens: counts.oracle.token,
      conversationsWithoutRequest: outcomes.filter(
        ({ status, cached }) => cached === true && status !== undefined,
      ).length,
    },
    deadLetters: outcomes.filter(({ status }) => status === "dead_letter").length,
    headStartMs: least === undefined || median === undefined ? undefined : { least, median },
  };
}
