import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sampleBody } from "../../support/events.ts";
import { startWorld, type World } from "../../support/world.ts";

const ada = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;

/** A later event that proves that what was sent before has been looked at. */
async function passed(world: World, conversationId: string): Promise<void> {
  world.sandbox.genesys.addConversation({ ...ada, conversationId });
  await world.send(
    sampleBody("customer-start-voice-withheld", { ...ada, ani: "anonymous", conversationId }),
  );
  await world.sandbox.genesys.nextPatch(conversationId);
}

describe("messages that are not events", () => {
  it.each([
    ["not JSON", "<xml/>", "not JSON"],
    ["binary, as far as SQS takes it", "\uFFFD\uE000\uD7FF", "not JSON"],
    ["JSON that is no envelope", '{"hello":"world"}', '"id"'],
    [
      "no conversationId",
      sampleBody("customer-start-voice", { conversationId: undefined }),
      '"conversationId"',
    ],
    [
      "no participantId",
      sampleBody("customer-start-voice", { participantId: undefined }),
      '"participantId"',
    ],
  ])(
    "%s: dead deadLetter with the reason, and the next message is served",
    async (_, body, why) => {
      const world = await startWorld();
      await world.send(body);
      const deadLetter = await world.deadLetter();
      expect(deadLetter.Body).toBe(body);
      const reason = JSON.parse(deadLetter.MessageAttributes?.failure?.StringValue ?? "");
      expect(reason).toMatchObject({
        code: "bad_event",
        kind: "permanent",
        source: "event",
        attempts: 1,
      });
      expect(reason.reason).toContain(why);
      await passed(world, "next");
    },
  );

  it("a body as large as the queue allows still gets its reason", async () => {
    const world = await startWorld();
    await world.send("x".repeat(1_048_576));
    const deadLetter = await world.deadLetter();
    const reason = JSON.parse(deadLetter.MessageAttributes?.failure?.StringValue ?? "");
    expect(reason).toMatchObject({ code: "bad_event", bodyCutFrom: 1_048_576 });
    expect(deadLetter.Body).toMatch(/^x{1000}/);
  });

  it("an event of 256 KB is read", async () => {
    const world = await startWorld();
    world.sandbox.genesys.addConversation(ada);
    await world.send(sampleBody("customer-start-voice", { padding: "x".repeat(255_000) }));
    const { written } = await world.sandbox.genesys.nextPatch(ada.conversationId);
    expect(written).toMatchObject({ oracle_status: "found" });
  });
});

describe("at least once, in any order", () => {
  it("the same event three times is one write", async () => {
    const world = await startWorld();
    world.sandbox.genesys.addConversation(ada);
    const body = sampleBody("customer-start-voice");
    await Promise.all([world.send(body), world.send(body), world.send(body)]);
    await world.sandbox.genesys.nextPatch(ada.conversationId);
    await passed(world, "next");
    expect(await world.worker.stop()).toBe(0);
    expect(world.sandbox.genesys.patchesOf(ada.conversationId).arrived).toBe(1);
    expect(world.sandbox.oracle.counts.search).toBe(1);
    expect(await world.leftOver()).toEqual([]);
  });

  it("an end before its start: no request is spent", async () => {
    const world = await startWorld();
    world.sandbox.genesys.addConversation(ada);
    await world.send(sampleBody("customer-end-voice"));
    await world.fact("event.acknowledged", ada.conversationId);
    await world.send(sampleBody("customer-start-voice"));
    await world.worker.line(
      (line) => line.fact === "event.acknowledged" && line.because === "conversation_ended",
    );
    expect(world.sandbox.oracle.counts.search).toBe(0);
    expect(world.sandbox.genesys.counts.patch).toBe(0);
  });

  it("an end during the lookup: the call is aborted, nothing is written", async () => {
    const world = await startWorld();
    world.sandbox.genesys.addConversation(ada);
    world.sandbox.oracle.faults.push({ kind: "hang", match: { path: /search/ } });
    await world.send(sampleBody("customer-start-voice"));
    await world.sandbox.oracle.waitFor(({ fault }) => fault === "hang");
    await world.send(sampleBody("customer-end-voice"));
    expect(await world.fact("enrichment.expired")).toMatchObject({ code: "conversation_ended" });
    expect(await world.worker.stop()).toBe(0);
    expect(world.sandbox.genesys.counts.patch).toBe(0);
    expect(await world.leftOver()).toEqual([]);
  });

  it("a conversation that Genesys does not know is a dead letter", async () => {
    const world = await startWorld();
    await world.send(sampleBody("customer-start-voice"));
    const deadLetter = await world.deadLetter();
    expect(JSON.parse(deadLetter.MessageAttributes?.failure?.StringValue ?? "")).toMatchObject({
      code: "conversation_not_found",
      status: 404,
      conversationId: ada.conversationId,
    });
  });

  it("a slow conversation delays no other", async () => {
    const world = await startWorld();
    world.sandbox.oracle.faults.push({ kind: "hang", match: { path: /search/ } });
    await world.send(sampleBody("customer-start-voice"));
    await world.sandbox.oracle.waitFor(({ fault }) => fault === "hang");
    for (let index = 0; index < 15; index += 1) await passed(world, `other-${index}`);
    expect(world.sandbox.genesys.counts.patch).toBe(15);
    expect(world.sandbox.genesys.patchesOf(ada.conversationId).arrived).toBe(0);
  });
});

describe("stopping", () => {
  it("finishes what is in progress, then exits 0", async () => {
    const world = await startWorld({ oracleLatencyMs: () => 300 });
    world.sandbox.genesys.addConversation(ada);
    await world.send(sampleBody("customer-start-voice"));
    await world.sandbox.oracle.waitFor(({ kind }) => kind === "search");
    expect(await world.worker.stop()).toBe(0);
    expect(world.sandbox.genesys.patchesOf(ada.conversationId).written).toBe(1);
    expect(await world.leftOver()).toEqual([]);
    expect(world.worker.log.at(-1)).toMatchObject({ fact: "worker.stopped" });
  });

  it("a second signal ends it at once, and nothing is lost", async () => {
    const world = await startWorld();
    world.sandbox.oracle.faults.push({ kind: "hang", match: { path: /search/ } });
    await world.send(sampleBody("customer-start-voice"));
    await world.sandbox.oracle.waitFor(({ fault }) => fault === "hang");
    world.worker.kill("SIGTERM");
    await world.fact("worker.draining");
    world.worker.kill("SIGTERM");
    expect(await world.worker.ended).toBe(1);
    const { client, queue } = world.sandbox.sqs;
    const asked = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ["All"] });
    const { Attributes } = await client.send(asked);
    expect(Attributes?.ApproximateNumberOfMessagesNotVisible).toBe("1");
  });
});

it("no number, address, name or secret is in the log", async () => {
  const world = await startWorld();
  for (const name of ["customer-start-voice", "customer-start-email", "customer-start-callback"]) {
    const body = sampleBody(name);
    world.sandbox.genesys.addConversation(JSON.parse(body).detail.eventBody);
    await world.send(body);
    await world.sandbox.genesys.nextPatch(JSON.parse(body).detail.eventBody.conversationId);
  }
  await world.send("stray +15550199999 ada@example.com");
  await world.fact("event.dead_lettered");
  expect(await world.worker.stop()).toBe(0);
  const log = JSON.stringify(world.worker.log) + world.worker.errors;
  expect(log).not.toMatch(
    /0199999|019-9999|ada[.@]|\bAda\b|Example|Dana|not-a-secret|Bearer|Printer/i,
  );
});
