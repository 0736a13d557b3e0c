import { z } from "zod";
import { httpUrl, yesOrNo } from "../../domain/variable/rules.ts";
import { optional, preset, type VariableTable } from "../../domain/variable/variable.ts";

/** Metrics, traces and the log. */
export const telemetryVariables = {
  METRICS_EMF: preset(
    "Write metrics into the log every minute, in CloudWatch's embedded metric format (namespace `Ringahead`). The stack sets it, because its alarms need it",
    yesOrNo,
    "false",
  ),
  OTEL_SERVICE_NAME: preset(
    "Name of the service in traces, and the dimension `Service` of metrics in CloudWatch",
    z.string().regex(/^[\w.-]{1,100}$/, "must be up to 100 letters, digits, _ . -"),
    "ringahead-worker",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    "Origin of an OpenTelemetry collector that accepts OTLP by HTTP, as in `http://127.0.0.1:4318`. Without it there are no traces",
    httpUrl,
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(
    "Headers for that collector, as `name=value,name=value`",
    z.string().transform(readHeaders),
    true,
  ),
  LOG_LEVEL: preset(
    "The lowest level that is logged",
    z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error"),
    "info",
  ),
} satisfies VariableTable;

/** As in the OpenTelemetry specification ("OTLP exporter configuration"): values may be percent-encoded. */
function readHeaders(
  value: string,
  context: z.RefinementCtx,
): Readonly<Record<string, string>> | undefined {
  try {
    const pairs = value.split(",").map((pair) => /^\s*([\w-]+)\s*=(.+)$/.exec(pair) ?? []);
    return Object.fromEntries(
      pairs.map(([, header, content]) => {
        if (header === undefined || content === undefined) throw new TypeError("no header");
        return [header, decodeURIComponent(content.trim())];
      }),
    );
  } catch {
    context.addIssue({ code: "custom", message: "must be name=value,name=value" });
    return undefined;
  }
}
