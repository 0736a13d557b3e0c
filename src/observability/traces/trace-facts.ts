import type { Attributes, Context, Span } from "@opentelemetry/api";
import { LRUCache } from "lru-cache";
import type { About } from "../../domain/call.ts";
import type { FactName, Facts, Report } from "../facts/facts.ts";
import {
  exportCall,
  exportRoot,
  fail,
  type SpanOptions,
  startProcess,
  under,
  underRoot,
} from "./spans.ts";

export interface TraceOptions extends SpanOptions {
  /** Epoch ms. */
  readonly now: () => number;
}

/** The work on a received message, until it has left this worker. */
type Work =
  /** Between two attempts. `since`: when its wait for the next one began, or will begin; epoch ms. */
  | { readonly is: "waiting"; readonly received: Received; readonly since: number }
  /** During an attempt, whose span is open. */
  | { readonly is: "processing"; readonly received: Received; readonly span: Span };

type Received = Facts["event.received"];
type Listeners = { readonly [N in FactName]?: (fact: Facts[N]) => void };

const MAX_TRACKED = 10_000;

/**
 * Turns facts into spans (OpenTelemetry semantic conventions: messaging, HTTP). One event is one trace
 * in all workers, because its ids are derived from the event's id. The root span reaches from
 * EventBridge to the queue. Each attempt is a consumer span that is linked to the root, and the requests
 * to Oracle and Genesys are its children.
 */
export function traceFacts(options: TraceOptions): Report {
  const { now } = options;
  const works = new LRUCache<string, Work>({
    max: MAX_TRACKED,
    dispose: (work, _, reason) => {
      if (reason !== "set" && work.is === "processing") work.span.end();
    },
  });
  /** Events whose root span this worker has exported. */
  const rooted = new LRUCache<string, true>({ max: MAX_TRACKED });

  function received(fact: Received): void {
    const { eventId } = fact;
    // Ignore a duplicate of what is in progress.
    if (eventId === undefined || works.peek(eventId)?.is === "processing") return;
    works.set(eventId, { is: "waiting", received: fact, since: now() });
  }

  function begun({ eventId, attempt }: Facts["enrichment.begun"]): void {
    const work = works.get(eventId ?? "");
    if (eventId === undefined || work === undefined) return;
    if (work.is === "processing") work.span.end(now());
    // Before a later attempt, this worker or another one has exported the root.
    if (attempt === 1) ensureRoot(eventId, work.received);
    const startTime = work.is === "waiting" ? work.since : now();
    const span = startAttempt(eventId, work.received, startTime, { "ringahead.attempt": attempt });
    span.addEvent("begun", {}, now());
  }

  function startAttempt(id: string, message: Received, startTime: number, more: Attributes): Span {
    const span = startProcess(options, id, message, startTime, more);
    works.set(id, { is: "processing", received: message, span });
    return span;
  }

  function ensureRoot(eventId: string, message: Received): void {
    if (rooted.has(eventId)) return;
    rooted.set(eventId, true);
    exportRoot(options, eventId, message);
  }

  function called(fact: Facts["api.called"]): void {
    if (fact.eventId === undefined) return;
    const endedAt = now();
    exportCall(options, fact, parentOf(fact.eventId, endedAt - fact.tookMs), endedAt);
  }

  /** A call between two attempts (`unavailable`) or after them (emptied attributes) gets its own span. */
  function parentOf(eventId: string, startTime: number): Context {
    const work = works.get(eventId);
    if (work === undefined) return underRoot(eventId);
    if (work.is === "processing") return under(work.span);
    ensureRoot(eventId, work.received);
    return under(startAttempt(eventId, work.received, startTime, {}));
  }

  /** Ends the attempt. The next one may follow without another `event.received`. */
  function pause(about: About, attributes: Attributes, failed?: string, resumesInMs = 0): void {
    const { eventId = "" } = about;
    const work = works.get(eventId);
    if (work === undefined) return;
    works.set(eventId, { is: "waiting", received: work.received, since: now() + resumesInMs });
    if (work.is === "waiting") return;
    if (failed !== undefined) fail(work.span, failed);
    work.span.setAttributes(attributes);
    work.span.end(now());
  }

  /** Ends the attempt of a message that leaves this worker. */
  function end(about: About, attributes: Attributes, failed?: string): void {
    pause(about, attributes, failed);
    works.delete(about.eventId ?? "");
  }

  const listeners: Listeners = {
    "event.received": received,
    "enrichment.begun": begun,
    "api.called": called,
    ...endings(pause, end),
  };
  return (name, fact) => listeners[name]?.(fact);
}

type End = (about: About, attributes: Attributes, failed?: string, resumesInMs?: number) => void;

/** The facts that end an attempt, or all work on a message. */
function endings(pause: End, end: End): Listeners {
  function written(fact: Facts["enrichment.written"]): void {
    const isFinal = fact.status !== "unavailable";
    (isFinal ? end : pause)(fact, {
      "ringahead.status": fact.status,
      "ringahead.identified_by": fact.identifiedBy,
      "ringahead.cached": fact.cached,
    });
  }

  return {
    "enrichment.written": written,
    "enrichment.shadowed": written,
    "enrichment.delayed": (fact) => pause(fact, {}, fact.code, fact.delayMs),
    "enrichment.yielded": (fact) => pause(fact, { "ringahead.left": "yielded" }),
    "unavailable.failed": (fact) => pause(fact, {}, fact.code),
    "enrichment.elsewhere": (fact) => end(fact, { "ringahead.left": "elsewhere" }),
    "backlog.made_room": (fact) => end(fact, { "ringahead.left": "made_room" }),
    "backlog.given_back": (fact) => end(fact, { "ringahead.left": "given_back" }),
    "attributes.emptied": (fact) => end(fact, { "ringahead.left": "emptied" }),
    "attributes.not_emptied": (fact) => end(fact, {}, fact.code),
    "enrichment.expired": (fact) => end(fact, {}, fact.code),
    "event.dead_lettered": (fact) => end(fact, {}, fact.code),
    "event.acknowledged": (fact) => {
      if (fact.because !== "owned_by_other_message") end(fact, {});
    },
  };
}
