import { createHash } from "node:crypto";
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_MESSAGE_CONVERSATION_ID,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_TEMPLATE,
} from "@opentelemetry/semantic-conventions/incubating";
import { LRUCache } from "lru-cache";
import type { About } from "../../domain/call.ts";
import type { FailureSource } from "../../domain/failure.ts";
import type { FactName, Facts, Report } from "../facts/facts.ts";

export interface TraceOptions {
  readonly tracer: Tracer;
  /** Names the ids of the next span that has no parent. */
  readonly nextRoot: (ids: SpanIds) => void;
  readonly queueName: string;
  /** Where each API is. */
  readonly servers: Readonly<Partial<Record<FailureSource, URL>>>;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** A message that was received and whose work is not over. */
interface Open {
  readonly received: Facts["event.received"];
  /** When its wait for the next try began, or will begin. */
  receivedAt: number;
  /** The try under way. */
  process?: Span;
}

type Listeners = { readonly [N in FactName]?: (fact: Facts[N]) => void };

const OPEN_AT_MOST = 10_000;
const SYSTEM = { [ATTR_MESSAGING_SYSTEM]: "aws_sqs" };

/**
 * Facts as spans (OpenTelemetry semantic conventions: messaging, HTTP). One event is one trace,
 * whichever workers try it: its ids are made of the event's own id, so that they agree without
 * telling one another. The root reaches from EventBridge to the queue; each try is a consumer's span
 * linked to it, with the requests to Oracle and Genesys under it.
 */
export function traceFacts(options: TraceOptions): Report {
  const { tracer, now } = options;
  const open = new LRUCache<string, Open>({
    max: OPEN_AT_MOST,
    dispose: ({ process }) => process?.end(),
  });
  /** Events whose root has been told here. */
  const published = new LRUCache<string, true>({ max: OPEN_AT_MOST });

  function received(fact: Facts["event.received"]): void {
    const { eventId } = fact;
    // A duplicate of what is being worked on.
    if (eventId === undefined || open.peek(eventId)?.process !== undefined) return;
    open.set(eventId, { received: fact, receivedAt: now() });
  }

  function begun({ eventId, attempt }: Facts["enrichment.begun"]): void {
    const at = open.get(eventId ?? "");
    if (eventId === undefined || at === undefined) return;
    const { process: former } = at;
    former?.end(now());
    // A later try follows one that has told the root, here or in another worker.
    if (attempt === 1) publish(eventId, at.received);
    const startTime = former === undefined ? at.receivedAt : now();
    at.process = begin(eventId, at, startTime, { "ringahead.attempt": attempt });
    at.process.addEvent("begun", {}, now());
  }

  /** Only what is worked on is traced: a confirmation or an agent's arrival has nothing under it. */
  function begin(eventId: string, at: Open, startTime: number, attributes: Attributes): Span {
    const root = idsOf(eventId);
    const { conversationId, messageId } = at.received;
    return tracer.startSpan(
      `process ${options.queueName}`,
      {
        kind: SpanKind.CONSUMER,
        startTime,
        links: [
          { context: contextOf(root), attributes: { [ATTR_MESSAGING_MESSAGE_ID]: messageId } },
        ],
        attributes: {
          ...SYSTEM,
          [ATTR_MESSAGING_OPERATION_TYPE]: "process",
          [ATTR_MESSAGING_OPERATION_NAME]: "process",
          [ATTR_MESSAGING_DESTINATION_NAME]: options.queueName,
          [ATTR_MESSAGING_MESSAGE_ID]: messageId,
          ...(conversationId === undefined
            ? {}
            : { [ATTR_MESSAGING_MESSAGE_CONVERSATION_ID]: conversationId }),
          ...attributes,
        },
      },
      under(root),
    );
  }

  /**
   * The root of the trace, made of nothing but the event: two workers that tell it tell the same.
   */
  function publish(eventId: string, { busAt, happenedAt, queuedAt }: Open["received"]): void {
    if (published.has(eventId)) return;
    published.set(eventId, true);
    options.nextRoot(idsOf(eventId));
    const span = tracer.startSpan(
      `send ${options.queueName}`,
      {
        root: true,
        kind: SpanKind.PRODUCER,
        startTime: busAt > 0 ? busAt : happenedAt,
        attributes: {
          ...SYSTEM,
          [ATTR_MESSAGING_OPERATION_TYPE]: "send",
          [ATTR_MESSAGING_OPERATION_NAME]: "send",
          [ATTR_MESSAGING_DESTINATION_NAME]: options.queueName,
        },
      },
      ROOT_CONTEXT,
    );
    span.end(Math.max(busAt, queuedAt));
  }

  function called(fact: Facts["api.called"]): void {
    const { eventId, source, method, route, status, code, tookMs, waitedMs } = fact;
    if (eventId === undefined) return;
    const endedAt = now();
    const parent = parentOf(eventId, endedAt - tookMs);
    const failed = status === undefined ? code : status >= 400 ? String(status) : undefined;
    const span = tracer.startSpan(
      `${method} ${route}`,
      {
        kind: SpanKind.CLIENT,
        startTime: endedAt - tookMs,
        attributes: {
          [ATTR_HTTP_REQUEST_METHOD]: method,
          [ATTR_URL_TEMPLATE]: route,
          ...serverOf(options.servers[source]),
          ...(status === undefined ? {} : { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
          ...(failed === undefined ? {} : { [ATTR_ERROR_TYPE]: failed }),
          "ringahead.waited_ms": waitedMs,
        },
      },
      parent,
    );
    if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endedAt);
  }

  /** `unavailable` is said between two tries, and what was written is emptied after all of them. */
  function parentOf(eventId: string, startTime: number): Context {
    const at = open.get(eventId);
    if (at === undefined) return under(idsOf(eventId));
    if (at.process === undefined) {
      publish(eventId, at.received);
      at.process = begin(eventId, at, startTime, {});
    }
    return trace.setSpan(ROOT_CONTEXT, at.process);
  }

  /** A try has ended; the same message may be tried again here, without being received again. */
  function pause(about: About, attributes: Attributes, failed?: string, resumesInMs = 0): void {
    const at = open.get(about.eventId ?? "");
    if (at === undefined) return;
    const { process } = at;
    delete at.process;
    at.receivedAt = now() + resumesInMs;
    if (failed !== undefined) {
      process?.setAttribute(ATTR_ERROR_TYPE, failed);
      process?.setStatus({ code: SpanStatusCode.ERROR });
    }
    process?.setAttributes(attributes);
    process?.end(now());
  }

  /** The message has left this worker. */
  function end(about: About, attributes: Attributes, failed?: string): void {
    pause(about, attributes, failed);
    open.delete(about.eventId ?? "");
  }

  function written(fact: Facts["enrichment.written"]): void {
    const isOver = fact.status !== "unavailable";
    (isOver ? end : pause)(fact, {
      "ringahead.status": fact.status,
      "ringahead.identified_by": fact.identifiedBy,
      "ringahead.cached": fact.cached,
    });
  }

  const listeners: Listeners = {
    "event.received": received,
    "enrichment.begun": begun,
    "api.called": called,
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

  return (name, fact) => listeners[name]?.(fact);
}

/** [pure] The ids of an event's trace and of its root. */
export function idsOf(eventId: string): SpanIds {
  const digest = createHash("sha256").update(eventId).digest("hex");
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

function contextOf(ids: SpanIds) {
  return { ...ids, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function under(ids: SpanIds): Context {
  return trace.setSpanContext(ROOT_CONTEXT, contextOf(ids));
}

function serverOf(url: URL | undefined): Attributes {
  if (url === undefined) return {};
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return { [ATTR_SERVER_ADDRESS]: url.hostname, [ATTR_SERVER_PORT]: port };
}
