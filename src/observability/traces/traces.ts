import { setTimeout as sleep } from "node:timers/promises";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";
import type { Report } from "../facts/facts.ts";
import type { SpanIds } from "./spans.ts";
import { type TraceOptions, traceFacts } from "./trace-facts.ts";

export interface TracesOptions extends Pick<TraceOptions, "queueName" | "servers" | "now"> {
  /** Origin of the collector; spans go to `/v1/traces` there. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** Told where the collector does not take spans. */
  readonly report: Report;
}

export interface Traces {
  /** Listens to the facts. */
  readonly listen: Report;
  /** Sends what is left, for some seconds at most. */
  readonly close: () => Promise<void>;
}

const EXPORT_MS = 5_000;

/** Traces by OTLP over HTTP. An unreachable collector costs spans and nothing else. */
export function createTraces(options: TracesOptions): Traces {
  const ids = createIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: told(
          new OTLPTraceExporter({
            url: `${options.endpoint.replace(/\/+$/, "")}/v1/traces`,
            headers: { ...options.headers },
            timeoutMillis: EXPORT_MS,
          }),
          options.report,
        ),
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("ringahead");
  return {
    listen: traceFacts({ ...options, tracer, nextRoot: ids.nextRoot }),
    async close() {
      const over = new AbortController();
      const patience = sleep(2 * EXPORT_MS, undefined, { signal: over.signal }).catch(
        () => undefined,
      );
      await Promise.race([provider.shutdown().catch(() => undefined), patience]);
      over.abort();
    },
  };
}

/** Random, but for roots: an event's trace has the same ids in every worker. */
function createIds(): IdGenerator & { readonly nextRoot: (ids: SpanIds) => void } {
  const random = new RandomIdGenerator();
  let traceId: string | undefined;
  let spanId: string | undefined;
  return {
    nextRoot(ids) {
      ({ traceId, spanId } = ids);
    },
    generateTraceId() {
      const id = traceId ?? random.generateTraceId();
      traceId = undefined;
      return id;
    },
    generateSpanId() {
      const id = spanId ?? random.generateSpanId();
      spanId = undefined;
      return id;
    },
  };
}

/** The SDK keeps failures to itself: here each change is told once. */
function told(exporter: SpanExporter, report: Report): SpanExporter {
  let lost = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !lost) {
          report("traces.lost", { spans: spans.length, reason: reasonOf(result.error) });
        }
        if (!failed && lost) report("traces.back", {});
        lost = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** An exporter's message may hold the collector's answer, or a header of ours. */
function reasonOf(error: Error | undefined): string {
  const code = error !== undefined && "code" in error ? String(error.code) : "";
  return /^[A-Z0-9_]{1,40}$/.test(code)
    ? `the collector answered or failed with ${code}`
    : "the collector does not take spans";
}
