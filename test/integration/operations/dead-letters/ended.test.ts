import { describe, expect, it, onTestFinished } from "vitest";
import { startGenesys } from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";
import {
  CONFIRMED,
  deadLetter,
  dlq,
  eventIds,
  inspect,
  jsonLines,
  messageCounts,
  reasonJson,
  sendMessages,
  startBody,
} from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";
import { sampleBody } from "../../../support/events.ts";
import { startWorld } from "../../../support/world.ts";

describe("messages of ended conversations", () => {
  const CLIENT = { clientId: "dlq", clientSecret: "not-a-secret-here" };

  async function world() {
    const sqs = await startQueues();
    const genesys = await startGenesys(CLIENT);
    onTestFinished(() => genesys.close());
    for (const conversationId of ["living", "ended"]) {
      genesys.addConversation({ conversationId, participantId: "customer" });
    }
    genesys.endConversation("ended");
    await sendMessages(sqs, [
      deadLetter("living"),
      deadLetter("ended"),
      deadLetter("ended"),
      deadLetter("gone"),
    ]);
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
  const ASK = ["replay", "--watch", "0", "--rate", "1000", ...CONFIRMED];

  it("are kept, and Genesys is asked once for each conversation", async () => {
    const { sqs, genesys, environment } = await world();
    const result = await dlq(sqs, ASK, environment);
    expect(result.code).toBe(0);
    expect(result.err).toContain("2 messages left in the queue: the conversation has ended.");
    expect(result.err).toContain(
      "1 message left in the queue: Genesys does not know the conversation.",
    );
    expect(await eventIds(sqs, sqs.queue.url)).toEqual(["event-living"]);
    expect(genesys.counts.conversation).toBe(3);
    expect(await messageCounts(sqs)).toEqual([1, 3, 0]);
  });

  it("are discarded with --discard-ended; messages of unknown conversations are kept", async () => {
    const { sqs, environment } = await world();
    const result = await dlq(sqs, [...ASK, "--discard-ended"], environment);
    expect(result.code).toBe(0);
    expect(result.err).toContain("1 replayed, 2 discarded.");
    expect(jsonLines(result.out).filter(({ what }) => what === "discarded")).toMatchObject([
      { conversationId: "ended", because: "the conversation has ended" },
      { conversationId: "ended" },
    ]);
    expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual(["event-gone"]);
  });

  it("are judged by the participant of each message", async () => {
    const { sqs, genesys, environment } = await world();
    const ids = { conversationId: "consult" };
    const station = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
    const participant = { calls: [{ direction: "outbound" }], ani: station };
    genesys.addConversation({ ...ids, participantId: "caller" });
    genesys.addConversation({ ...ids, participantId: "second" });
    genesys.addConversation({ ...ids, participantId: "leg", participant });
    genesys.endParticipant("consult", "caller");
    await sendMessages(
      sqs,
      ["caller", "second", "leg"].map((participantId) => {
        const body = JSON.parse(startBody("consult", { participantId }));
        const attributes = { failure: reasonJson() };
        return { body: JSON.stringify({ ...body, id: `event-${participantId}` }), attributes };
      }),
    );
    const result = await dlq(sqs, [...ASK, "--conversation", "consult"], environment);
    expect(result.code).toBe(0);
    expect(result.err).toContain("1 message left in the queue: the conversation has ended.");
    expect(result.err).toContain("1 message left in the queue: left alone: an agent called this");
    expect(await eventIds(sqs, sqs.queue.url)).toEqual(["event-second"]);
    expect(genesys.counts.conversation).toBe(1);
  });

  it("need Genesys: a wrong configuration is named, and nothing is changed", async () => {
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
    expect(await messageCounts(sqs)).toEqual([0, 4, 0]);
  });
});

describe("messages that come straight back", () => {
  it("stop the replay, and carry their history", async () => {
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
    const result = await dlq(sqs, [
      "replay",
      "--no-ask-genesys",
      "--verdict",
      "fix-first",
      "--rate",
      "10",
      "--json",
      ...CONFIRMED,
    ]);
    expect(result.code).toBe(1);
    expect(result.err).toContain("Stopped: too many came straight back.");
    const outcome = jsonLines(result.out).at(-1);
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

it("a message is replayed and its conversation written after the cause is fixed", async () => {
  const world = await startWorld();
  const { sqs, genesys, environment } = world.sandbox;
  const event = JSON.parse(startBody("fixed")).detail.eventBody;
  await world.send(startBody("fixed"));
  await world.fact("event.dead_lettered", "fixed");
  await expect.poll(async () => (await inspect(sqs, sqs.deadLetters.url)).visible.length).toBe(1);
  genesys.addConversation(event);
  const result = await dlq(
    sqs,
    [
      "replay",
      "--code",
      "conversation_not_found",
      "--verdict",
      "fix-first",
      "--watch",
      "1",
      ...CONFIRMED,
    ],
    environment,
  );
  expect(result).toMatchObject({ code: 0 });
  expect((await genesys.nextPatch("fixed")).written).toMatchObject({ oracle_status: "found" });
  expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
});
