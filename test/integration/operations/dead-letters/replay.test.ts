import { describe, expect, it } from "vitest";
import {
  counted,
  dlq,
  eventIds,
  inspect,
  jsonLines,
  letter,
  plant,
  queueEnvironment,
  REPLAY,
  reasonJson,
  SURE,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { start } from "../../../support/program.ts";

describe("dlq replay", () => {
  it("puts back what is replayable, with its history, and writes one audit line for each", async () => {
    const sqs = await startQueues();
    const replays = [{ run: "old", at: "2026-03-12T11:00:00.000Z", code: "network" }];
    await plant(sqs, [
      {
        body: startBody("a"),
        attributes: { failure: reasonJson("timeout", { replayed: 1, replays }) },
      },
      { body: startBody("crashed") },
      letter("broken", "bad_request"),
    ]);
    const ran = await dlq(sqs, REPLAY);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("2 letters to be replayed");
    expect(ran.err).toContain("1 letter left alone");
    expect(ran.err).toContain("2 replayed, 0 discarded");
    const audit = jsonLines(ran.out).sort((a, b) => a.code.localeCompare(b.code));
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
    expect(await counted(sqs)).toEqual([2, 1, 0]);
  });

  it("changes nothing in a dry run, and needs neither consent nor Genesys for it", async () => {
    const sqs = await startQueues();
    await plant(sqs, [letter("a"), letter("b"), letter("c", "bad_request")]);
    const before = await inspect(sqs, sqs.deadLetters.url);
    const ran = await dlq(sqs, ["replay", "--dry-run", "--json"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("2 letters would be replayed");
    expect(jsonLines(ran.out)).toMatchObject([
      { dryRun: true, what: "replayed" },
      { dryRun: true, what: "replayed" },
    ]);
    expect(await counted(sqs)).toEqual([0, 3, 0]);
    const ids = (stored: typeof before) => stored.visible.map(({ messageId }) => messageId).sort();
    expect(ids(await inspect(sqs, sqs.deadLetters.url))).toEqual(ids(before));
  });

  it("takes what the filters mean, and no more than the limit", async () => {
    const sqs = await startQueues();
    const starts = Array.from({ length: 25 }, (_, index) => letter(`s${index}`));
    await plant(sqs, [...starts, letter("fixed", "bad_request")]);
    expect((await dlq(sqs, [...REPLAY, "--limit", "12"])).code).toBe(0);
    expect(await counted(sqs)).toEqual([12, 14, 0]);
    expect(
      (await dlq(sqs, [...REPLAY, "--conversation", "fixed", "--verdict", "fix-first"])).code,
    ).toBe(0);
    expect(await eventIds(sqs, sqs.queue.url)).toContain("event-fixed");
    const none = await dlq(sqs, [...REPLAY, "--topic", "customer.end"]);
    expect(none.code).toBe(0);
    expect(none.err).toContain("No letter matches: nothing to do.");
    const old = await dlq(sqs, [...REPLAY, "--older-than", "1h"]);
    expect(old.err).toContain("No letter matches: nothing to do.");
    expect((await dlq(sqs, [...REPLAY, "--newer-than", "1h", "--code", "timeout"])).code).toBe(0);
    expect(await counted(sqs)).toEqual([26, 0, 0]);
  });

  it("sets aside what has come back often enough", async () => {
    const sqs = await startQueues();
    await plant(sqs, [
      {
        body: startBody("circling"),
        attributes: { failure: reasonJson("timeout", { replayed: 3 }) },
      },
    ]);
    const ran = await dlq(sqs, REPLAY);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("set aside after 3 replays");
    const insisting = await dlq(sqs, [...REPLAY, "--verdict", "fix-first"]);
    expect(insisting.err).toContain("1 letter left in the queue: it is set aside.");
    expect(await counted(sqs)).toEqual([0, 1, 0]);
    expect((await dlq(sqs, [...REPLAY, "--max-replays", "4"])).code).toBe(0);
    expect(await counted(sqs)).toEqual([1, 0, 0]);
  });

  it("never sends a letter whose body was cut, nor one without room for its history", async () => {
    const sqs = await startQueues();
    await plant(sqs, [
      { body: "{", attributes: { failure: reasonJson("bad_event", { bodyCutFrom: 9 }) } },
    ]);
    await plant(sqs, [{ body: startBody("large").padEnd(1_048_570) }]);
    const ran = await dlq(sqs, [...REPLAY, "--verdict", "replayable,fix-first"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("only the beginning of its body is left");
    expect(ran.err).toContain("no room for its history");
    expect(await counted(sqs)).toEqual([0, 2, 0]);
  });

  it("killed in mid-replay of 1,000 letters loses none, and running it again is harmless", async () => {
    const sqs = await startQueues();
    const ids = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
    await plant(
      sqs,
      ids.map((id) => letter(id)),
    );
    const all = ids.map((id) => `event-${id}`).sort();

    const command = ["dlq", ...REPLAY, "--hold", "2"];
    // Slow: it may be killed late on a busy machine, and must not have finished by then.
    const killed = start([...command, "--rate", "100"], queueEnvironment(sqs), {
      onOut(out) {
        if (out.split("\n").length > 300) killed.kill("SIGKILL");
      },
    });
    expect((await killed.ended).code).toBe("SIGKILL");
    const back = await eventIds(sqs, sqs.queue.url);
    const left = await eventIds(sqs, sqs.deadLetters.url);
    expect(back.length).toBeGreaterThan(0);
    expect(left.length).toBeGreaterThan(0);
    expect([...new Set([...back, ...left])].sort()).toEqual(all);

    // What the killed run held comes to light when its time is over.
    for (let turn = 0; turn < 10; turn += 1) {
      expect((await start(command, queueEnvironment(sqs)).ended).code).toBe(0);
      if ((await eventIds(sqs, sqs.deadLetters.url)).length === 0) break;
    }
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
    const replayed = await eventIds(sqs, sqs.queue.url);
    expect([...new Set(replayed)].sort()).toEqual(all);
    // Ten at a time are under way: those may be there twice, and the worker knows them by their id.
    expect(replayed.length - all.length).toBeLessThanOrEqual(10);
  });

  it("interrupted gives everything back at once", async () => {
    const sqs = await startQueues();
    await plant(
      sqs,
      Array.from({ length: 100 }, (_, index) => letter(`i${index}`)),
    );
    const slow = start(
      ["dlq", "replay", "--no-ask-genesys", "--rate", "10", ...SURE],
      queueEnvironment(sqs),
      {
        onOut(out) {
          if (out.split("\n").length > 3) slow.kill("SIGINT");
        },
      },
    );
    const ran = await slow.ended;
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("Interrupted: run it again to go on.");
    const [back = 0, left = 0, hidden] = await counted(sqs);
    expect(back + left).toBe(100);
    expect(left).toBeGreaterThan(0);
    expect(hidden).toBe(0);
  });
});
