import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startGenesys } from "../../src/sandbox/genesys/server.ts";
import type { SandboxSqs } from "../../src/sandbox/sqs.ts";
import {
  dlq,
  eventIds,
  inspect,
  letter,
  plant,
  queueEnvironment,
  reasonJson,
  start,
  startBody,
  startQueues,
} from "../support/dead-letters.ts";
import { sampleBody } from "../support/events.ts";
import { accessDenied, startSqsProxy } from "../support/sqs-proxy.ts";
import { startWorld } from "../support/world.ts";

const SURE = ["--yes", "--reason", "oracle is back", "--by", "ada"];
const REPLAY = ["replay", "--no-ask-genesys", "--rate", "1000", "--watch", "0", ...SURE];

const jsonLines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

async function counted(sqs: SandboxSqs): Promise<number[]> {
  const queue = await inspect(sqs, sqs.queue.url);
  const dead = await inspect(sqs, sqs.deadLetters.url);
  return [queue.visible.length, dead.visible.length, dead.hidden.length];
}

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
    const killed = start(command, queueEnvironment(sqs), (out) => {
      if (out.split("\n").length > 300) killed.kill("SIGKILL");
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
  }, 60_000);

  it("interrupted gives everything back at once", async () => {
    const sqs = await startQueues();
    await plant(
      sqs,
      Array.from({ length: 100 }, (_, index) => letter(`i${index}`)),
    );
    const slow = start(
      ["dlq", "replay", "--no-ask-genesys", "--rate", "10", ...SURE],
      queueEnvironment(sqs),
      (out) => {
        if (out.split("\n").length > 3) slow.kill("SIGINT");
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

describe("conversations that have ended", () => {
  const CLIENT = { clientId: "dlq", clientSecret: "not-a-secret-here" };

  async function world() {
    const sqs = await startQueues();
    const genesys = await startGenesys(CLIENT);
    onTestFinished(() => genesys.close());
    for (const conversationId of ["living", "ended"]) {
      genesys.addConversation({ conversationId, participantId: "customer" });
    }
    genesys.endConversation("ended");
    await plant(sqs, [letter("living"), letter("ended"), letter("ended"), letter("gone")]);
    return {
      sqs,
      genesys,
      environment: {
        GENESYS_API_URL: genesys.url,
        GENESYS_LOGIN_URL: genesys.url,
        GENESYS_CLIENT_ID: CLIENT.clientId,
        GENESYS_CLIENT_SECRET: CLIENT.clientSecret,
      },
    };
  }
  const ASK = ["replay", "--watch", "0", "--rate", "1000", ...SURE];

  it("are skipped; Genesys is asked once for each", async () => {
    const { sqs, genesys, environment } = await world();
    const ran = await dlq(sqs, ASK, environment);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("2 letters left in the queue: the conversation has ended.");
    expect(ran.err).toContain(
      "1 letter left in the queue: Genesys does not know the conversation.",
    );
    expect(await eventIds(sqs, sqs.queue.url)).toEqual(["event-living"]);
    expect(genesys.counts.conversation).toBe(3);
    expect(await counted(sqs)).toEqual([1, 3, 0]);
  });

  it("are discarded with --discard-ended; those that Genesys does not know are not", async () => {
    const { sqs, environment } = await world();
    const ran = await dlq(sqs, [...ASK, "--discard-ended"], environment);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("1 replayed, 2 discarded.");
    expect(jsonLines(ran.out).filter(({ what }) => what === "discarded")).toMatchObject([
      { conversationId: "ended", because: "the conversation has ended" },
      { conversationId: "ended" },
    ]);
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-gone"]);
  });

  it("cannot be told without Genesys: its mistakes are named, and nothing is changed", async () => {
    const { sqs, genesys, environment } = await world();
    const missing = await dlq(sqs, ASK);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("GENESYS_CLIENT_ID is required");
    expect(missing.err).not.toContain("ORACLE");
    const wrong = await dlq(sqs, ASK, { ...environment, GENESYS_CLIENT_SECRET: "wrong" });
    expect(wrong.code).toBe(2);
    genesys.faults.push({ match: { method: "GET" }, status: 503, times: Number.POSITIVE_INFINITY });
    const down = await dlq(sqs, ASK, environment);
    expect(down.code).toBe(0);
    expect(down.err).toContain("left in the queue: Genesys could not be asked");
    expect(await counted(sqs)).toEqual([0, 4, 0]);
  });
});

describe("what comes straight back", () => {
  it("stops the replay, with its history in the letters", async () => {
    const world = await startWorld();
    const { sqs } = world.stage;
    const count = 100;
    for (let index = 0; index < count; index += 1) {
      await world.send(
        sampleBody("customer-start-voice", {
          conversationId: `u${index}`,
          eventTime: Date.now(),
        }).replace(/"id":"[^"]*"/, `"id":"e${index}"`),
      );
    }
    await expect
      .poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length, {
        timeout: 15_000,
      })
      .toBe(count);
    const ran = await dlq(sqs, [
      "replay",
      "--no-ask-genesys",
      "--verdict",
      "fix-first",
      "--rate",
      "10",
      "--json",
      ...SURE,
    ]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("Stopped: that is too large a share.");
    const outcome = jsonLines(ran.out).at(-1);
    expect(outcome).toMatchObject({ end: "came back", kept: {}, missing: 0 });
    expect(outcome.replayed).toBeLessThan(count);
    await expect
      .poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length, {
        timeout: 15_000,
      })
      .toBe(count);
    const { visible } = await inspect(sqs, sqs.deadLetters.url);
    const again = visible
      .map(({ messageAttributes }) => JSON.parse(messageAttributes.failure?.StringValue ?? ""))
      .filter(({ replayed }) => replayed === 1);
    expect(again).toHaveLength(outcome.replayed);
    expect(again[0]).toMatchObject({
      code: "conversation_not_found",
      replays: [{ run: outcome.run, code: "conversation_not_found" }],
    });
  }, 60_000);
});

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
      expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-a"]);
      expect((await inspect(sqs, sqs.deadLetters.url)).hidden).toEqual([]);
    },
  );
});
