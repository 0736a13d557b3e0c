import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { QueueConfig } from "../../config/load.ts";
import { asFailure } from "../../domain/failure.ts";
import { MAX_RECEIVE_COUNT } from "../../queue/limits.ts";
import { queueFailure } from "../../queue/sqs.ts";
import { about, type Finding } from "./finding.ts";

/** What the other checks need to know of the queue. */
export interface QueueSeen {
  readonly findings: readonly Finding[];
  /** Undefined where it cannot be used. */
  readonly arn: string | undefined;
}

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number(),
});
/** Below it, an outage or a few deployments would make dead letters of healthy events. */
const LEAST_RECEIVES = 20;
const LEAST_RETENTION_S = 86_400;

/** Both queues: that they may be used, and that what crashes a worker again and again leaves. */
export async function checkQueues(sqs: SQSClient, config: QueueConfig): Promise<QueueSeen> {
  const [queue, letters] = await Promise.all([
    attributesOf(sqs, "QUEUE_URL", config.QUEUE_URL),
    attributesOf(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL),
  ]);
  const findings = [...queue.findings, ...letters.findings];
  if (queue.attributes === undefined) return { findings, arn: undefined };
  const { attributes } = queue;
  findings.push(
    policy(attributes.Policy),
    redrive(attributes.RedrivePolicy, letters.attributes?.QueueArn),
    ...retention(Number(attributes.MessageRetentionPeriod)),
    waiting(attributes.ApproximateNumberOfMessages, letters.attributes),
  );
  return { findings, arn: attributes.QueueArn };
}

type Attributes = Readonly<Partial<Record<string, string>>>;

async function attributesOf(
  sqs: SQSClient,
  variable: string,
  url: string,
): Promise<{ readonly findings: readonly Finding[]; readonly attributes?: Attributes }> {
  const tell = about(variable === "QUEUE_URL" ? "queue" : "dead-letter queue");
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    return { findings: [tell.ok(`${variable} may be read`)], attributes: Attributes };
  } catch (error) {
    const { message, cure } = asFailure(
      queueFailure(error, `${variable} ${url}`, "sqs:GetQueueAttributes"),
    );
    return { findings: [tell.broken({ what: message, why: "The worker does not start.", cure })] };
  }
}

const queuePolicy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.unknown(),
      Action: z.union([z.string(), z.array(z.string())]),
    }),
  ),
});

/** Whether EventBridge is let in at all; from which rules, the stack's own tests hold. */
function policy(text: string | undefined): Finding {
  const tell = about("queue policy");
  const read = queuePolicy.safeParse(text ? JSON.parse(text) : undefined);
  const letsIn = read.data?.Statement.some(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      JSON.stringify(Principal).includes("events.amazonaws.com") &&
      [Action].flat().some((action) => /^sqs:(SendMessage|\*)$/i.test(action)),
  );
  if (letsIn) return tell.ok("EventBridge may send");
  return tell.broken({
    what: "EventBridge may not send to the queue",
    why: "Events are retried for a day, then put aside or lost.",
    cure: "Allow sqs:SendMessage to events.amazonaws.com from the rules' ARNs, or deploy the stack again.",
  });
}

function redrive(text: string | undefined, lettersArn: string | undefined): Finding {
  const tell = about("redrive");
  const cure = `Give the queue a redrive policy to ${lettersArn ?? "DEAD_LETTER_QUEUE_URL"} with maxReceiveCount ${MAX_RECEIVE_COUNT}, or deploy the stack.`;
  const read = redrivePolicy.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!read.success) {
    const why = "A message that crashes workers comes again until its retention is over.";
    return tell.broken({ what: "the queue has no redrive policy", why, cure });
  }
  const { deadLetterTargetArn, maxReceiveCount } = read.data;
  if (lettersArn !== undefined && deadLetterTargetArn !== lettersArn) {
    const why = "What SQS puts aside is not seen by `ringahead dlq`.";
    const what = `the queue's dead letters go to ${deadLetterTargetArn}, not to DEAD_LETTER_QUEUE_URL`;
    return tell.broken({ what, why, cure });
  }
  if (maxReceiveCount < LEAST_RECEIVES) {
    const why = "Attempts are counted by the worker; a message also comes again after each drain.";
    return tell.broken({ what: `maxReceiveCount is ${maxReceiveCount}`, why, cure });
  }
  return tell.ok(`after ${maxReceiveCount} receives to the dead-letter queue`);
}

function retention(seconds: number): readonly Finding[] {
  if (!(seconds < LEAST_RETENTION_S)) return [];
  const what = `the queue keeps messages for ${seconds} s`;
  const why = "An outage of a night loses events.";
  const cure = "Set its retention to a day at least; the stack has four.";
  return [about("queue").warning({ what, why, cure })];
}

function waiting(visible: string | undefined, letters: Attributes | undefined): Finding {
  const dead = Number(letters?.ApproximateNumberOfMessages ?? 0);
  const what = `about ${visible ?? 0} messages wait, about ${dead} are dead letters`;
  if (dead === 0) return about("messages").ok(what);
  const why = "Each is somebody's conversation.";
  return about("messages").warning({ what, why, cure: "`ringahead dlq list` says what to do." });
}
