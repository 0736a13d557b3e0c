import { GetQueueAttributesCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { seeded } from "../../bench/chance.ts";
import { startStage } from "../../src/sandbox/stage.ts";
import { startWorkerProcess, type WorkerProcess } from "../../src/sandbox/worker-process.ts";
import { sampleBody } from "../support/events.ts";
import { startRedisServer } from "../support/redis-server.ts";

const CONVERSATIONS = 2_000;
const WORKERS = 3;
const KILLS = 8;
const SEEDS = [7, 1_000_003];

it.each(SEEDS)(
  `seed %i: ${CONVERSATIONS} conversations all get their attributes, though workers are killed`,
  async (seed) => {
    const random = seeded(seed);
    const redis = await startRedisServer();
    const stage = await startStage({
      oracleLatencyMs: () => 50 + random() * 250,
      genesysLatencyMs: () => random() * 50,
    });
    const environment = {
      ...stage.environment,
      REDIS_URL: redis.url,
      GENESYS_REQUESTS_PER_MINUTE: "100000",
      LOG_LEVEL: "debug",
    };
    const workers: WorkerProcess[] = [];
    onTestFinished(async () => {
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(workers.map(({ ended }) => ended));
      await stage.close();
      await redis[Symbol.asyncDispose]();
    });
    const start = () => {
      const worker = startWorkerProcess(environment);
      workers.push(worker);
      return worker;
    };

    const { genesys, sqs } = stage;
    genesys.setLimit(100_000);
    const { participantId } = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;
    const ids = Array.from({ length: CONVERSATIONS }, (_, index) => `fault-${index}`);
    const bodies = ids.flatMap((conversationId, index) => {
      genesys.addConversation({ conversationId, participantId });
      const ani = `tel:+1555${String(2_000_000 + index)}`;
      const body = sampleBody("customer-start-voice", { conversationId, ani, addressFrom: ani });
      const agent = sampleBody("user-start-voice", { conversationId });
      // A tenth comes twice, in any order; an agent answers every fifth.
      return [body, ...(random() < 0.1 ? [body] : []), ...(index % 5 === 0 ? [agent] : [])];
    });
    for (let first = 0; first < bodies.length; first += 10) {
      const Entries = bodies
        .slice(first, first + 10)
        .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await sqs.client.send(new SendMessageBatchCommand({ QueueUrl: sqs.queue.url, Entries }));
    }

    const living = Array.from({ length: WORKERS }, start);
    let patches = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      patches += 60 + Math.floor(random() * 120);
      await expect
        .poll(() => genesys.counts.patch, { timeout: 60_000, interval: 10 })
        .toBeGreaterThanOrEqual(patches);
      const chosen = Math.floor(random() * WORKERS);
      living[chosen]?.kill("SIGKILL");
      living[chosen] = start();
    }

    const written = () => ids.filter((id) => genesys.patchesOf(id).written > 0).length;
    await expect
      .poll(written, { timeout: 150_000, interval: 250 })
      .toBe(CONVERSATIONS)
      .catch((error) => {
        const missing = ids.filter((id) => genesys.patchesOf(id).written === 0);
        throw new Error(
          `missing, and what the workers say of them:\n${storyOf(missing, workers)}`,
          {
            cause: error,
          },
        );
      });
    const left = (url: string) => async () => {
      const asked = new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      });
      const { Attributes = {} } = await sqs.client.send(asked);
      return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
    };
    // Confirmations of our own writes come by way of the queue, too.
    await expect.poll(left(sqs.queue.url), { timeout: 150_000, interval: 250 }).toBe(0);
    expect(await left(sqs.deadLetters.url)()).toBe(0);
    for (const id of ids) {
      expect(genesys.attributesOf(id, participantId)).toMatchObject({ oracle_status: "not_found" });
    }
    expect(genesys.throttled).toBe(0);

    const perConversation = new Map<number, number>();
    for (const id of ids) {
      const { arrived } = genesys.patchesOf(id);
      perConversation.set(arrived, (perConversation.get(arrived) ?? 0) + 1);
    }
    const told = [...perConversation].toSorted(([a], [b]) => a - b);
    process.stdout.write(
      `seed ${seed}, ${KILLS} kills: ` +
        `${told.map(([count, many]) => `${many} conversations with ${count} PATCH`).join(", ")}\n`,
    );
    expect(await Promise.all(living.map((worker) => worker.stop()))).toEqual([0, 0, 0]);
  },
  300_000,
);

function storyOf(ids: readonly string[], workers: readonly WorkerProcess[]): string {
  const lines = workers.flatMap(({ pid, log }) => log.map((line) => ({ pid, ...line })));
  return lines
    .filter((line) => "conversationId" in line && ids.includes(line.conversationId ?? ""))
    .map((line) => JSON.stringify(line))
    .concat(ids)
    .join("\n");
}
