import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import {
  deadLetter,
  dlq,
  inspect,
  reasonJson,
  sendMessages,
  startBody,
  type TestMessage,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";

const HOUR = 3_600_000;
const undelivered: TestMessage = {
  body: startBody("undelivered"),
  attributes: {
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: "not authorised to perform sqs:SendMessage\u001B[31m",
    RULE_ARN: "arn:aws:events:us-east-1:111122223333:rule/bus/starts",
    TARGET_ARN: "arn:aws:sqs:us-east-1:111122223333:ringahead-events",
    RETRY_ATTEMPTS: "0",
  },
};

describe("dlq list", () => {
  it("groups messages of every origin, with counts, ages and verdicts, and releases them", async () => {
    const sqs = await startQueues();
    const messages: TestMessage[] = [
      deadLetter("a"),
      deadLetter("b"),
      deadLetter("c", "conversation_not_found"),
      undelivered,
      { body: startBody("crashed") },
      {
        body: startBody("old", { eventTime: Date.now() - 5 * HOUR }),
        attributes: { failure: reasonJson() },
      },
      {
        body: startBody("circling"),
        attributes: { failure: reasonJson("timeout", { replayed: 3 }) },
      },
      { body: "\uFFFD\uE000 no envelope at all", attributes: { failure: reasonJson("bad_event") } },
      { body: startBody("odd"), attributes: { failure: "\uFFFDnot JSON" } },
      {
        body: "x".repeat(1_048_000),
        attributes: { failure: reasonJson("bad_event", { bodyCutFrom: 1_048_576 }) },
      },
    ];
    for (const message of messages) await sendMessages(sqs, [message]);

    const result = await dlq(sqs, ["list", "--json"]);
    expect(result.err).toBe("");
    expect(result.code).toBe(0);
    const listed = JSON.parse(result.out);
    expect(listed).toMatchObject({ seen: 10, matching: 10, complete: true });
    expect(listed.approximate).toEqual({ visible: 10, held: 0, delayed: 0 });
    const lines = listed.groups.map(
      (group: { count: number; failure: string; verdict: string; because: string }) =>
        `${group.count} ${group.failure} | ${group.verdict} | ${group.because.split(":")[0]}`,
    );
    expect(lines.sort()).toEqual([
      "1 EventBridge could not deliver: NO_PERMISSIONS | fix-first | fix the rule's permission or target",
      "1 bad_event (genesys) | fix-first | find what else sends to the queue",
      "1 bad_event (genesys) | fix-first | its body was cut to fit the queue",
      "1 conversation_not_found (genesys) | fix-first | check that GENESYS_REGION and the OAuth client belong to the org that sent the event",
      "1 crashed or timed out, 1 receive | replayable | ",
      "1 timeout (genesys) | fix-first | set aside after 3 replays",
      "1 timeout (genesys) | too-late | the conversation is older than its retry window",
      "1 unreadable reason | fix-first | find what else writes to the dead-letter queue",
      "2 timeout (genesys) | replayable | ",
    ]);
    expect(listed.groups[0].topics).toEqual({
      "v2.detail.events.conversation.{id}.customer.start": 2,
    });

    const { visible, hidden } = await inspect(sqs, sqs.deadLetters.url);
    expect([visible.length, hidden.length]).toEqual([10, 0]);
    expect((await inspect(sqs, sqs.queue.url)).visible).toEqual([]);
  });

  it("shows messages that SQS moved by itself", async () => {
    const sqs = await startQueues();
    await sqs.client.send(
      new SetQueueAttributesCommand({
        QueueUrl: sqs.queue.url,
        Attributes: {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: sqs.deadLetters.arn,
            maxReceiveCount: 2,
          }),
        },
      }),
    );
    await sendMessages(sqs, [{ body: startBody("crashing") }], sqs.queue.url);
    // The same as a worker that crashes each time.
    for (let receive = 0; receive < 3; receive += 1) {
      await sqs.client.send(
        new ReceiveMessageCommand({ QueueUrl: sqs.queue.url, VisibilityTimeout: 0 }),
      );
    }
    const { out } = await dlq(sqs, ["list"]);
    expect(out).toMatch(/crashed or timed out, [34] receives +crashed .* replayable/);
  });

  it("prints a table", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a"), deadLetter("b"), deadLetter("c", "bad_request")]);
    const { out, code } = await dlq(sqs, ["list"]);
    expect(code).toBe(0);
    expect(out).toContain("3 messages seen; SQS counts about 3.");
    expect(out).toMatch(/^2 +timeout \(genesys\) +timeout +\d+ s +\d+ s +replayable +replay$/m);
    expect(out).toMatch(
      /^1 +bad_request \(genesys\) +bad_request .* fix-first +look at the event/m,
    );
  });

  it("says that a filter matches nothing, and exits 0", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a")]);
    const result = await dlq(sqs, ["list", "--code", "no_such_code"]);
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(result.out).toContain("No message matches the filter.");
  });

  it("prints one line for an empty queue", async () => {
    const sqs = await startQueues();
    const result = await dlq(sqs, ["list"]);
    expect(result).toEqual({ code: 0, out: "0 messages seen; SQS counts about 0.\n", err: "" });
  });
});

describe("dlq show", () => {
  it("prints the reason and the cure, and masks the event by default", async () => {
    const sqs = await startQueues();
    const replays = [{ run: "ab12", at: "2026-03-12T11:00:00.000Z", code: "timeout" }];
    await sendMessages(sqs, [
      deadLetter("other"),
      {
        body: startBody("c0ffee"),
        attributes: { failure: reasonJson("bad_request", { replayed: 1, replays }) },
      },
    ]);
    const masked = await dlq(sqs, ["show", "c0ffee"]);
    expect(masked).toMatchObject({ code: 0, err: "" });
    expect(masked.out).toContain("bad_request (genesys)");
    expect(masked.out).toContain("What to do    Look at the event.");
    expect(masked.out).toContain("Replayed      once: 2026-03-12T11:00:00.000Z by run ab12");
    expect(masked.out).toContain('"conversationId": "c0ffee"');
    expect(masked.out).toContain('"mediaType": "VOICE"');
    expect(masked.out).toContain('"ani": "(16 characters)"');
    expect(masked.out).not.toContain("5550199999");

    const plain = await dlq(sqs, ["show", "event-c0ffee", "--unmasked"]);
    expect(plain.out).toContain('"ani": "tel:+15550199999"');

    const { visible, hidden } = await inspect(sqs, sqs.deadLetters.url);
    expect([visible.length, hidden.length]).toEqual([2, 0]);
    const id = visible[0]?.messageId ?? "";
    const json = await dlq(sqs, ["show", id.slice(0, 8), "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      messageId: id,
      verdict: {},
      replayed: expect.any(Number),
    });
  });

  it("prints a failed delivery of EventBridge without control characters", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [undelivered]);
    const { out, code } = await dlq(sqs, ["show", "undelivered"]);
    expect(code).toBe(0);
    expect(out).toContain("EventBridge could not deliver: NO_PERMISSIONS");
    expect(out).toContain("Rule          arn:aws:events:us-east-1:111122223333:rule/bus/starts");
    expect(out).toContain("not authorised to perform sqs:SendMessage");
    expect(out).not.toContain("\u001B");
  });

  it("exits 1 if no message has the id", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a")]);
    const result = await dlq(sqs, ["show", "no-such-id"]);
    expect(result.code).toBe(1);
    expect(result.err).toContain('no message has the id "no-such-id" (1 message seen)');
  });
});
