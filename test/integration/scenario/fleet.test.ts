import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "vitest";
import type { WorkerProcess } from "../../../src/sandbox/environment/worker-process.ts";
import { sampleContact } from "../../../src/sandbox/samples/sample-conversations.ts";
import type { SandboxSqs } from "../../../src/sandbox/simulators/sqs/server.ts";
import { startQueues, startRedis, startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { startWorld, type World } from "../../support/world.ts";

const web = { externalContactId: undefined, conversationExternalContactIds: [] };
const start = sampleBody("customer-start-voice");
const ada = JSON.parse(start).detail.eventBody;

/** Two workers of one fleet, each with a queue of its own: so the test decides who receives what. */
let world: World;
let oracleMs = 0;
let others: SandboxSqs;
let other: WorkerProcess;

beforeEach(async () => {
  const redis = await startRedis();
  const shared = { REDIS_URL: redis.url, ORACLE_CACHE_SECONDS: "0" };
  oracleMs = 0;
  world = await startWorld({ environment: shared, oracleLatencyMs: () => oracleMs });
  others = await startQueues();
  other = startWorker({
    ...world.sandbox.environment,
    ...shared,
    LOG_LEVEL: "debug",
    QUEUE_URL: others.queue.url,
    DEAD_LETTER_QUEUE_URL: others.deadLetters.url,
    AWS_ENDPOINT_URL: others.endpoint,
  });
  await other.line(({ fact }) => fact === "worker.started");
  world.sandbox.genesys.addConversation(ada);
});

async function sendToOther(body: string): Promise<void> {
  await others.client.send(
    new SendMessageCommand({ QueueUrl: others.queue.url, MessageBody: body }),
  );
}

/** Ada's call from a number that nobody has, and what she typed some ms after its start. */
const unknown = sampleBody("customer-start-voice", {
  ani: "tel:+13055550147",
  addressFrom: "tel:+13055550147",
});
function typed(reference: string, afterMs = 0, participantId = ada.participantId): string {
  const attributes = { customer_reference: reference };
  const eventTime = ada.eventTime + afterMs;
  return sampleBody("attributes-voice", { attributes, eventTime, participantId });
}
const attributesOfAda = () =>
  world.sandbox.genesys.attributesOf(ada.conversationId, ada.participantId);
const matchedBy = () => attributesOfAda()?.oracle_matched_by;
const customer = () => attributesOfAda()?.oracle_customer_id;

/** Resolves when a leg that an agent dialled is acknowledged. */
const leftAlone = () =>
  world.worker.line((line) => line.fact === "event.acknowledged" && line.because === "third_party");

describe("what one worker of a fleet knows, the others know too", () => {
  it("a start that another worker has written is not written again", async () => {
    await world.send(start);
    await world.fact("enrichment.written");
    await sendToOther(start);
    expect(await other.line(({ fact }) => fact === "event.acknowledged")).toMatchObject({
      because: "history_written",
    });
    expect(world.sandbox.genesys.counts.patch).toBe(1);
  });

  it("a start that another worker has in progress is left to it", async () => {
    world.sandbox.oracle.faults.push({ kind: "hang", match: { path: /search/ } });
    await world.send(start);
    await world.sandbox.oracle.waitFor(({ fault }) => fault === "hang");
    await sendToOther(start);
    // Kept, not deleted: the first worker may yet be killed.
    expect(await other.line(({ fact }) => fact === "enrichment.elsewhere")).toMatchObject({
      conversationId: ada.conversationId,
    });
    expect(world.sandbox.oracle.counts.search).toBe(1);
  });

  it("an end that another worker has received costs no request, whichever comes first", async () => {
    await sendToOther(sampleBody("customer-end-voice"));
    await other.line(({ fact }) => fact === "event.acknowledged");
    await world.send(start);
    expect(await world.fact("event.acknowledged")).toMatchObject({
      because: "conversation_ended",
    });
    expect(world.sandbox.oracle.counts.search).toBe(0);
  });

  it("an end that another worker receives during the lookup prevents the write", async () => {
    oracleMs = 2_000;
    await world.send(start);
    await world.sandbox.oracle.waitFor(({ kind }) => kind === "search");
    await sendToOther(sampleBody("customer-end-voice"));
    expect(await world.fact("enrichment.expired")).toMatchObject({ code: "conversation_ended" });
    expect(world.sandbox.genesys.counts.patch).toBe(0);
  });

  it("a leg that an agent dials is left alone if another worker saw the caller", async () => {
    await sendToOther(start);
    await other.line(({ fact }) => fact === "enrichment.written");
    const { search } = world.sandbox.oracle.counts;
    await world.send(sampleBody("customer-start-consult-leg"));
    await leftAlone();
    expect(world.sandbox.oracle.counts.search).toBe(search);
    expect(world.sandbox.genesys.counts.patch).toBe(1);
  });

  it("a leg in progress is left alone if another worker receives the caller's late start", async () => {
    oracleMs = 2_000;
    await world.send(sampleBody("customer-start-consult-leg"));
    await world.sandbox.oracle.waitFor(({ kind }) => kind === "search");
    await sendToOther(start);
    await leftAlone();
    await other.line(({ fact }) => fact === "enrichment.written");
    expect(world.sandbox.genesys.calls.filter(({ kind }) => kind === "patch")).toMatchObject([
      { participantId: ada.participantId },
    ]);
  });

  it("a contact that another worker receives is tried, also if the start was written here", async () => {
    const body = sampleBody("customer-start-message-web", web);
    const ids = JSON.parse(body).detail.eventBody;
    world.sandbox.genesys.addConversation(ids);
    await world.send(body);
    await world.fact("enrichment.written", ids.conversationId);
    await sendToOther(sampleBody("contact-message-web", { externalContactId: sampleContact.id }));
    await world.sandbox.genesys.nextPatch(ids.conversationId, { count: 2 });
    expect(world.sandbox.genesys.attributesOf(ids.conversationId, ids.participantId)).toMatchObject(
      {
        oracle_status: "found",
      },
    );
  });

  it("an agent's connection that another worker receives gives the head start of what was written here", async () => {
    await world.send(start);
    await world.fact("enrichment.written");
    await sendToOther(sampleBody("user-start-voice"));
    expect(await other.line(({ fact }) => fact === "headstart.measured")).toMatchObject({
      conversationId: ada.conversationId,
    });
  });

  it("a reference that another worker receives waits for the start in progress, and is used by it", async () => {
    oracleMs = 500;
    await world.send(unknown);
    await world.sandbox.oracle.waitFor(({ kind }) => kind === "search");
    await sendToOther(typed("260312-000042"));
    await other.line(({ fact }) => fact === "enrichment.elsewhere");
    await expect.poll(matchedBy).toBe("reference");
    expect(world.sandbox.genesys.counts.patch).toBe(2);
    expect(other.log.filter(({ fact }) => fact === "identity.tried")).toEqual([]);
  });

  it("of two references that two workers receive the later counts, whichever is looked up last", async () => {
    await world.send(unknown);
    await world.fact("enrichment.written");
    await sendToOther(typed("260310-000077", 2_000));
    await expect.poll(matchedBy).toBe("reference");
    expect(customer()).toBe("CUST-1007");
    const { patch } = world.sandbox.genesys.counts;
    // Typed before, received after.
    await world.send(typed("260312-000042", 1_000));
    await world.worker.line(
      (line) => line.fact === "event.acknowledged" && line.because === "recorded",
    );
    expect(customer()).toBe("CUST-1007");
    expect(world.sandbox.genesys.counts.patch).toBe(patch);
  });

  it("a reference of a leg that another worker saw is left alone", async () => {
    await world.send(start);
    await world.fact("enrichment.written");
    const leg = sampleBody("customer-start-consult-leg");
    await world.send(leg);
    await leftAlone();
    const { participantId } = JSON.parse(leg).detail.eventBody;
    await sendToOther(typed("260310-000077", 0, participantId));
    expect(await other.line(({ fact }) => fact === "event.acknowledged")).toMatchObject({
      because: "third_party",
    });
  });
});
