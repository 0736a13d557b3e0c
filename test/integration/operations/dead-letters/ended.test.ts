import { describe, expect, it, onTestFinished } from "vitest";
import { startGenesys } from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";
import {
  counted,
  dlq,
  eventIds,
  inspect,
  jsonLines,
  letter,
  plant,
  SURE,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { sampleBody } from "../../../support/events.ts";
import { startWorld } from "../../../support/world.ts";

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
    const { sqs } = world.sandbox;
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
      .poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length)
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
      .poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length)
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
  });
});

it("a conversation that was mended is replayed and gets its history", async () => {
  const world = await startWorld();
  const { sqs, genesys, environment } = world.sandbox;
  const event = JSON.parse(startBody("mended")).detail.eventBody;
  await world.send(startBody("mended"));
  await world.fact("event.dead_lettered", "mended");
  await expect.poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length).toBe(1);
  genesys.addConversation(event);
  const ran = await dlq(
    sqs,
    [
      "replay",
      "--code",
      "conversation_not_found",
      "--verdict",
      "fix-first",
      "--watch",
      "1",
      ...SURE,
    ],
    environment,
  );
  expect(ran).toMatchObject({ code: 0 });
  expect((await genesys.nextPatch("mended")).written).toMatchObject({ oracle_status: "found" });
  expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
});
