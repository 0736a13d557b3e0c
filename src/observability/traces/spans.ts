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
import type { FailureSource } from "../../domain/failure.ts";
import type { Facts } from "../facts/facts.ts";

export interface SpanOptions {
  readonly tracer: Tracer;
  /** Sets the ids of the next span without a parent. */
  readonly nextRoot: (ids: SpanIds) => void;
  readonly queueName: string;
  /** The base URL of each API. */
  readonly servers: Readonly<Partial<Record<FailureSource, URL>>>;
}

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

type Received = Facts["event.received"];

/** [pure] The ids of an event's trace and of its root span: the same in every worker. */
export function idsOf(eventId: string): SpanIds {
  const digest = createHash("sha256").update(eventId).digest("hex");
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** The context of spans whose parent is the root span of the event. */
export function underRoot(eventId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, contextOf(idsOf(eventId)));
}

/** The context of spans whose parent is `span`. */
export function under(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

/**
 * Exports the root span, from EventBridge's time to the arrival in the queue. It depends on nothing but
 * the event, so two workers export the same one.
 */
export function exportRoot(options: SpanOptions, eventId: string, received: Received): void {
  const { busAt, happenedAt, queuedAt } = received;
  options.nextRoot(idsOf(eventId));
  const span = options.tracer.startSpan(
    `send ${options.queueName}`,
    {
      root: true,
      kind: SpanKind.PRODUCER,
      startTime: busAt > 0 ? busAt : happenedAt,
      attributes: messaging("send", options.queueName),
    },
    ROOT_CONTEXT,
  );
  span.end(Math.max(busAt, queuedAt));
}

/** Starts the span of one attempt. `startTime` is epoch ms. */
export function startProcess(
  options: SpanOptions,
  eventId: string,
  received: Received,
  startTime: number,
  attributes: Attributes,
): Span {
  const { conversationId, messageId } = received;
  const id = { [ATTR_MESSAGING_MESSAGE_ID]: messageId };
  return options.tracer.startSpan(
    `process ${options.queueName}`,
    {
      kind: SpanKind.CONSUMER,
      startTime,
      links: [{ context: contextOf(idsOf(eventId)), attributes: id }],
      attributes: {
        ...messaging("process", options.queueName),
        ...id,
        ...(conversationId === undefined
          ? {}
          : { [ATTR_MESSAGING_MESSAGE_CONVERSATION_ID]: conversationId }),
        ...attributes,
      },
    },
    underRoot(eventId),
  );
}

/** Exports the span of one request to an API that ended at `endedAt` (epoch ms). */
export function exportCall(
  options: SpanOptions,
  call: Facts["api.called"],
  parent: Context,
  endedAt: number,
): void {
  const { source, method, route, status, code, tookMs, waitedMs } = call;
  const failed = status === undefined ? code : status >= 400 ? String(status) : undefined;
  const span = options.tracer.startSpan(
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

/** Marks a span as failed with this code. */
export function fail(span: Span, code: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function messaging(operation: "send" | "process", queueName: string): Attributes {
  return {
    [ATTR_MESSAGING_SYSTEM]: "aws_sqs",
    [ATTR_MESSAGING_OPERATION_TYPE]: operation,
    [ATTR_MESSAGING_OPERATION_NAME]: operation,
    [ATTR_MESSAGING_DESTINATION_NAME]: queueName,
  };
}

function contextOf(ids: SpanIds) {
  return { ...ids, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function serverOf(url: URL | undefined): Attributes {
  if (url === undefined) return {};
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return { [ATTR_SERVER_ADDRESS]: url.hostname, [ATTR_SERVER_PORT]: port };
}
