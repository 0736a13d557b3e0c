import type { About } from "../../domain/call.ts";
import type { AcknowledgeReason } from "../../domain/conversation/acknowledge-reason.ts";
import type { Part } from "../../domain/conversation/parties.ts";
import type { FailureCode, FailureKind, FailureSource } from "../../domain/failure.ts";
import type { NumberForm } from "../../domain/identity/number-form.ts";
import type { NumberKind } from "../../domain/identity/number-kind.ts";
import type { IdentitySource, MatchedBy } from "../../domain/identity/rank.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { EpochMs } from "../../domain/time.ts";

/** The status of a lookup on demand. `pending`: Oracle has not answered yet. */
export type LookupStatus = Exclude<HistoryStatus, "unavailable"> | "pending";

/** The fields of a fact that reports a failure. */
export interface Failed {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly source: FailureSource;
  readonly reason: string;
  readonly cure: string;
  readonly status?: number | undefined;
}

/** The result of an enrichment. Durations in ms. */
interface Enriched extends About {
  readonly participantId: string;
  readonly status: HistoryStatus;
  readonly mediaType: string;
  readonly identifiedBy: string;
  /** How the customer was found; absent if nobody was. */
  readonly matchedBy?: MatchedBy | undefined;
  readonly attempt: number;
  /** When Genesys accepted the attributes, epoch ms. */
  readonly at: EpochMs;
  /** From the event's own time until Genesys accepted the attributes. */
  readonly sinceEventMs: number;
  /** In the queue and in the backlog, until the attempt started. */
  readonly waitedMs: number;
  /** 0 if Oracle was not called, or the history was cached. */
  readonly oracleMs: number;
  readonly genesysMs: number;
  readonly cached: boolean;
}

/**
 * Everything that a worker reports. Log, metrics and traces are made from these facts. No field may
 * hold a secret or personal data.
 */
