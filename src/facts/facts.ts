import type { FailureCode, FailureKind, FailureSource } from "../failure.ts";
import type { HistoryStatus } from "../summarise/summarise.ts";

/** What a lookup on demand is answered; `pending` while Oracle is still being asked. */
export type LookupStatus = Exclude<HistoryStatus, "unavailable"> | "pending";

/** Where a fact belongs: ids only, never an address or a name. */
interface About {
  readonly conversationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly topic?: string | undefined;
}

interface Failed {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly source: FailureSource;
  readonly reason: string;
  readonly cure: string;
  readonly status?: number | undefined;
}

/** How an enrichment went: durations in ms. */
interface Enriched extends About {
  readonly participantId: string;
  readonly status: HistoryStatus;
  readonly mediaType: string;
  readonly identifiedBy: string;
  readonly attempt: number;
  /** From the event's own time to the moment that Genesys accepted the attributes. */
  readonly sinceEventMs: number;
  /** In the queue and in the backlog, until work on it began. */
  readonly waitedMs: number;
  /** 0 where nothing was asked, or the answer was at hand. */
  readonly oracleMs: number;
  readonly genesysMs: number;
  readonly cached: boolean;
}

/**
 * Everything that the worker reports of itself. Logs (and, later, metrics) listen; a fact has no
 * field that could hold a secret or personal data, so neither can a log line.
 */
export interface Facts {
  "worker.started": { readonly node: string; readonly shadow: boolean; readonly dialect: string };
  "http.listening": { readonly port: number };
  "serve.started": { readonly node: string; readonly dialect: string };
  "serve.stopped": { readonly because: string };
  "worker.draining": {
    readonly because: string;
    readonly inHand: number;
    readonly waiting: number;
  };
  "worker.stopped": { readonly givenBack: number };
  "token.failed": Failed;
  /** A refused secret was changed where it is kept: its new value is used from now on. */
  "secret.changed": { readonly source: FailureSource; readonly variable: string };
  /** The other side asked for a rest: nothing is sent to it for so long. */
  "limiter.paused": { readonly source: FailureSource; readonly forMs: number };
  /** The server allows another number of requests than was thought. */
  "limiter.limited": {
    readonly source: FailureSource;
    readonly limit: number;
    readonly before: number;
  };
  /** Requests that the server counts and that none of our workers has sent. */
  "limiter.foreign": { readonly source: FailureSource; readonly count: number };
  /** The fleet's book in Redis cannot be used: this worker keeps to its share. */
  "fleet.apart": { readonly source: FailureSource; readonly reason: string };
  "fleet.together": { readonly source: FailureSource; readonly workers: number };
  /** Redis cannot be reached; told once until it is back. */
  "redis.lost": { readonly reason: string };
  "redis.back": Readonly<Record<never, never>>;
  /** Nothing is sent to the other side until it is probed, `forMs` from now. */
  "breaker.opened": Failed & { readonly forMs: number };
  "breaker.probing": { readonly source: FailureSource };
  "breaker.closed": { readonly source: FailureSource; readonly afterMs: number };
  /** B2C Service refuses contacts and incidents in one request: from now on they are asked in two. */
  "oracle.two_requests": Readonly<Record<never, never>>;
  "queue.failed": { readonly reason: string };
  /** One lookup on demand. `identifiedBy` is `phone`, `email`, or why the address was of no use. */
  "lookup.answered": {
    readonly by: "phone" | "email" | "conversation";
    readonly status: LookupStatus;
    readonly identifiedBy: string;
    readonly cached: boolean;
    readonly tookMs: number;
  };
  /** Nothing could be had; `late` where the caller had been answered `pending` by then. */
  "lookup.failed": Failed & { readonly late: boolean };
  "event.acknowledged": About & { readonly because: string };
  "event.dead_lettered": About & Failed & { readonly messageId: string };
  "enrichment.written": Enriched;
  /** `SHADOW`: what would have been written, values included. Free text in them is masked. */
  "enrichment.shadowed": Enriched & { readonly attributes: Readonly<Record<string, string>> };
  /** Oracle could not answer, and Genesys would not take that message either. */
  "unavailable.failed": About & Failed;
  "enrichment.delayed": About & Failed & { readonly attempt: number; readonly delayMs: number };
  /** The backlog was full: this one comes back later, so that younger ones are seen. */
  "backlog.made_room": About & { readonly delayMs: number };
  /** An agent has signed in: the audit line. The address is masked. */
  "signin.noted": { readonly userId: string; readonly address: string };
  /** Trouble that Genesys Cloud itself reports; `slowed` where it names API rate limits. */
  "operations.noted": {
    readonly entityType?: string | undefined;
    readonly entityId?: string | undefined;
    readonly previousValue?: string | undefined;
    readonly currentValue?: string | undefined;
    readonly errorCode?: string | undefined;
    readonly slowed: boolean;
  };
  "enrichment.expired": About & { readonly code: FailureCode; readonly reason: string };
  "write.confirmed": About & { readonly sinceWriteMs: number };
  /** `SCRUB_AFTER_MINUTES`: the customer has left, and what was written about a person is emptied. */
  "attributes.emptied": About & { readonly participantId: string };
  "attributes.not_emptied": About & Failed;
  /** How long the history was there before the agent; negative where it came after. */
  "headstart.measured": About & { readonly headStartMs: number };
}

export type FactName = keyof Facts;

/** Reports one fact. It never throws: what listens cannot break the work. */
export type Report = <N extends FactName>(name: N, fact: Facts[N]) => void;

/** How loud each fact is. `error` is for what an operator has to act on. */
export const levels: Readonly<Record<FactName, "debug" | "info" | "warn" | "error">> = {
  "worker.started": "info",
  "http.listening": "info",
  "serve.started": "info",
  "serve.stopped": "info",
  "worker.draining": "info",
  "worker.stopped": "info",
  "token.failed": "error",
  "secret.changed": "info",
  "limiter.paused": "warn",
  "limiter.limited": "info",
  "limiter.foreign": "debug",
  "fleet.apart": "warn",
  "fleet.together": "info",
  "redis.lost": "error",
  "redis.back": "info",
  "breaker.opened": "error",
  "breaker.probing": "debug",
  "breaker.closed": "info",
  "oracle.two_requests": "warn",
  "queue.failed": "error",
  "lookup.answered": "debug",
  "lookup.failed": "warn",
  "event.acknowledged": "debug",
  "event.dead_lettered": "error",
  "enrichment.written": "info",
  "enrichment.shadowed": "info",
  "unavailable.failed": "warn",
  "enrichment.delayed": "warn",
  "backlog.made_room": "debug",
  "signin.noted": "info",
  "operations.noted": "warn",
  "enrichment.expired": "info",
  "write.confirmed": "debug",
  "attributes.emptied": "info",
  "attributes.not_emptied": "warn",
  "headstart.measured": "info",
};

/** The fields that a fact tells of a failure. */
export function failedFields(failure: {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly source: FailureSource;
  readonly message: string;
  readonly cure: string;
  readonly status: number | undefined;
}): Failed {
  const { code, kind, source, message, cure, status } = failure;
  return { code, kind, source, reason: message, cure, ...(status === undefined ? {} : { status }) };
}
