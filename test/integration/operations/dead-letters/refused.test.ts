import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  counted,
  dlq,
  eventIds,
  inspect,
  jsonLines,
  letter,
  plant,
  REPLAY,
  reasonJson,
  SURE,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { accessDenied, startSqsProxy } from "../../../support/sqs-proxy.ts";

describe("replay --native", () => {
  it("says where the endpoint has no such action, and offers the other way", async () => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a")]);
    const ran = await dlq(sqs, ["replay", "--native", ...SURE]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("the SQS at this endpoint has no StartMessageMoveTask");
    expect(ran.err).toContain("Leave --native out");
    expect(await counted(sqs)).toEqual([0, 1, 0]);
  });

  it("follows SQS' own move to its end", async () => {
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
    const ran = await dlq(sqs, ["replay", "--native", "--rate", "50", ...SURE], {
      AWS_ENDPOINT_URL: endpoint,
    });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(started)).toEqual({
      SourceArn: sqs.deadLetters.arn,
      DestinationArn: sqs.queue.arn,
      MaxNumberOfMessagesPerSecond: 50,
    });
    expect(JSON.parse(ran.out)).toMatchObject({
      who: "ada",
      what: "moved natively",
      letters: 3,
      end: "done",
    });
  });

  it("takes no filter", async () => {
    const sqs = await startQueues();
    const ran = await dlq(sqs, ["replay", "--native", "--code", "timeout", ...SURE]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("--native moves the whole queue");
  });
});

describe("dlq discard", () => {
  it("deletes what the filter means, once the audit file has the line", async () => {
    const sqs = await startQueues();
    const folder = mkdtempSync(join(tmpdir(), "ringahead-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "audit.jsonl");
    const DAY = 86_400_000;
    await plant(sqs, [
      letter("a"),
      {
        body: startBody("old", { eventTime: Date.now() - 2 * DAY }),
        attributes: { failure: reasonJson() },
      },
    ]);
    const ran = await dlq(sqs, ["discard", "--verdict", "too-late", "--audit-file", file, ...SURE]);
    expect(ran).toMatchObject({ code: 0, out: "" });
    expect(jsonLines(readFileSync(file, "utf8"))).toMatchObject([
      { what: "discarded", conversationId: "old", who: "ada", why: "oracle is back" },
    ]);
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-a"]);
    const unwritable = await dlq(sqs, [
      "discard",
      "--all",
      "--audit-file",
      join(folder, "no", "file"),
      ...SURE,
    ]);
    expect(unwritable.code).toBe(2);
    expect(unwritable.err).toContain("cannot be written (ENOENT)");
    expect(await counted(sqs)).toEqual([0, 1, 0]);
  });

  it.each([
    ["no filter", ["discard", ...SURE], "discard wants a filter"],
    ["no consent", ["discard", "--all", "--reason", "x"], "then add --yes"],
    ["no reason", ["discard", "--all", "--yes"], "discard wants a --reason"],
    ["no such verdict", ["list", "--verdict", "fine"], "Give replayable, fix-first, too-late."],
    ["no age", ["list", "--older-than", "soon"], "Give an age such as"],
    ["no rate", [...REPLAY, "--rate", "0"], "Give a whole number from 1"],
  ])("%s: exit 2, and nothing is changed", async (_, args, message) => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a")]);
    const ran = await dlq(sqs, args);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(message);
    expect(await counted(sqs)).toEqual([0, 1, 0]);
  });
});

describe("a queue that cannot be used", () => {
  it.each([
    ["empty", "", "DEAD_LETTER_QUEUE_URL is required"],
    ["no URL", "letters", "DEAD_LETTER_QUEUE_URL must be the URL of a queue"],
    ["of no queue", "http://sqs.us-east-1.127.0.0.1/000000000000/none", "does not exist"],
  ])("a URL that is %s: exit 2", async (_, url, message) => {
    const sqs = await startQueues();
    const ran = await dlq(sqs, ["list"], { DEAD_LETTER_QUEUE_URL: url });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(message);
  });

  it.each([
    ["GetQueueAttributes", ["list"]],
    ["ReceiveMessage", ["list"]],
    ["SendMessage", REPLAY],
    ["DeleteMessage", REPLAY],
    ["StartMessageMoveTask", ["replay", "--native", ...SURE]],
  ])(
    "without the permission %s: the IAM action is named, and no letter is lost",
    async (denied, args) => {
      const sqs = await startQueues();
      await plant(sqs, [letter("a")]);
      const endpoint = await startSqsProxy(sqs.endpoint, (action) => {
        if (action === "ListMessageMoveTasks") return { status: 200, body: {} };
        return action.startsWith(denied) ? accessDenied : undefined;
      });
      const ran = await dlq(sqs, args, { AWS_ENDPOINT_URL: endpoint });
      expect(ran.code).toBe(2);
      expect(ran.err).toContain(`Allow sqs:${denied} on this queue`);
      if (denied === "DeleteMessage") expect(ran.err).toContain("Failed after 1 replayed");
      expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-a"]);
      expect((await inspect(sqs, sqs.deadLetters.url)).hidden).toEqual([]);
    },
  );
});
