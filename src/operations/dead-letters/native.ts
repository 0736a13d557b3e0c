import { setTimeout as delay } from "node:timers/promises";
import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { Failure } from "../../domain/failure.ts";
import { queueFailure } from "../../queue/sqs.ts";

export interface NativeOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly perSecond: number;
  readonly progress: (moved: number) => void;
  readonly signal: AbortSignal;
}

/** `moved` is SQS's approximate count. */
export interface NativeMoveResult {
  readonly moved: number;
  readonly end: "done" | "interrupted";
}

/** SQS accepts no more (API reference, StartMessageMoveTask). */
const MAX_PER_SECOND = 500;
const POLL_MS = 1_000;

/**
 * Moves the whole queue with SQS's own StartMessageMoveTask and polls its progress. The destination is
 * named, because SQS does not know the source of messages that a worker sent. If `signal` is aborted,
 * the move is cancelled; messages that were moved by then stay moved.
 * @throws {Failure}
 */
export async function moveNatively(options: NativeOptions): Promise<NativeMoveResult> {
  const { sqs, signal } = options;
  const source = await arnOf(sqs, "DEAD_LETTER_QUEUE_URL", options.deadLetterQueueUrl);
  const destination = await arnOf(sqs, "QUEUE_URL", options.queueUrl);
  const before = (await latestTask(sqs, source))?.StartedTimestamp;
  const { TaskHandle } = await request(source, "sqs:StartMessageMoveTask", () =>
    sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: source,
        DestinationArn: destination,
        MaxNumberOfMessagesPerSecond: Math.min(options.perSecond, MAX_PER_SECOND),
      }),
    ),
  );
  for (;;) {
    const latest = await latestTask(sqs, source);
    const task = latest?.StartedTimestamp === before ? undefined : latest;
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    options.progress(moved);
    if (task?.Status === "FAILED") throw moveFailed(moved, task.FailureReason);
    if (task?.Status === "COMPLETED") return { moved, end: "done" };
    if (task?.Status === "CANCELLED") return { moved, end: "interrupted" };
    if (signal.aborted) {
      await request(source, "sqs:CancelMessageMoveTask", () =>
        sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })),
      );
      return { moved, end: "interrupted" };
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function latestTask(
  sqs: SQSClient,
  source: string,
): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const { Results = [] } = await request(source, "sqs:ListMessageMoveTasks", () =>
    sqs.send(new ListMessageMoveTasksCommand({ SourceArn: source, MaxResults: 1 })),
  );
  return Results[0];
}

async function arnOf(sqs: SQSClient, variable: string, queueUrl: string): Promise<string> {
  const { Attributes } = await request(`${variable} ${queueUrl}`, "sqs:GetQueueAttributes", () =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] })),
  );
  return Attributes?.QueueArn ?? "";
}

async function request<T>(what: string, action: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (/InvalidAction|UnknownOperation|UnsupportedOperation|NotImplemented/.test(name)) {
      throw new Failure({
        kind: "permanent",
        code: "bad_request",
        source: "queue",
        message: `the SQS at this endpoint has no StartMessageMoveTask (${name}); nothing was moved`,
        cure: "Leave --native out: `ringahead dlq replay` then moves the messages itself.",
      });
    }
    throw queueFailure(error, what, action);
  }
}

function moveFailed(moved: number, reason: string | undefined): Failure {
  return new Failure({
    kind: "permanent",
    code: "server_error",
    source: "queue",
    message: `SQS stopped the move after about ${moved} messages: ${reason ?? "no reason given"}`,
    cure: "Check the permissions of the role on both queues, then run the command again.",
  });
}
