import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sampleBody } from "../../support/events.ts";
import { startSqsProxy } from "../../support/sqs-proxy.ts";
import { startWorld, type World } from "../../support/world.ts";

const ada = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;
const HOUR = 3_600_000;

/** A start of a conversation of its own, known to Genesys. */
function startOf(world: World, conversationId: string, more: Record<string, unknown> = {}): string {
  world.sandbox.genesys.addConversation({ ...ada, conversationId });
  return sampleBody("customer-start-voice", { conversationId, eventTime: Date.now(), ...more });
}

async function sendAll(world: World, bodies: readonly string[]): Promise<void> {
  const { client, queue } = world.sandbox.sqs;
  const batches = Array.from({ length: Math.ceil(bodies.length / 10) }, (_, batch) =>
    bodies.slice(batch * 10, batch * 10 + 10),
  );
  await Promise.all(
    batches.map((batch) =>
      client.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: batch.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
        }),
      ),
    ),
  );
}

describe("a backlog of four days", () => {
  it("are counted and deleted if they are too old for their medium, and cost no request", async () => {
    const world = await startWorld();
    const old = [
      startOf(world, "old-call", { eventTime: Date.now() - HOUR }),
      startOf(world, "old-chat", { eventTime: Date.now() - 11 * HOUR, mediaType: "CHAT" }),
      startOf(world, "old-email", { eventTime: Date.now() - 121 * HOUR, mediaType: "EMAIL" }),
    ];
    await sendAll(world, [
      ...old,
      startOf(world, "young-chat", { eventTime: Date.now() - 9 * HOUR, mediaType: "CHAT" }),
      startOf(world, "young-email", { eventTime: Date.now() - 96 * HOUR, mediaType: "EMAIL" }),
    ]);
    for (const id of ["young-chat", "young-email"]) await world.sandbox.genesys.nextPatch(id);
    for (const id of ["old-call", "old-chat", "old-email"]) {
      expect(await world.fact("enrichment.expired", id)).toMatchObject({ code: "too_old" });
    }
    expect(await world.worker.stop()).toBe(0);
    expect(world.sandbox.genesys.counts.patch).toBe(2);
    expect(await world.leftOver()).toEqual([]);
  });

  it("are aged by AWS' clock: a machine that is three hours ahead drops no call", async () => {
    const behind = () => Date.now() - 3 * HOUR;
    const world = await startWorld({
      prepare: async ({ sqs }) => ({
        AWS_ENDPOINT_URL: await startSqsProxy(sqs.endpoint, () => undefined, behind),
      }),
    });
    await world.send(startOf(world, "now", { eventTime: behind() }));
    const { written } = await world.sandbox.genesys.nextPatch("now");
    expect(written).toMatchObject({ oracle_status: "found" });
  });
});

describe("many sign-ins in the morning", () => {
  it("are counted one by one, and delay no conversation", async () => {
    const world = await startWorld({ environment: { LOG_LEVEL: "info" } });
    const signIns = Array.from({ length: 10_000 }, () => sampleBody("user-tokens"));
    await sendAll(world, signIns.slice(0, 5_000));
    await world.send(startOf(world, "in-the-middle"));
    await sendAll(world, signIns.slice(5_000));
    await world.sandbox.genesys.nextPatch("in-the-middle");
    const noted = () => world.worker.log.filter(({ fact }) => fact === "signin.noted").length;
    await expect.poll(noted).toBe(10_000);
    const written = world.worker.log.findIndex(({ fact }) => fact === "enrichment.written");
    const before = world.worker.log.slice(0, written).filter(({ fact }) => fact === "signin.noted");
    // The queue has no order; what the worker holds is worked on at once.
    expect(before.length).toBeLessThan(10_000);
    expect(world.sandbox.genesys.counts.token).toBe(1);
  });

  it("leave an audit line that names no token and no whole address", async () => {
    const world = await startWorld();
    await world.send(sampleBody("user-tokens"));
    expect(await world.fact("signin.noted")).toMatchObject({
      userId: "32d46caa-adce-5e2b-94aa-7b9fb6c3da25",
      address: "203.0.113.x",
    });
    const log = JSON.stringify(world.worker.log);
    expect(log).not.toMatch(/3f8c0d6a9f9e4f4b|203\.0\.113\.17|Agent Example/);
  });
});

describe("operations events of Genesys", () => {
  it("slows the Genesys limiter if it names a rate limit, and is reported either way", async () => {
    const world = await startWorld({ environment: { HTTP_PORT: "0" } });
    const { port } = await world.fact("http.listening");
    const used = async (): Promise<number> => {
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      const { apis } = (await ready.json()) as { apis: [{ budget: { used: number } }] };
      return apis[0].budget.used;
    };
    await world.send(sampleBody("operations-event", { errorCode: "other", currentValue: "DOWN" }));
    expect(await world.fact("operations.noted")).toMatchObject({ slowed: false });
    expect(await used()).toBe(0);
    await world.send(sampleBody("operations-event"));
    await world.worker.line((line) => line.fact === "operations.noted" && line.slowed);
    expect(await used()).toBe(150);
    await world.send(startOf(world, "still-served"));
    await world.sandbox.genesys.nextPatch("still-served");
  });
});

describe("an agent who sees a history already", () => {
  it("keeps it: a second start, with Oracle down, writes nothing", async () => {
    const world = await startWorld({ environment: { ORACLE_CACHE_SECONDS: "0" } });
    await world.send(startOf(world, "steady"));
    await world.sandbox.genesys.nextPatch("steady");
    world.sandbox.oracle.faults.push({ kind: "empty", status: 503, times: 9 });
    await world.send(startOf(world, "steady"));
    expect(await world.fact("event.acknowledged", "steady")).toMatchObject({
      because: expect.stringMatching(/^(history_written|owned_by_other_message)$/),
    });
    expect(await world.worker.stop()).toBe(0);
    expect(world.sandbox.genesys.counts.patch).toBe(1);
  });
});
