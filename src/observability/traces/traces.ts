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
  /** Base URL of the collector. Spans are sent to `/v1/traces` under it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** Receives `traces.lost` and `traces.back`. */
  readonly report: Report;
}

export interface Traces {
  /** Listens to the facts. */
  readonly listen: Report;
  /** Sends the remaining spans. Gives up after 10 s. */
  readonly close: () => Promise<void>;
}

const EXPORT_MS = 5_000;

/** Exports traces by OTLP over HTTP. If the collector is unreachable, only spans are lost. */
export function createTraces(options: TracesOptions): Traces {
  const ids = createIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reported(
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
      const closed = new AbortController();
      const timeout = sleep(2 * EXPORT_MS, undefined, { signal: closed.signal }).catch(
        () => undefined,
      );
      await Promise.race([provider.shutdown().catch(() => undefined), timeout]);
      closed.abort();
    },
  };
}

/** Random ids, except for the root spans, whose ids are set by `nextRoot`. */
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

/** Reports each change between failing and working exports, which the SDK does not. */
function reported(exporter: SpanExporter, report: Report): SpanExporter {
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

/** The error's own message may contain the collector's response or a configured header. */
function reasonOf(error: Error | undefined): string {
  const code = error !== undefined && "code" in error ? String(error.code) : "";
  return /^[A-Z0-9_]{1,40}$/.test(code)
    ? `the export to the collector failed with ${code}`
    : "the collector rejects spans";
}
