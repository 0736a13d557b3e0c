import { z } from "zod";
import { Failure } from "../failure.ts";
import { type EpochMs, epochMs } from "../time.ts";
import { correlationId } from "./ids.ts";

/** What EventBridge puts into the queue, as far as Ringahead reads it. */
export interface Envelope {
  /** EventBridge's own id: the same for every delivery of one event. */
  readonly id: string;
  /** The topic *template*, `{id}` kept. */
  readonly detailType: string;
  /** When Genesys sent the event, epoch ms; undefined where it says nothing readable. */
  readonly sentAt: EpochMs | undefined;
  /** EventBridge's own time, epoch ms; undefined where it says nothing readable. */
  readonly busAt: EpochMs | undefined;
  /** Not unique: several events share one. For logs only. */
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
 * [pure] Reads the body of an SQS message (Genesys Cloud, "Amazon EventBridge integration").
 * Never throws: what is no envelope comes back as the failure that says why.
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
    return badEvent(`the message is no EventBridge envelope: ${firstIssue(read.error)}`);
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

/** [pure] The failure of an event that nothing can be done with. It names fields, never values. */
export function badEvent(message: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_event",
    source: "event",
    message,
    cure: "Check what else sends to this queue; only Genesys Cloud's events from EventBridge belong here.",
  });
}

/** [pure] The first thing that a schema found wrong: field and rule. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown";
  const field = issue.path.join(".");
  return field === "" ? issue.message : `"${field}" ${issue.message}`;
}
