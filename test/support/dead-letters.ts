import { type MessageAttributeValue, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { SandboxSqs } from "../../src/sandbox/simulators/sqs/server.ts";
import { sampleBody } from "./events.ts";
import { type Ran, run } from "./program.ts";

/** The environment of the dlq commands for queues on this machine. */
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

/** What one letter is made of. */
export interface Planted {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Puts letters into the dead-letter queue (or another), ten at a time. */
export async function plant(
  sqs: SandboxSqs,
  letters: readonly Planted[],
  url = sqs.deadLetters.url,
): Promise<void> {
  for (let from = 0; from < letters.length; from += 10) {
    await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: letters.slice(from, from + 10).map(({ body, attributes = {} }, index) => ({
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

/** The start of a voice conversation, now, under ids of its own. */
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

/** A letter of the worker about a conversation that has only begun. */
export function letter(id: string, code = "timeout"): Planted {
  return { body: startBody(id), attributes: { failure: reasonJson(code) } };
}

export interface Stored {
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
    inflight: z.array(z.object({ message: storedSchema })),
  }),
});

/** What a queue holds, looked at without receiving it: visible, and hidden by somebody. */
export async function inspect(
  sqs: SandboxSqs,
  url: string,
): Promise<{ readonly visible: readonly Stored[]; readonly hidden: readonly Stored[] }> {
  const answer = await fetch(`${sqs.endpoint}/_fauxqs/queues/${url.split("/").at(-1)}`, {
    headers: { connection: "close" },
  });
  const { messages } = inspected.parse(await answer.json());
  return { visible: messages.ready, hidden: messages.inflight.map(({ message }) => message) };
}

/** The ids of the events that a queue holds. */
export async function eventIds(sqs: SandboxSqs, url: string): Promise<string[]> {
  const { visible, hidden } = await inspect(sqs, url);
  return [...visible, ...hidden].map(({ body }) => String(JSON.parse(body).id)).sort();
}

/** What an operator gives who is sure. */
export const SURE = ["--yes", "--reason", "oracle is back", "--by", "ada"];
/** A replay at full speed that asks nobody. */
export const REPLAY = ["replay", "--no-ask-genesys", "--rate", "1000", "--watch", "0", ...SURE];

/** Lines of JSON, parsed. */
export const jsonLines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** Letters in the queue; dead ones that are visible; dead ones that somebody holds. */
export async function counted(sqs: SandboxSqs): Promise<number[]> {
  const queue = await inspect(sqs, sqs.queue.url);
  const dead = await inspect(sqs, sqs.deadLetters.url);
  return [queue.visible.length, dead.visible.length, dead.hidden.length];
}
