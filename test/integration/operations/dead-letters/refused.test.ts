import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  CONFIRMED,
  deadLetter,
  dlq,
  eventIds,
  inspect,
  jsonLines,
  messageCounts,
  REPLAY,
  reasonJson,
  sendMessages,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { accessDenied, startSqsProxy } from "../../../support/sqs-proxy.ts";

describe("replay --native", () => {
  it("fails if the endpoint does not support the move, and names the alternative", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a")]);
    const result = await dlq(sqs, ["replay", "--native", ...CONFIRMED]);
    expect(result.code).toBe(1);
    expect(result.err).toContain("the SQS at this endpoint has no StartMessageMoveTask");
    expect(result.err).toContain("Leave --native out");
    expect(await messageCounts(sqs)).toEqual([0, 1, 0]);
  });

  it("follows the move until it ends", async () => {
    const sqs = await startQueues();
    const tasks = [
      [{ Status: "COMPLETED", StartedTimestamp: 1, ApproximateNumberOfMessagesMoved: 99 }],
      [{ Status: "COMPLETED", StartedTimestamp: 1, ApproximateNumberOfMessagesMoved: 99 }],
      [{ Status: "RUNNING", StartedTimestamp: 2, ApproximateNumberOfMessagesMoved: 1 }],
      [{ Status: "COMPLETED", StartedTimestamp: 2, ApproximateNumberOfMessagesMoved: 3 }],
    ];
    let started = "";
    const endpoint = await startSqsProxy(sqs.endpoint, (action, body) => {
      if (action === "ListMessageMoveTasks")
        return { status: 200, body: { Results: tasks.shift() } };
      if (action !== "StartMessageMoveTask") return undefined;
      started = body;
      return { status: 200, body: { TaskHandle: "task" } };
    });
    const result = await dlq(sqs, ["replay", "--native", "--rate", "50", ...CONFIRMED], {
      AWS_ENDPOINT_URL: endpoint,
    });
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(started)).toEqual({
      SourceArn: sqs.deadLetters.arn,
      DestinationArn: sqs.queue.arn,
      MaxNumberOfMessagesPerSecond: 50,
    });
    expect(JSON.parse(result.out)).toMatchObject({
      who: "ada",
      what: "moved natively",
      letters: 3,
      end: "done",
    });
  });

  it("rejects a filter", async () => {
    const sqs = await startQueues();
    const result = await dlq(sqs, ["replay", "--native", "--code", "timeout", ...CONFIRMED]);
    expect(result.code).toBe(2);
    expect(result.err).toContain("--native moves the whole queue");
  });
});

describe("dlq discard", () => {
  it("deletes the messages that match, after their audit line", async () => {
    const sqs = await startQueues();
    const folder = mkdtempSync(join(tmpdir(), "ringahead-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "audit.jsonl");
    const DAY_MS = 86_400_000;
    await sendMessages(sqs, [
      deadLetter("a"),
      {
        body: startBody("old", { eventTime: Date.now() - 2 * DAY_MS }),
        attributes: { failure: reasonJson() },
      },
    ]);
    const result = await dlq(sqs, [
      "discard",
      "--verdict",
      "too-late",
      "--audit-file",
      file,
      ...CONFIRMED,
    ]);
    expect(result).toMatchObject({ code: 0, out: "" });
    expect(jsonLines(readFileSync(file, "utf8"))).toMatchObject([
      { what: "discarded", conversationId: "old", who: "ada", why: "oracle is back" },
    ]);
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-a"]);
    const unwritable = await dlq(sqs, [
      "discard",
      "--all",
      "--audit-file",
      join(folder, "no", "file"),
      ...CONFIRMED,
    ]);
    expect(unwritable.code).toBe(2);
    expect(unwritable.err).toContain("cannot be written (ENOENT)");
    expect(await messageCounts(sqs)).toEqual([0, 1, 0]);
  });

  it.each([
    ["no filter", ["discard", ...CONFIRMED], "discard needs a filter"],
    ["no confirmation", ["discard", "--all", "--reason", "x"], "then add --yes"],
    ["no reason", ["discard", "--all", "--yes"], "discard needs a --reason"],
    ["no such verdict", ["list", "--verdict", "fine"], "Give replayable, fix-first, too-late."],
    ["not an age", ["list", "--older-than", "soon"], "Give an age such as"],
    ["not a rate", [...REPLAY, "--rate", "0"], "Give a whole number from 1"],
  ])("%s: exit 2, and nothing is changed", async (_, args, message) => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a")]);
    const result = await dlq(sqs, args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(message);
    expect(await messageCounts(sqs)).toEqual([0, 1, 0]);
  });
});

describe("a queue that cannot be used", () => {
  it.each([
    ["empty", "", "DEAD_LETTER_QUEUE_URL is required"],
    ["no URL", "dead-letters", "DEAD_LETTER_QUEUE_URL must be the URL of a queue"],
    ["of an unknown queue", "http://sqs.us-east-1.127.0.0.1/000000000000/none", "does not exist"],
  ])("a URL that is %s: exit 2", async (_, url, message) => {
    const sqs = await startQueues();
    const result = await dlq(sqs, ["list"], { DEAD_LETTER_QUEUE_URL: url });
    expect(result.code).toBe(2);
    expect(result.err).toContain(message);
  });

  it.each([
    ["GetQueueAttributes", ["list"]],
    ["ReceiveMessage", ["list"]],
    ["SendMessage", REPLAY],
    ["DeleteMessage", REPLAY],
    ["StartMessageMoveTask", ["replay", "--native", ...CONFIRMED]],
  ])(
    "without the permission %s: the IAM action is named, and no message is lost",
    async (denied, args) => {
      const sqs = await startQueues();
      await sendMessages(sqs, [deadLetter("a")]);
      const endpoint = await startSqsProxy(sqs.endpoint, (action) => {
        if (action === "ListMessageMoveTasks") return { status: 200, body: {} };
        return action.startsWith(denied) ? accessDenied : undefined;
      });
      const result = await dlq(sqs, args, { AWS_ENDPOINT_URL: endpoint });
      expect(result.code).toBe(2);
      expect(result.err).toContain(`Allow sqs:${denied} on this queue`);
      if (denied === "DeleteMessage") expect(result.err).toContain("Failed after 1 replayed");
      expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-a"]);
      expect((await inspect(sqs, sqs.deadLetters.url)).hidden).toEqual([]);
    },
  );
});