export interface Facts {
  "worker.started": {
    readonly node: string;
    readonly shadow: boolean;
    readonly dialect: string;
    /** Requests to each API allowed in 60 s; absent if they are not limited. */
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
  /** A rejected secret has a new value in its store. The new value is in use. */
  "secret.changed": { readonly source: FailureSource; readonly variable: string };
  /** The API asked for a pause: no request is sent for `forMs`. */
  "limiter.paused": { readonly source: FailureSource; readonly forMs: number };
  /** The server reported another limit than the one in use. */
  "limiter.limited": {
    readonly source: FailureSource;
    readonly limit: number;
    readonly before: number;
  };
  /** Requests that the server counts and none of our workers sent. */
  "limiter.foreign": { readonly source: FailureSource; readonly count: number };
  /** The lease table in Redis cannot be used: this worker uses only its own share of the budget. */
  "fleet.apart": { readonly source: FailureSource; readonly reason: string };
  "fleet.together": { readonly source: FailureSource; readonly workers: number };
  /** Redis is unreachable. Reported once until it is reachable again. */
  "redis.lost": { readonly reason: string };
  "redis.back": Readonly<Record<never, never>>;
  /** No request is sent until the probe, `forMs` from now. */
  "breaker.opened": Failed & { readonly forMs: number };
  "breaker.probing": { readonly source: FailureSource };
  "breaker.closed": { readonly source: FailureSource; readonly afterMs: number };
  /** B2C Service rejects one request for contacts and incidents. From now on there are two. */
  "oracle.two_requests": Readonly<Record<never, never>>;
  /** Oracle rejects a query because of this field. From now on queries leave it out. */
  "oracle.column_refused": { readonly column: string };
  "queue.failed": { readonly reason: string };
  /** One lookup on demand. `identifiedBy`: `phone`, `email`, or why the address cannot be looked up. */
  "lookup.answered": {
    readonly by: "phone" | "email" | "conversation" | "reference";
    readonly status: LookupStatus;
    readonly identifiedBy: string;
    readonly cached: boolean;
    readonly tookMs: number;
  };
  /** A lookup on demand failed. `late`: after the caller had received `pending`. */
  "lookup.failed": Failed & { readonly late: boolean };
  /** `SHADOW_SAMPLE_FILE` cannot be written. Reported once until it can be written again. */
  "sample.failed": { readonly reason: string };
  /** The collector rejects spans. Reported once until it accepts them again. */
  "traces.lost": { readonly spans: number; readonly reason: string };
  "traces.back": Readonly<Record<never, never>>;
  /** Times at Genesys, on the event bus and in the queue; 0 if unknown. */
  "event.received": About & {
    readonly messageId: string;
    readonly happenedAt: EpochMs;
    readonly busAt: EpochMs;
    readonly queuedAt: EpochMs;
    readonly receiveCount: number;
    readonly mediaType?: string | undefined;
  };
  /** Queued; `waiting` is the backlog size. Not reported if the attempt starts at once. */
  "backlog.joined": About & { readonly attempt: number; readonly waiting: number };
  /** The part of the event's participant: every part but `third_party` is looked up. */
  "participant.judged": About & { readonly participantId: string; readonly part: Part };
  /** An attempt starts. `waitedMs`: since its message was admitted; before attempt 1, in the backlog. */
  "enrichment.begun": About & { readonly attempt: number; readonly waitedMs: number };
  /** The identifier of the lookup, or why there is none. */
  "identity.tried": About & {
    readonly by: IdentitySource;
    readonly identifiedBy: string;
    readonly form?: NumberForm | undefined;
    /** Country code and last two digits, first letter and top-level domain, or a reference's last two. */
    readonly masked?: string | undefined;
  };
  "customer.looked_up": About & {
    readonly by: IdentitySource;
    readonly identifiedBy: string;
    readonly form?: NumberForm | undefined;
    /** Country (ISO 3166-1, or `001`) and kind of a telephone number. */
    readonly country?: string | undefined;
    readonly numberKind?: NumberKind | undefined;
    /** How the customer was found, and how sure that is. */
    readonly matchedBy?: MatchedBy | undefined;
    readonly match: HistoryStatus;
    readonly cached: boolean;
    readonly oracleMs: number;
  };
  /** One request to an API. Other conversations may wait for the same response. */
  "api.called": About & {
    readonly source: FailureSource;
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** The path with `{id}` for whatever is data. */
    readonly route: string;
    /** Absent if there was no response; `code` says why. */
    readonly status?: number | undefined;
    readonly code?: FailureCode | undefined;
    /** For budget, in ms. */
    readonly waitedMs: number;
    readonly tookMs: number;
  };
  "event.acknowledged": About & { readonly because: AcknowledgeReason };
  "event.dead_lettered": About & Failed & { readonly messageId: string };
  "enrichment.written": Enriched;
  /** `SHADOW`: the attributes that would have been written, with their lengths in characters. */
  "enrichment.shadowed": Enriched & { readonly attributes: Readonly<Record<string, number>> };
  /** Oracle was not available, and the status `unavailable` could not be written either. */
  "unavailable.failed": About & Failed;
  "enrichment.delayed": About & Failed & { readonly attempt: number; readonly delayMs: number };
  /** The attempt yields: its agent has connected, and conversations without an agent go first. */
  "enrichment.yielded": About & { readonly attempt: number };
  /** Another worker processes a duplicate of this message. This copy is requeued. */
  "enrichment.elsewhere": About & { readonly delayMs: number };
  /** Requeued because the backlog was full. */
  "backlog.made_room": About & { readonly delayMs: number };
  /** Requeued because this worker stops. Another worker takes over. */
  "backlog.given_back": About;
  /** An agent signed in (audit line). The address is masked. */
  "signin.noted": { readonly userId: string; readonly address: string };
  /** A problem that Genesys Cloud reports. `slowed`: it is about API rate limits. */
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
  /** `SCRUB_AFTER_MINUTES`: the attributes with personal data were emptied after the customer left. */
  "attributes.emptied": About & { readonly participantId: string };
  "attributes.not_emptied": About & Failed;
  /** From the write of the history until the agent connected; negative if the agent was first. */
  "headstart.measured": About & { readonly headStartMs: number };
}

export type FactName = keyof Facts;

/** Reports one fact. Must not throw. */
export type Report = <N extends FactName>(name: N, fact: Facts[N]) => void;

/** A report to several listeners. */
export function reportToAll(listeners: readonly Report[]): Report {
  const [only] = listeners;
  if (only !== undefined && listeners.length === 1) return only;
  return (name, fact) => {
    for (const listen of listeners) listen(name, fact);
  };
}

/**
 * The log level of each fact. `error`: an operator has to act. `warn`: a conversation is affected.
 * `info`: a step of its timeline. `debug`: details.
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
  "oracle.column_refused": "warn",
  "queue.failed": "error",
  "lookup.answered": "debug",
  "lookup.failed": "warn",
  "sample.failed": "warn",
  "traces.lost": "warn",
  "traces.back": "info",
  "event.received": "info",
  "backlog.joined": "info",
  "participant.judged": "info",
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

/** [pure] The fields of a fact that report this failure. */
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
