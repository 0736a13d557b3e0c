import { readFileSync } from "node:fs";
import type { Message } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readDeadLetter } from "../../../../src/operations/dead-letters/read-dead-letter.ts";
import { isCut, judge } from "../../../../src/operations/dead-letters/verdict.ts";
import { readHistory, readReason } from "../../../../src/queue/dead-letter.ts";

/**
 * Messages of the version before the wings (commit 929474f). Its worker, its `dlq replay` and its encoding
 * wrote them to a simulated SQS; the attributes of the rule delivery are EventBridge's own.
 */
const FIXTURE = new URL("../../../fixtures/recorded/dead-letters.jsonl", import.meta.url);

const recordedSchema = z.object({ case: z.string(), message: z.custom<Message>() });
const recorded = new Map(
  readFileSync(FIXTURE, "utf8")
    .trim()
    .split("\n")
    .map((line) => recordedSchema.parse(JSON.parse(line)))
    .map((one) => [one.case, one.message]),
);

const MINUTE = 60_000;
const TOPIC = "v2.detail.events.conversation.{id}.customer.start";

function messageOf(name: string): Message {
  const message = recorded.get(name);
  if (message === undefined) throw new Error(`no recorded case ${name}`);
  return message;
}

function read(name: string) {
  const deadLetter = readDeadLetter(messageOf(name), 0);
  const verdictAfter = (minutes: number) =>
    judge(deadLetter, deadLetter.happenedAt + minutes * MINUTE, 3).is;
  return { ...deadLetter, verdict: verdictAfter(1), laterVerdict: verdictAfter(31) };
}

const event = (conversationId: string) => ({
  conversationId,
  eventId: `event-${conversationId}`,
  topic: TOPIC,
  mediaType: "VOICE",
  notEvent: undefined,
});

describe("a recorded dead letter", () => {
  it("of the worker has its reason and its event", () => {
    expect(read("worker")).toMatchObject({
      ...event("c-unknown-2"),
      code: "conversation_not_found",
      origin: {
        by: "worker",
        reason: {
          kind: "permanent",
          source: "genesys",
          status: 404,
          reason: expect.stringMatching(/^PATCH .* answered 404 \(not\.found/),
          cure: expect.stringContaining("GENESYS_REGION"),
          attempts: 1,
          firstAt: "2026-11-28T02:11:22.163Z",
          correlationId: "ab438c1d-5df9-56df-9fe2-05917ec7db71",
        },
      },
      history: undefined,
      replayed: 0,
      happenedAt: Date.parse("2026-11-28T02:11:22.162Z"),
      verdict: "fix-first",
      laterVerdict: "too-late",
    });
  });

  it("that was replayed has its history", () => {
    const { history, ...deadLetter } = read("worker, replayed once");
    expect(deadLetter).toMatchObject({
      ...event("c-unknown"),
      code: "conversation_not_found",
      replayed: 1,
      verdict: "fix-first",
    });
    expect(history).toEqual({
      count: 1,
      firstAt: "2026-11-28T02:11:13.070Z",
      replays: [
        {
          run: "a94d666d",
          at: "2026-11-28T02:11:16.693Z",
          code: "conversation_not_found",
        },
      ],
    });
  });

  it("without an event never becomes too late", () => {
    expect(read("bad event")).toMatchObject({
      code: "bad_event",
      origin: { by: "worker", reason: { source: "event" } },
      conversationId: undefined,
      notEvent: expect.any(String),
      verdict: "fix-first",
      laterVerdict: "fix-first",
    });
  });

  it("whose reason lost its prose keeps codes and ids", () => {
    const reason = readReason(messageOf("without prose").MessageAttributes);
    expect(reason).toEqual({
      code: "server_error",
      kind: "permanent",
      source: "genesys",
      status: 503,
      attempts: 1,
      firstAt: "2026-03-12T10:00:00.000Z",
      lastAt: "2026-03-12T10:00:05.000Z",
      conversationId: "c-cut",
      topic: TOPIC,
      correlationId: "corr-1",
    });
    expect(read("without prose")).toMatchObject({
      ...event("c-without-prose"),
      verdict: "replayable",
    });
  });

  it("whose body was cut is recognized and cannot be replayed", () => {
    const deadLetter = readDeadLetter(messageOf("cut"), 0);
    expect(isCut(deadLetter)).toBe(true);
    expect(read("cut")).toMatchObject({
      code: "server_error",
      origin: { by: "worker", reason: { bodyCutFrom: 945 } },
      notEvent: expect.any(String),
      verdict: "fix-first",
    });
  });

  it("of EventBridge has the rule, the target and the error", () => {
    expect(read("rule delivery")).toMatchObject({
      ...event("c-undelivered"),
      code: "delivery_failed",
      origin: {
        by: "eventbridge",
        delivery: {
          errorCode: "NO_PERMISSIONS",
          errorMessage: "Lack of permissions to invoke cross account target.",
          ruleArn: "arn:aws:events:us-east-1:111122223333:rule/aws.partner/genesys.com/starts",
          targetArn: "arn:aws:sqs:us-east-1:111122223333:ringahead-events",
          retryAttempts: "0",
          exhausted: "MaximumRetryAttempts",
        },
      },
      verdict: "fix-first",
    });
  });

  it("of SQS's own redrive has its receive count", () => {
    expect(read("native redrive")).toMatchObject({
      ...event("c-crashing"),
      code: "crashed",
      origin: { by: "sqs", receives: 4 },
      verdict: "replayable",
    });
  });
});

describe("a recorded message in the worker's queue", () => {
  it("has the history that `dlq replay` gave it", () => {
    const { MessageAttributes, Attributes } = messageOf("replayed message in the worker's queue");
    expect(readReason(MessageAttributes)).toBeUndefined();
    expect(readHistory(MessageAttributes, Number(Attributes?.SentTimestamp))).toEqual({
      count: 2,
      firstAt: "2026-03-12T10:00:00.000Z",
      replays: [
        { run: "0a1b2c3d", at: "2026-01-02T03:04:05.000Z", code: "network" },
        { run: "4ca5b336", at: "2026-11-28T02:11:26.789Z", code: "timeout" },
      ],
    });
  });

  it("counts a native move as one replay", () => {
    const { MessageAttributes, Attributes } = messageOf("native move to the worker's queue");
    const sentAt = Number(Attributes?.SentTimestamp);
    expect(readHistory(MessageAttributes, sentAt)).toEqual({
      count: 1,
      firstAt: "2026-03-12T10:00:00.000Z",
      replays: [{ run: "native", at: new Date(sentAt).toISOString(), code: "throttled" }],
    });
  });
});
