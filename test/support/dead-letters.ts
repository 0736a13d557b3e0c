import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { SandboxSqs } from "../../src/sandbox/simulators/sqs/server.ts";
import { sampleBody } from "./events.ts";
import { type Ran, run } from "./program.ts";

/** The environment of the dlq commands for local queues. */
export function queueEnvironment(sqs: SandboxSqs): Record<string, string> {
  return {
    QUEUE_URL: sqs.queue.url,
    DEAD_LETTER_QUEUE_URL: sqs.deadLetters.url,
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: sqs.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** Runs `ringahead dlq …` to its end. */
export function dlq(
  sqs: SandboxSqs,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return run(["dlq", ...args], { ...queueEnvironment(sqs), ...environment });
}

/** A message to send to the dead-letter queue. */
export interface TestMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends messages to the dead-letter queue (or another queue), ten at a time. */
export async function sendMessages(
  sqs: SandboxSqs,
  messages: readonly TestMessage[],
  url = sqs.deadLetters.url,
): Promise<void> {
  for (let from = 0; from < messages.length; from += 10) {
    await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.slice(from, from + 10).map(({ body, attributes = {} }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]): [string, MessageAttributeValue] => [
              name,
              { DataType: "String", StringValue: value },
            ]),
          ),
        })),
      }),
    );
  }
}

/** The event of a voice conversation that starts now, with its own ids. */
export function startBody(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  const envelope = JSON.parse(
    sampleBody("customer-start-voice", { conversationId: id, eventTime: Date.now(), ...more }),
  );
  return JSON.stringify({ ...envelope, id: `event-${id}` });
}

/** The reason that a worker attaches, as JSON. */
export function reasonJson(code = "timeout", more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    code,
    kind: "permanent",
    source: "genesys",
    reason: "PATCH answered 400",
    cure: "Look at the event.",
    attempts: 1,
    firstAt: "2026-03-12T10:00:00.000Z",
    lastAt: "2026-03-12T10:00:05.000Z",
    ...more,
  });
}

/** A dead letter of the worker about a conversation that starts now. */
export function deadLetter(id: string, code = "timeout"): TestMessage {
  return { body: startBody(id), attributes: { failure: reasonJson(code) } };
}

interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<
    Record<string, { readonly StringValue?: string | undefined }>
  >;
}

const storedSchema = z.object({
  messageId: z.string(),
  body: z.string(),
  messageAttributes: z.record(z.string(), z.object({ StringValue: z.string().optional() })),
});
const inspected = z.object({
  messages: z.object({
    ready: z.array(storedSchema),
    inflight: z.array(z.object({ message: storedSchema, receiptHandle: z.string() })),
  }),
});

async function contentOf(sqs: SandboxSqs, url: string) {
  const answer = await fetch(`${sqs.endpoint}/_fauxqs/queues/${url.split("/").at(-1)}`, {
    headers: { connection: "close" },
  });
  return inspected.parse(await answer.json()).messages;
}

/** Makes all hidden messages visible, as they are when the visibility timeout of a killed consumer ends. */
export async function endVisibilityTimeouts(sqs: SandboxSqs, url: string): Promise<void> {
  for (const { receiptHandle } of (await contentOf(sqs, url)).inflight) {
    await sqs.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
}

/** The messages of a queue, read without receiving them: visible ones, and ones that a consumer holds. */
export async function inspect(
  sqs: SandboxSqs,
  url: string,
): Promise<{
  readonly visible: readonly StoredMessage[];
  readonly hidden: readonly StoredMessage[];
}> {
  const messages = await contentOf(sqs, url);
  return { visible: messages.ready, hidden: messages.inflight.map(({ message }) => message) };
}

/** The event ids of all messages of a queue. */
export async function eventIds(sqs: SandboxSqs, url: string): Promise<string[]> {
  const { visible, hidden } = await inspect(sqs, url);
  return [...visible, ...hidden].map(({ body }) => String(JSON.parse(body).id)).sort();
}

/** Confirms without a question, with audit fields. */
export const CONFIRMED = ["--yes", "--reason", "oracle is back", "--by", "ada"];
/** A fast replay that asks neither Genesys nor a person. */
export const REPLAY = [
  "replay",
  "--no-ask-genesys",
  "--rate",
  "1000",
  "--watch",
  "0",
  ...CONFIRMED,
];

/** Lines of JSON, parsed. */
export const jsonLines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** Messages in the queue, visible dead letters, held dead letters. */
export async function messageCounts(sqs: SandboxSqs): Promise<number[]> {
  const queue = await inspect(sqs, sqs.queue.url);
  const dead = await inspect(sqs, sqs.deadLetters.url);
  return [queue.visible.length, dead.visible.length, dead.hidden.length];
}
