import { GetQueueAttributesCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { it } from "vitest";
import { seeded } from "../../../bench/chance.ts";
import { startRedisServer } from "../../../src/sandbox/environment/redis-server.ts";
import { startSandboxEnvironment } from "../../../src/sandbox/environment/sandbox-environment.ts";
import {
  startWorkerProcess,
  type WorkerProcess,
} from "../../../src/sandbox/environment/worker-process.ts";
import { SHORT_POLLS } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { program } from "../../support/program.ts";

const CONVERSATIONS = 2_000;
const WORKERS = 3;
const KILLS = 8;
/** Killed workers' messages are hidden for half a minute. */
const PATIENCE_MS = 400_000;
/** Killed workers' messages stay away for half a minute: the two wait for them side by side. */
const fleets = [
  { memory: "one memory in Redis", redis: true, seed: 7 },
  { memory: "each its own memory", redis: false, seed: 1_000_003 },
];

it.concurrent.for(fleets)(
  `$memory, seed $seed: of ${CONVERSATIONS} conversations all that go on get their attributes, though workers are killed`,
  { timeout: 900_000 },
  async ({ memory, redis: shares, seed }, { expect, onTestFinished }) => {
    const random = seeded(seed);
    const redis = shares ? await startRedisServer() : undefined;
    const sandbox = await startSandboxEnvironment({
      ...SHORT_POLLS,
      oracleLatencyMs: () => 50 + random() * 250,
      genesysLatencyMs: () => random() * 50,
    });
    const environment = {
      ...sandbox.environment,
      ...(redis && { REDIS_URL: redis.url }),
      GENESYS_REQUESTS_PER_MINUTE: "100000",
      // A slow answer of a busy machine is no outage.
      ORACLE_TIMEOUT_MS: "60000",
      LOG_LEVEL: "debug",
    };
    const workers: WorkerProcess[] = [];
    onTestFinished(async () => {
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(workers.map(({ ended }) => ended));
      await sandbox.close();
      await redis?.[Symbol.asyncDispose]();
    });
    const start = () => {
      const worker = startWorkerProcess(environment, { entry: program() });
      workers.push(worker);
      return worker;
    };

    const { genesys, sqs } = sandbox;
    genesys.setLimit(100_000);
    const { participantId } = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;
    const ids = Array.from({ length: CONVERSATIONS }, (_, index) => `fault-${index}`);
    const goesOn = (index: number) => index % 10 !== 3;
    const bodies = ids.flatMap((conversationId, index) => {
      genesys.addConversation({ conversationId, participantId });
      const ani = `tel:+1555${String(2_000_000 + index)}`;
      const body = sampleBody("customer-start-voice", { conversationId, ani, addressFrom: ani });
      const agent = sampleBody("user-start-voice", { conversationId });
      const end = sampleBody("customer-end-voice", { conversationId });
      // A tenth comes twice, an agent answers every fifth, a tenth ends; the queue keeps no order.
      return [
        body,
        ...(random() < 0.1 ? [body] : []),
        ...(index % 5 === 0 ? [agent] : []),
        ...(goesOn(index) ? [] : [end]),
      ];
    });
    const living = ids.filter((_, index) => goesOn(index));
    for (let first = 0; first < bodies.length; first += 10) {
      const Entries = bodies
        .slice(first, first + 10)
        .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await sqs.client.send(new SendMessageBatchCommand({ QueueUrl: sqs.queue.url, Entries }));
    }

    const fleet = Array.from({ length: WORKERS }, start);
    let patches = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      patches += 60 + Math.floor(random() * 120);
      await expect
        .poll(() => genesys.counts.patch, { timeout: PATIENCE_MS, interval: 10 })
        .toBeGreaterThanOrEqual(patches);
      const chosen = Math.floor(random() * WORKERS);
      fleet[chosen]?.kill("SIGKILL");
      fleet[chosen] = start();
    }

    const isWritten = (id: string) => genesys.patchesOf(id).written > 0;
    const written = () => living.filter(isWritten).length;
    await expect
      .poll(written, { timeout: PATIENCE_MS, interval: 250 })
      .toBe(living.length)
      .catch((error) => {
        const missing = living.filter((id) => !isWritten(id));
        throw new Error(
          `missing, and what the workers say of them:\n${storyOf(missing, workers)}`,
          { cause: error },
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
    await expect.poll(left(sqs.queue.url), { timeout: PATIENCE_MS, interval: 250 }).toBe(0);
    expect(await left(sqs.deadLetters.url)()).toBe(0);
    const statusOf = (id: string) => genesys.attributesOf(id, participantId)?.oracle_status;
    const statuses = () => [...new Set(living.map(statusOf))];
    await expect.poll(statuses, { timeout: PATIENCE_MS, interval: 250 }).toEqual(["not_found"]);
    expect(genesys.throttled).toBe(0);

    const perConversation = new Map<number, number>();
    for (const id of living) {
      const { arrived } = genesys.patchesOf(id);
      perConversation.set(arrived, (perConversation.get(arrived) ?? 0) + 1);
    }
    const counts = [...perConversation].toSorted(([a], [b]) => a - b);
    const ended = ids.filter((_, index) => !goesOn(index));
    process.stdout.write(
      `${memory}, seed ${seed}, ${KILLS} kills: ` +
        `${counts.map(([count, many]) => `${many} conversations with ${count} PATCH`).join(", ")}; ` +
        `of ${ended.length} that ended ${ended.filter(isWritten).length} were written before\n`,
    );
    expect(await Promise.all(fleet.map((worker) => worker.stop()))).toEqual([0, 0, 0]);
  },
);

function storyOf(ids: readonly string[], workers: readonly WorkerProcess[]): string {
  const lines = workers.flatMap(({ pid, log }) => log.map((line) => ({ pid, ...line })));
  return lines
    .filter((line) => "conversationId" in line && ids.includes(line.conversationId ?? ""))
    .map((line) => JSON.stringify(line))
    .concat(ids)
    .join("\n");
}
