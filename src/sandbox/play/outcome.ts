import type { Attributes } from "../../domain/summary/summarise.ts";
import type { WorkerLogLine } from "../environment/worker-process.ts";
import type { SampleEnding } from "../samples/sample-conversations.ts";
import type { SampleRun } from "./run-samples.ts";

/** What became of one sample conversation. Durations in ms. */
export interface SampleOutcome {
  readonly conversation: string;
  readonly title: string;
  readonly channel: string;
  readonly expected: SampleEnding;
  /** Undefined while nothing has happened to it yet. */
  readonly status: SampleEnding | undefined;
  /** From the event to the accepted write, and of that: in the queue, at Oracle, at Genesys. */
  readonly sinceEventMs: number | undefined;
  readonly waitedMs: number | undefined;
  readonly oracleMs: number | undefined;
  readonly genesysMs: number | undefined;
  /** Whether Oracle's answer was at hand, or nothing had to be asked. */
  readonly cached: boolean | undefined;
  readonly headStartMs: number | undefined;
  readonly patches: number;
  readonly attributes: Attributes;
}

/** What the simulators know of a conversation. */
export interface Seen {
  readonly patches: number;
  readonly attributes: Attributes | undefined;
}

/** [pure] The outcome of one scene, out of the worker's log and what the simulators have seen. */
export function outcomeOf(
  played: SampleRun,
  log: readonly WorkerLogLine[],
  seen: Seen,
): SampleOutcome {
  const { scene, conversationId } = played;
  const mine = log.filter(
    (line) => "conversationId" in line && line.conversationId === conversationId,
  );
  const written = mine.findLast((line) => line.fact === "enrichment.written");
  const headStart = mine.find((line) => line.fact === "headstart.measured");
  return {
    conversation: conversationId,
    title: scene.title,
    channel: scene.channel,
    expected: scene.expected,
    status: written?.status ?? (scene.start === undefined ? strayEnding(log) : endingOf(mine)),
    sinceEventMs: written?.sinceEventMs,
    waitedMs: written?.waitedMs,
    oracleMs: written?.oracleMs,
    genesysMs: written?.genesysMs,
    cached: written?.cached,
    headStartMs: headStart?.headStartMs,
    patches: seen.patches,
    attributes: seen.attributes ?? {},
  };
}

function endingOf(log: readonly WorkerLogLine[]): SampleEnding | undefined {
  return log.some((line) => line.fact === "enrichment.expired") ? "ended" : undefined;
}

/** A message that is no event names no conversation. */
function strayEnding(log: readonly WorkerLogLine[]): SampleEnding | undefined {
  return log.some((line) => line.fact === "event.dead_lettered") ? "dead_letter" : undefined;
}

/** Whether nothing more is expected to happen to it. */
export function isSettled(played: SampleRun, outcome: SampleOutcome): boolean {
  const agentAwaited = played.scene.agentAfterMs !== undefined;
  return (
    outcome.status === outcome.expected && (!agentAwaited || outcome.headStartMs !== undefined)
  );
}

/** The figures of a whole run, counted by the simulators. */
export interface Summary {
  readonly conversations: number;
  readonly asExpected: number;
  readonly genesys: {
    readonly patches: number;
    readonly contactLookups: number;
    readonly tokens: number;
    readonly throttled: number;
    /** Conversations by how many PATCHes they took. */
    readonly conversationsByPatches: Readonly<Record<string, number>>;
  };
  readonly oracle: {
    readonly searches: number;
    readonly casePages: number;
    readonly tokens: number;
    /** Conversations whose history was at hand: a repeat caller costs no request. */
    readonly conversationsWithoutRequest: number;
  };
  readonly deadLetters: number;
  /** How long before the agent the history was there, over the calls that an agent took. */
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
