import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { QueueConfig } from "../../config/load.ts";
import { asFailure } from "../../domain/failure.ts";
import { MAX_RECEIVE_COUNT } from "../../queue/limits.ts";
import { queueFailure } from "../../queue/sqs.ts";
import { about, type Finding } from "./finding.ts";

interface QueueCheck {
  readonly findings: readonly Finding[];
  /** Undefined if the queue cannot be read. */
  readonly arn: string | undefined;
}

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number(),
});
/** With fewer, an outage or a few deployments move healthy events to the dead-letter queue. */
const LEAST_RECEIVES = 20;
const LEAST_RETENTION_S = 86_400;

/** Checks both queues: access, policy, redrive policy, retention and waiting messages. */
export async function checkQueues(sqs: SQSClient, config: QueueConfig): Promise<QueueCheck> {
  const [queue, deadLetters] = await Promise.all([
    attributesOf(sqs, "QUEUE_URL", config.QUEUE_URL),
    attributesOf(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL),
  ]);
  const findings = [...queue.findings, ...deadLetters.findings];
  if (queue.attributes === undefined) return { findings, arn: undefined };
  const { attributes } = queue;
  findings.push(
    checkPolicy(attributes.Policy),
    checkRedrive(attributes.RedrivePolicy, deadLetters.attributes?.QueueArn),
    ...checkRetention(Number(attributes.MessageRetentionPeriod)),
    checkMessages(attributes.ApproximateNumberOfMessages, deadLetters.attributes),
  );
  return { findings, arn: attributes.QueueArn };
}

type Attributes = Readonly<Partial<Record<string, string>>>;

async function attributesOf(
  sqs: SQSClient,
  variable: string,
  url: string,
): Promise<{ readonly findings: readonly Finding[]; readonly attributes?: Attributes }> {
  const report = about(variable === "QUEUE_URL" ? "queue" : "dead-letter queue");
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    return { findings: [report.ok(`${variable} can be read`)], attributes: Attributes };
  } catch (error) {
    const { message, cure } = asFailure(
      queueFailure(error, `${variable} ${url}`, "sqs:GetQueueAttributes"),
    );
    return {
      findings: [report.broken({ what: message, why: "The worker does not start.", cure })],
    };
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

/** Checks that EventBridge can send at all; the stack's own tests check from which rules. */
function checkPolicy(text: string | undefined): Finding {
  const report = about("queue policy");
  const read = queuePolicy.safeParse(text ? JSON.parse(text) : undefined);
  const canSend = read.data?.Statement.some(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      JSON.stringify(Principal).includes("events.amazonaws.com") &&
      [Action].flat().some((action) => /^sqs:(SendMessage|\*)$/i.test(action)),
  );
  if (canSend) return report.ok("EventBridge can send");
  return report.broken({
    what: "EventBridge is not allowed to send to the queue",
    why: "EventBridge retries events for a day. Then they are dead-lettered or lost.",
    cure: "Allow sqs:SendMessage to events.amazonaws.com from the rules' ARNs, or deploy the stack again.",
  });
}

function checkRedrive(text: string | undefined, deadLettersArn: string | undefined): Finding {
  const report = about("redrive");
  const cure = `Give the queue a redrive policy to ${deadLettersArn ?? "DEAD_LETTER_QUEUE_URL"} with maxReceiveCount ${MAX_RECEIVE_COUNT}, or deploy the stack.`;
  const read = redrivePolicy.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!read.success) {
    const why = "A message that crashes workers is received again until its retention ends.";
    return report.broken({ what: "the queue has no redrive policy", why, cure });
  }
  const { deadLetterTargetArn, maxReceiveCount } = read.data;
  if (deadLettersArn !== undefined && deadLetterTargetArn !== deadLettersArn) {
    const why = "`ringahead dlq` does not see the messages that SQS moves.";
    const what = `the queue's dead letters go to ${deadLetterTargetArn}, not to DEAD_LETTER_QUEUE_URL`;
    return report.broken({ what, why, cure });
  }
  if (maxReceiveCount < LEAST_RECEIVES) {
    const why = "An outage or a few deployments move healthy events to the dead-letter queue.";
    return report.broken({ what: `maxReceiveCount is ${maxReceiveCount}`, why, cure });
  }
  return report.ok(`after ${maxReceiveCount} receives to the dead-letter queue`);
}

function checkRetention(seconds: number): readonly Finding[] {
  if (!(seconds < LEAST_RETENTION_S)) return [];
  const what = `the queue keeps messages for ${seconds} s`;
  const why = "An outage of a night loses events.";
  const cure = "Set its retention to at least a day; the stack sets four days.";
  return [about("queue").warning({ what, why, cure })];
}

function checkMessages(visible: string | undefined, deadLetters: Attributes | undefined): Finding {
  const dead = Number(deadLetters?.ApproximateNumberOfMessages ?? 0);
  const what = `about ${visible ?? 0} messages wait, about ${dead} are dead letters`;
  if (dead === 0) return about("messages").ok(what);
  const why = "Each one is a conversation without a history on the agent's screen.";
  return about("messages").warning({
    what,
    why,
    cure: "`ringahead dlq list` shows the action needed.",
  });
}
