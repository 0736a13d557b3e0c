import type { FailureCode, FailureSource } from "../../domain/failure.ts";
import type { LogLine } from "../../observability/facts/line.ts";

/** A period in which one system failed. */
export interface Outage {
  readonly source: FailureSource | "redis";
  /** What to look at first. */
  readonly fault: string;
  /** ISO 8601, UTC. */
  readonly begin: string;
  /** Absent if the outage is not over at the end of the log. */
  readonly end?: string;
  readonly failures: number;
  /** Conversations that it affected. */
  readonly conversations: number;
  /** True if there were more conversations than were counted. */
  readonly atLeast: boolean;
  /** The most frequent failure. */
  readonly code: FailureCode | "redis";
  readonly reason: string;
}

/** Failures of one system that are less than this apart are one outage. */
const GAP_MS = 5 * 60_000;
/** An open circuit breaker reports again within minutes, unless its worker ended. */
const OPEN_GAP_MS = 30 * 60_000;
/** Fewer failures are no outage, unless the circuit breaker opened. */
const MIN_FAILURES = 3;
const MAX_CONVERSATIONS = 100_000;
const MAX_OUTAGES = 1_000;

/** A failure that a line reports. */
interface ReportedFailure {
  readonly source: Outage["source"];
  readonly code: Outage["code"];
  readonly reason: string;
  readonly conversationId?: string | undefined;
  /** This failure alone is an outage. */
  readonly certain: boolean;
}

interface OpenOutage {
  readonly source: Outage["source"];
  readonly begin: number;
  last: number;
  failures: number;
  certain: boolean;
  /** It goes on until a line reports its end. */
  open: boolean;
  readonly conversations: Set<string>;
  atLeast: boolean;
  readonly codes: Map<Outage["code"], { count: number; reason: string }>;
}

/** Groups failures into outages, in constant memory. */
export function collectOutages() {
  const openOutages = new Map<Outage["source"], OpenOutage>();
  const finished: Outage[] = [];

  function begin(source: Outage["source"], at: number): OpenOutage {
    const created: OpenOutage = {
      source,
      begin: at,
      last: at,
      failures: 0,
      certain: false,
      open: false,
      conversations: new Set(),
      atLeast: false,
      codes: new Map(),
    };
    openOutages.set(source, created);
    return created;
  }

  function close(outage: OpenOutage, ended: boolean): void {
    openOutages.delete(outage.source);
    const isOutage = outage.certain || outage.failures >= MIN_FAILURES;
    if (isOutage && finished.length < MAX_OUTAGES) finished.push(entryOf(outage, ended));
  }

  function add(failure: ReportedFailure, at: number): void {
    const before = openOutages.get(failure.source);
    const stale = before !== undefined && hasEnded(before, at);
    if (stale) close(before, true);
    const outage = (stale ? undefined : before) ?? begin(failure.source, at);
    outage.last = Math.max(outage.last, at);
    outage.failures += 1;
    outage.certain ||= failure.certain;
    outage.open ||= failure.certain;
    const { conversationId } = failure;
    if (outage.conversations.size >= MAX_CONVERSATIONS) outage.atLeast = true;
    else if (conversationId !== undefined) outage.conversations.add(conversationId);
    const known = outage.codes.get(failure.code) ?? { count: 0, reason: failure.reason };
    known.count += 1;
    outage.codes.set(failure.code, known);
  }

  function recovered(source: Outage["source"], at: number): void {
    const outage = openOutages.get(source);
    if (outage === undefined) return;
    outage.open = false;
    outage.last = Math.max(outage.last, at);
  }

  return {
    take(line: LogLine): void {
      const at = Date.parse(line.time);
      const failure = failureOf(line);
      if (failure !== undefined) add(failure, at);
      if (line.fact === "breaker.closed") recovered(line.source, at);
      if (line.fact === "redis.back") recovered("redis", at);
    },
    /** Ordered by begin. `endOfLog` is epoch ms. Call it once, at the end. */
    outages(endOfLog: number): readonly Outage[] {
      for (const outage of [...openOutages.values()]) {
        close(outage, hasEnded(outage, endOfLog));
      }
      return finished.toSorted((a, b) => Date.parse(a.begin) - Date.parse(b.begin));
    },
  };
}

/** Workers report once that Redis is lost, and once that it is back. */
function hasEnded({ open, source, last }: OpenOutage, now: number): boolean {
  if (open && source === "redis") return false;
  return now - last > (open ? OPEN_GAP_MS : GAP_MS);
}

function failureOf(line: LogLine): ReportedFailure | undefined {
  switch (line.fact) {
    case "breaker.opened":
      return { ...line, certain: true };
    case "token.failed":
    case "enrichment.delayed":
    case "unavailable.failed":
    case "attributes.not_emptied":
    case "lookup.failed":
      // Calls that an open breaker rejects are a consequence of the outage.
      return { ...line, certain: false };
    case "queue.failed":
      return { source: "queue", code: "network", reason: line.reason, certain: false };
    case "redis.lost":
      return { source: "redis", code: "redis", reason: line.reason, certain: true };
    default:
      return undefined;
  }
}

function entryOf(outage: OpenOutage, ended: boolean): Outage {
  const [first] = [...outage.codes]
    .filter(([code]) => code !== "circuit_open" || outage.codes.size === 1)
    .toSorted(([, a], [, b]) => b.count - a.count);
  const [code, { reason }] = first ?? (["unexpected", { reason: "" }] as const);
  return {
    source: outage.source,
    fault: outageCause(outage.source, code),
    begin: new Date(outage.begin).toISOString(),
    ...(ended ? { end: new Date(outage.last).toISOString() } : {}),
    failures: outage.failures,
    conversations: outage.conversations.size,
    atLeast: outage.atLeast,
    code,
    reason,
  };
}

const systems = {
  oracle: "Oracle",
  genesys: "Genesys Cloud",
  queue: "AWS",
  redis: "Redis",
} as const;

/** [pure] What to look at first. */
export function outageCause(source: Outage["source"], code: Outage["code"]): string {
  if (source === "worker" || source === "event") return "Ringahead";
  const system = systems[source];
  switch (code) {
    case "unauthorized":
    case "forbidden":
    case "invalid_client":
      return `configuration: ${system} rejects our client`;
    case "throttled":
      return `budget: more requests than ${system} allows`;
    case "certificate":
      return `the certificate of ${system}, or our trusted certificates`;
    case "proxy":
      return `the proxy in front of ${system}`;
    case "network":
      return `${system}, or the network to it`;
    default:
      return system;
  }
}
