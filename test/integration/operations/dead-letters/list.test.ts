import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import {
  dlq,
  inspect,
  letter,
  type Planted,
  plant,
  reasonJson,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";

const HOUR = 3_600_000;
const undelivered: Planted = {
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
  it("groups letters of every origin, with counts, ages and verdicts, and gives them back", async () => {
    const sqs = await startQueues();
    const letters: Planted[] = [
      letter("a"),
      letter("b"),
      letter("c", "conversation_not_found"),
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
    for (const one of letters) await plant(sqs, [one]);

    const ran = await dlq(sqs, ["list", "--json"]);
    expect(ran.err).toBe("");
    expect(ran.code).toBe(0);
    const listed = JSON.parse(ran.out);
    expect(listed).toMatchObject({ seen: 10, matching: 10, complete: true });
    expect(listed.approximate).toEqual({ visible: 10, held: 0, delayed: 0 });
    const told = listed.groups.map(
      (group: { count: number; failure: string; verdict: string; because: string }) =>
        `${group.count} ${group.failure} | ${group.verdict} | ${group.because.split(":")[0]}`,
    );
    expect(told.sort()).toEqual([
      "1 EventBridge could not deliver: NO_PERMISSIONS | fix-first | mend the rule's permission or target",
      "1 bad_event (genesys) | fix-first | find what else sends to the queue",
      "1 bad_event (genesys) | fix-first | its body was cut to fit the queue",
      "1 conversation_not_found (genesys) | fix-first | check that GENESYS_REGION and the OAuth client belong to the org that sent the event",
      "1 crashed or timed out, 1 receive | replayable | ",
      "1 timeout (genesys) | fix-first | set aside after 3 replays",
      "1 timeout (genesys) | too-late | the conversation is older than its history is of use",
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

  it("tells what SQS moved here by itself", async () => {
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
    await plant(sqs, [{ body: startBody("crashing") }], sqs.queue.url);
    // A worker that dies each time gives it back like this.
    for (let receive = 0; receive < 3; receive += 1) {
      await sqs.client.send(
        new ReceiveMessageCommand({ QueueUrl: sqs.queue.url, VisibilityTimeout: 0 }),
      );
    }
    const { out } = await dlq(sqs, ["list"]);
    expect(out).toMatch(/crashed or timed out, [34] receives +crashed .* replayable/);
  });

  it("is a table for people", async () => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a"), letter("b"), letter("c", "bad_request")]);
    const { out, code } = await dlq(sqs, ["list"]);
    expect(code).toBe(0);
    expect(out).toContain("3 letters seen; SQS counts about 3.");
    expect(out).toMatch(/^2 +timeout \(genesys\) +timeout +\d+ s +\d+ s +replayable$/m);
    expect(out).toMatch(
      /^1 +bad_request \(genesys\) +bad_request .* fix-first: look at the event/m,
    );
  });

  it("with a filter that matches nothing says so, and exits 0", async () => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a")]);
    const ran = await dlq(sqs, ["list", "--code", "no_such_code"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain("No letter matches the filter.");
  });

  it("of an empty queue is short", async () => {
    const sqs = await startQueues();
    const ran = await dlq(sqs, ["list"]);
    expect(ran).toEqual({ code: 0, out: "0 letters seen; SQS counts about 0.\n", err: "" });
  });
});

describe("dlq show", () => {
  it("tells the reason and the cure, and masks the event unless asked", async () => {
    const sqs = await startQueues();
    const replays = [{ run: "ab12", at: "2026-03-12T11:00:00.000Z", code: "timeout" }];
    await plant(sqs, [
      letter("other"),
      {
        body: startBody("c0ffee"),
        attributes: { failure: reasonJson("bad_request", { replayed: 1, replays }) },
      },
    ]);
    const masked = await dlq(sqs, ["show", "c0ffee"]);
    expect(masked).toMatchObject({ code: 0, err: "" });
    expect(masked.out).toContain("bad_request (genesys)");
    expect(masked.out).toContain("What to do    Look at the event.");
    expect(masked.out).toContain("Replayed      1 times: 2026-03-12T11:00:00.000Z by run ab12");
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

  it("shows EventBridge's own failed delivery, without its control characters", async () => {
    const sqs = await startQueues();
    await plant(sqs, [undelivered]);
    const { out, code } = await dlq(sqs, ["show", "undelivered"]);
    expect(code).toBe(0);
    expect(out).toContain("EventBridge could not deliver: NO_PERMISSIONS");
    expect(out).toContain("Rule          arn:aws:events:us-east-1:111122223333:rule/bus/starts");
    expect(out).toContain("not authorised to perform sqs:SendMessage");
    expect(out).not.toContain("\u001B");
  });

  it("of an id that is not there exits 1", async () => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a")]);
    const ran = await dlq(sqs, ["show", "no-such-id"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('none of the 1 letters seen has the id "no-such-id"');
  });
});
