import type { About } from "../../domain/call.ts";
import type { AcknowledgeReason } from "../../domain/conversation/acknowledge-reason.ts";
import type { FailureCode, FailureKind, FailureSource } from "../../domain/failure.ts";
import type { NumberForm } from "../../domain/identity/number-form.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { EpochMs } from "../../domain/time.ts";

/** What a lookup on demand is answered; `pending` while Oracle is still being asked. */
export type LookupStatus = Exclude<HistoryStatus, "unavailable"> | "pending";

export interface Failed {
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
  /** When Genesys accepted the attributes, epoch ms. */
  readonly at: EpochMs;
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
 * Everything that the worker reports of itself. Logs, metrics and traces listen; a fact has no
 * field that could hold a secret or personal data, so neither can what they tell.
 */
export interface Facts {
  "worker.started": {
    readonly node: string;
    readonly shadow: boolean;
    readonly dialect: string;
    /** Requests that each API may be sent in 60 s; absent where they are not limited. */
    readonly genesysPerMinute?: number | undefined;
    readonly oraclePerMinute?: number | undefined;
  };
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
  /** The collector does not take traces; told once until it does. */
  "traces.lost": { readonly spans: number; readonly reason: string };
  "traces.back": Readonly<Record<never, never>>;
  /** Times are epoch ms: at Genesys, on the event bus, in the queue. 0 where it is unknown. */
  "event.received": About & {
    readonly messageId: string;
    readonly happenedAt: EpochMs;
    readonly busAt: EpochMs;
    readonly queuedAt: EpochMs;
    readonly receiveCount: number;
    readonly mediaType?: string | undefined;
  };
  /** There is no room for it yet: it waits, with so many others. Not told of who begins at once. */
  "backlog.joined": About & { readonly attempt: number; readonly waiting: number };
  /** A try begins, so long after its message was admitted: for the first one, that was in the backlog. */
  "enrichment.begun": About & { readonly attempt: number; readonly waitedMs: number };
  /** By what the customer is looked up, or why there is nothing to look up by. */
  "identity.tried": About & {
    readonly by: "address" | "contact";
    readonly identifiedBy: string;
    readonly form?: NumberForm | undefined;
    /** Enough to recognise what one already knows: country code and last two digits. */
    readonly masked?: string | undefined;
  };
  "customer.looked_up": About & {
    readonly identifiedBy: string;
    readonly form?: NumberForm | undefined;
    readonly match: HistoryStatus;
    readonly cached: boolean;
    readonly oracleMs: number;
  };
  /** One request to an API, for the conversation that caused it; others may have waited for it too. */
  "api.called": About & {
    readonly source: FailureSource;
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** The path with `{id}` for whatever is data. */
    readonly route: string;
    /** Absent where there was no answer; then `code` says why. */
    readonly status?: number | undefined;
    readonly code?: FailureCode | undefined;
    /** For budget. */
    readonly waitedMs: number;
    readonly tookMs: number;
  };
  "event.acknowledged": About & { readonly because: AcknowledgeReason };
  "event.dead_lettered": About & Failed & { readonly messageId: string };
  "enrichment.written": Enriched;
  /** `SHADOW`: which attributes would have been written, and how many characters each has. */
  "enrichment.shadowed": Enriched & { readonly attributes: Readonly<Record<string, number>> };
  /** Oracle could not answer, and Genesys would not take that message either. */
  "unavailable.failed": About & Failed;
  "enrichment.delayed": About & Failed & { readonly attempt: number; readonly delayMs: number };
  /** Its agent has come meanwhile, and others wait who have none: they come first. */
  "enrichment.yielded": About & { readonly attempt: number };
  /** A twin of its message is worked on by another worker: it is looked at again later. */
  "enrichment.elsewhere": About & { readonly delayMs: number };
  /** The backlog was full: this one comes back later, so that younger ones are seen. */
  "backlog.made_room": About & { readonly delayMs: number };
  /** This worker stops: another one takes the message over from the queue. */
  "backlog.given_back": About;
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

/** Where several listen to the same facts. */
export function reportToAll(listeners: readonly Report[]): Report {
  const [only] = listeners;
  if (only !== undefined && listeners.length === 1) return only;
  return (name, fact) => {
    for (const listen of listeners) listen(name, fact);
  };
}

/**
 * How loud each fact is. `error` is for what an operator has to act on, `warn` for what hurts a
 * conversation, `info` for its story, `debug` for the steps within.
 */
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
  "traces.lost": "warn",
  "traces.back": "info",
  "event.received": "info",
  "backlog.joined": "info",
  "enrichment.begun": "info",
  "identity.tried": "info",
  "customer.looked_up": "info",
  "api.called": "info",
  "event.acknowledged": "info",
  "event.dead_lettered": "error",
  "enrichment.written": "info",
  "enrichment.shadowed": "info",
  "unavailable.failed": "warn",
  "enrichment.delayed": "warn",
  "enrichment.yielded": "info",
  "enrichment.elsewhere": "info",
  "backlog.made_room": "info",
  "backlog.given_back": "info",
  "signin.noted": "info",
  "operations.noted": "warn",
  "enrichment.expired": "info",
  "write.confirmed": "info",
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
