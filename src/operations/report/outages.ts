import type { FailureCode, FailureSource } from "../../domain/failure.ts";
import type { LogLine } from "../../observability/facts/line.ts";

/** A time in which one side failed: one entry, however many conversations it hurt. */
export interface Outage {
  readonly source: FailureSource | "redis";
  /** Whose it was, in words that say whom to call. */
  readonly fault: string;
  /** ISO 8601, UTC. */
  readonly begin: string;
  /** Absent where the log ends in the middle of it. */
  readonly end?: string;
  readonly failures: number;
  readonly conversations: number;
  /** True where there were more conversations than were counted. */
  readonly atLeast: boolean;
  /** The most frequent failure. */
  readonly code: FailureCode | "redis";
  readonly reason: string;
}

/** Failures of one side that are closer together than this are one outage. */
const GAP_MS = 5 * 60_000;
/** An open breaker is probed, and told of again, within minutes; a worker that ended tells no end. */
const OPEN_GAP_MS = 30 * 60_000;
/** Fewer failures, where no breaker opened, are chance. */
const LEAST_FAILURES = 3;
const CONVERSATIONS_COUNTED = 100_000;
const OUTAGES_KEPT = 1_000;

/** A failure as a line tells it. */
interface Trouble {
  readonly source: Outage["source"];
  readonly code: Outage["code"];
  readonly reason: string;
  readonly conversationId?: string | undefined;
  /** Enough to be an outage all alone. */
  readonly certain: boolean;
}

interface Running {
  readonly source: Outage["source"];
  readonly begin: number;
  last: number;
  failures: number;
  certain: boolean;
  /** Known to go on, until a line tells its end. */
  open: boolean;
  readonly conversations: Set<string>;
  atLeast: boolean;
  readonly codes: Map<Outage["code"], { count: number; reason: string }>;
}

/** Gathers failures into outages, in bounded memory. */
export function gatherOutages() {
  const running = new Map<Outage["source"], Running>();
  const over: Outage[] = [];

  function begin(source: Outage["source"], at: number): Running {
    const created: Running = {
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
    running.set(source, created);
    return created;
  }

  function close(outage: Running, ended: boolean): void {
    running.delete(outage.source);
    const isOutage = outage.certain || outage.failures >= LEAST_FAILURES;
    if (isOutage && over.length < OUTAGES_KEPT) over.push(entryOf(outage, ended));
  }

  function trouble(told: Trouble, at: number): void {
    const before = running.get(told.source);
    const stale = before !== undefined && hasEnded(before, at);
    if (stale) close(before, true);
    const outage = (stale ? undefined : before) ?? begin(told.source, at);
    outage.last = Math.max(outage.last, at);
    outage.failures += 1;
    outage.certain ||= told.certain;
    outage.open ||= told.certain;
    const { conversationId } = told;
    if (outage.conversations.size >= CONVERSATIONS_COUNTED) outage.atLeast = true;
    else if (conversationId !== undefined) outage.conversations.add(conversationId);
    const known = outage.codes.get(told.code) ?? { count: 0, reason: told.reason };
    known.count += 1;
    outage.codes.set(told.code, known);
  }

  function mended(source: Outage["source"], at: number): void {
    const outage = running.get(source);
    if (outage === undefined) return;
    outage.open = false;
    outage.last = Math.max(outage.last, at);
  }

  return {
    take(line: LogLine): void {
      const at = Date.parse(line.time);
      const told = troubleOf(line);
      if (told !== undefined) trouble(told, at);
      if (line.fact === "breaker.closed") mended(line.source, at);
      if (line.fact === "redis.back") mended("redis", at);
    },
    /** By their begin. To be called once; `endOfLog` is epoch ms. */
    outages(endOfLog: number): readonly Outage[] {
      for (const outage of [...running.values()]) {
        close(outage, hasEnded(outage, endOfLog));
      }
      return over.toSorted((a, b) => Date.parse(a.begin) - Date.parse(b.begin));
    },
  };
}

/** Redis' loss is told once, and its return is told. */
function hasEnded({ open, source, last }: Running, now: number): boolean {
  if (open && source === "redis") return false;
  return now - last > (open ? OPEN_GAP_MS : GAP_MS);
}

function troubleOf(line: LogLine): Trouble | undefined {
  switch (line.fact) {
    case "breaker.opened":
      return { ...line, certain: true };
    case "token.failed":
    case "enrichment.delayed":
    case "unavailable.failed":
    case "attributes.not_emptied":
    case "lookup.failed":
      // What the breaker turns away is the consequence of what has opened it.
      return { ...line, certain: false };
    case "queue.failed":
      return { source: "queue", code: "network", reason: line.reason, certain: false };
    case "redis.lost":
      return { source: "redis", code: "redis", reason: line.reason, certain: true };
    default:
      return undefined;
  }
}

function entryOf(outage: Running, ended: boolean): Outage {
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

const sides = { oracle: "Oracle", genesys: "Genesys Cloud", queue: "AWS", redis: "Redis" } as const;

/** [pure] Whom to call first. */
export function outageCause(source: Outage["source"], code: Outage["code"]): string {
  if (source === "worker" || source === "event") return "Ringahead";
  const side = sides[source];
  switch (code) {
    case "unauthorized":
    case "forbidden":
    case "invalid_client":
      return `the set-up: ${side} refuses our client`;
    case "throttled":
      return `the budget: more was asked of ${side} than it allows`;
    case "certificate":
      return `the certificate of ${side}, or what we trust`;
    case "proxy":
      return `the proxy on the way to ${side}`;
    case "network":
      return `${side}, or the network on the way to it`;
    default:
      return side;
  }
}
