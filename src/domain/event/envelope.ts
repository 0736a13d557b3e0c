import { z } from "zod";
import { Failure } from "../failure.ts";
import { type EpochMs, epochMs } from "../time.ts";
import { correlationId } from "./ids.ts";

/** The fields of an EventBridge envelope that Ringahead reads. */
export interface Envelope {
  /** EventBridge's id, the same for every delivery of the event. */
  readonly id: string;
  /** The topic *template*, `{id}` kept. */
  readonly detailType: string;
  /** When Genesys sent the event; undefined if missing or unreadable. */
  readonly sentAt: EpochMs | undefined;
  /** EventBridge's time; undefined if missing or unreadable. */
  readonly busAt: EpochMs | undefined;
  /** For logs only: several events may share one. */
  readonly correlationId: string | undefined;
  readonly eventBody: unknown;
}

const envelopeSchema = z.object({
  id: z.string().min(1),
  "detail-type": z.string().min(1),
  time: z.string().optional().catch(undefined),
  detail: z.object({
    eventBody: z.record(z.string(), z.unknown()),
    timestamp: z.string().optional().catch(undefined),
    metadata: z.object({ CorrelationId: correlationId.optional() }).optional().catch(undefined),
  }),
});

/**
 * [pure] Reads the body of an SQS message (Genesys Cloud, "Amazon EventBridge integration"). Returns a
 * failure with the reason if it is not an envelope. Never throws.
 */
export function readEnvelope(body: string): Envelope | Failure {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return badEvent(`the message is not JSON (${body.length} characters)`);
  }
  const read = envelopeSchema.safeParse(json);
  if (!read.success)
    return badEvent(`the message is not an EventBridge envelope: ${firstIssue(read.error)}`);
  const { id, detail, time } = read.data;
  return {
    id,
    detailType: read.data["detail-type"],
    sentAt: timeOf(detail.timestamp),
    busAt: timeOf(time),
    correlationId: detail.metadata?.CorrelationId,
    eventBody: detail.eventBody,
  };
}

function timeOf(text: string | undefined): EpochMs | undefined {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? undefined : epochMs(at);
}

/** [pure] The failure of an event that cannot be processed. `message` must not contain values. */
export function badEvent(message: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_event",
    source: "event",
    message,
    cure: "Find out what else sends to this queue. Only Genesys Cloud events from EventBridge belong here.",
  });
}

/** [pure] The first issue: field and rule. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown";
  const field = issue.path.join(".");
  return field === "" ? issue.message : `"${field}" ${issue.message}`;
}
