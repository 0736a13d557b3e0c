import { describe, expect, it } from "vitest";
import {
  CONFIRMED,
  deadLetter,
  dlq,
  endVisibilityTimeouts,
  eventIds,
  inspect,
  jsonLines,
  messageCounts,
  queueEnvironment,
  REPLAY,
  reasonJson,
  sendMessages,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { start } from "../../../support/program.ts";

describe("dlq replay", () => {
  it("sends replayable messages back with their history, and writes one audit line for each", async () => {
    const sqs = await startQueues();
    const replays = [{ run: "old", at: "2026-03-12T11:00:00.000Z", code: "network" }];
    await sendMessages(sqs, [
      {
        body: startBody("a"),
        attributes: { failure: reasonJson("timeout", { replayed: 1, replays }) },
      },
      { body: startBody("crashed") },
      deadLetter("broken", "bad_request"),
    ]);
    const result = await dlq(sqs, REPLAY);
    expect(result.code).toBe(0);
    expect(result.err).toContain("2 messages to be replayed");
    expect(result.err).toContain("1 message not selected");
    expect(result.err).toContain("2 replayed, 0 discarded");
    const audit = jsonLines(result.out).sort((a, b) => a.code.localeCompare(b.code));
    expect(audit).toMatchObject([
      {
        who: "ada",
        why: "oracle is back",
        what: "replayed",
        code: "crashed",
        conversationId: "crashed",
        eventId: "event-crashed",
        replayed: 0,
      },
      {
        who: "ada",
        why: "oracle is back",
        what: "replayed",
        code: "timeout",
        conversationId: "a",
        replayed: 1,
      },
    ]);
    const { run, at } = audit[1];
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
    const { visible } = await inspect(sqs, sqs.queue.url);
    const history = visible.find(({ body }) => body.includes("event-a"))?.messageAttributes;
    expect(Object.keys(history ?? {})).toEqual(["replays"]);
    expect(JSON.parse(history?.replays?.StringValue ?? "")).toEqual({
      count: 2,
      firstAt: "2026-03-12T10:00:00.000Z",
      replays: [...replays, { run, at: expect.any(String), code: "timeout" }],
    });
    expect(await messageCounts(sqs)).toEqual([2, 1, 0]);
  });

  it("changes nothing in a dry run, which needs neither a confirmation nor Genesys", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [deadLetter("a"), deadLetter("b"), deadLetter("c", "bad_request")]);
    const before = await inspect(sqs, sqs.deadLetters.url);
    const result = await dlq(sqs, ["replay", "--dry-run", "--json"]);
    expect(result.code).toBe(0);
    expect(result.err).toContain("2 messages would be replayed");
    expect(jsonLines(result.out)).toMatchObject([
      { dryRun: true, what: "replayed" },
      { dryRun: true, what: "replayed" },
    ]);
    expect(await messageCounts(sqs)).toEqual([0, 3, 0]);
    const ids = (stored: typeof before) => stored.visible.map(({ messageId }) => messageId).sort();
    expect(ids(await inspect(sqs, sqs.deadLetters.url))).toEqual(ids(before));
  });

  it("processes the messages that match the filters, up to the limit", async () => {
    const sqs = await startQueues();
    const starts = Array.from({ length: 25 }, (_, index) => deadLetter(`s${index}`));
    await sendMessages(sqs, [...starts, deadLetter("fixed", "bad_request")]);
    expect((await dlq(sqs, [...REPLAY, "--limit", "12"])).code).toBe(0);
    expect(await messageCounts(sqs)).toEqual([12, 14, 0]);
    expect(
      (await dlq(sqs, [...REPLAY, "--conversation", "fixed", "--verdict", "fix-first"])).code,
    ).toBe(0);
    expect(await eventIds(sqs, sqs.queue.url)).toContain("event-fixed");
    const none = await dlq(sqs, [...REPLAY, "--topic", "customer.end"]);
    expect(none.code).toBe(0);
    expect(none.err).toContain("No message matches: nothing to do.");
    const old = await dlq(sqs, [...REPLAY, "--older-than", "1h"]);
    expect(old.err).toContain("No message matches: nothing to do.");
    expect((await dlq(sqs, [...REPLAY, "--newer-than", "1h", "--code", "timeout"])).code).toBe(0);
    expect(await messageCounts(sqs)).toEqual([26, 0, 0]);
  });

  it("sets a message aside after three replays", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [
      {
        body: startBody("circling"),
        attributes: { failure: reasonJson("timeout", { replayed: 3 }) },
      },
    ]);
    const result = await dlq(sqs, REPLAY);
    expect(result.code).toBe(0);
    expect(result.err).toContain("set aside after 3 replays");
    const withFixFirst = await dlq(sqs, [...REPLAY, "--verdict", "fix-first"]);
    expect(withFixFirst.err).toContain("1 message left in the queue: it is set aside.");
    expect(await messageCounts(sqs)).toEqual([0, 1, 0]);
    expect((await dlq(sqs, [...REPLAY, "--max-replays", "4"])).code).toBe(0);
    expect(await messageCounts(sqs)).toEqual([1, 0, 0]);
  });

  it("never sends a message with a cut body, or one too large to carry its history", async () => {
    const sqs = await startQueues();
    await sendMessages(sqs, [
      { body: "{", attributes: { failure: reasonJson("bad_event", { bodyCutFrom: 9 }) } },
    ]);
    await sendMessages(sqs, [{ body: startBody("large").padEnd(1_048_570) }]);
    const result = await dlq(sqs, [...REPLAY, "--verdict", "replayable,fix-first"]);
    expect(result.code).toBe(0);
    expect(result.err).toContain("only the beginning of its body is left");
    expect(result.err).toContain("no room for its history");
    expect(await messageCounts(sqs)).toEqual([0, 2, 0]);
  });

  it("loses no message if it is killed during 1,000 replays, and can be run again", async () => {
    const sqs = await startQueues();
    const ids = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
    await sendMessages(
      sqs,
      ids.map((id) => deadLetter(id)),
    );
    const all = ids.map((id) => `event-${id}`).sort();

    const command = ["dlq", ...REPLAY];
    // At 100 a second it has not finished if a busy machine kills it late.
    const killed = start([...command, "--rate", "100"], queueEnvironment(sqs), {
      onOut(out) {
        if (out.split("\n").length > 100) killed.kill("SIGKILL");
      },
    });
    expect((await killed.ended).code).toBe("SIGKILL");
    const back = await eventIds(sqs, sqs.queue.url);
    const left = await eventIds(sqs, sqs.deadLetters.url);
    expect(back.length).toBeGreaterThan(0);
    expect(left.length).toBeGreaterThan(0);
    expect([...new Set([...back, ...left])].sort()).toEqual(all);

    await endVisibilityTimeouts(sqs, sqs.deadLetters.url);
    expect((await start(command, queueEnvironment(sqs)).ended).code).toBe(0);
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
    const replayed = await eventIds(sqs, sqs.queue.url);
    expect([...new Set(replayed)].sort()).toEqual(all);
    // Up to ten were in progress. They may be there twice; the worker detects duplicates by event id.
    expect(replayed.length - all.length).toBeLessThanOrEqual(10);
  });

  it("releases everything at once if it is interrupted", async () => {
    const sqs = await startQueues();
    await sendMessages(
      sqs,
      Array.from({ length: 100 }, (_, index) => deadLetter(`i${index}`)),
    );
    const slow = start(
      ["dlq", "replay", "--no-ask-genesys", "--rate", "10", ...CONFIRMED],
      queueEnvironment(sqs),
      {
        onOut(out) {
          if (out.split("\n").length > 3) slow.kill("SIGINT");
        },
      },
    );
    const result = await slow.ended;
    expect(result.code).toBe(1);
    expect(result.err).toContain("Interrupted: run the command again to continue.");
    const [back = 0, left = 0, hidden] = await messageCounts(sqs);
    expect(back + left).toBe(100);
    expect(left).toBeGreaterThan(0);
    expect(hidden).toBe(0);
  });
});
