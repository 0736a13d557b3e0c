import { onTestFinished } from "vitest";
import {
  type RedisServer,
  type RedisServerOptions,
  startRedisServer,
} from "../../src/sandbox/environment/redis-server.ts";
import {
  type SandboxEnvironment,
  type SandboxEnvironmentOptions,
  startSandboxEnvironment,
} from "../../src/sandbox/environment/sandbox-environment.ts";
import {
  startWorkerProcess,
  type WorkerProcess,
  type WorkerProcessOptions,
} from "../../src/sandbox/environment/worker-process.ts";
import { type SandboxSqs, startSqs } from "../../src/sandbox/simulators/sqs/server.ts";
import { program } from "./program.ts";

/** A stopping worker and the dlq commands wait for their long polls: 5 s and 1 s with a real SQS. */
export const SHORT_POLLS = { longestPollSeconds: 0.25 };
const QUICK = { oracleLatencyMs: () => 0, genesysLatencyMs: () => 0 };

/** Simulators that answer at once; they end with the test. */
export async function startEnvironment(
  options: Partial<SandboxEnvironmentOptions> = {},
): Promise<SandboxEnvironment> {
  const environment = await startSandboxEnvironment({ ...SHORT_POLLS, ...QUICK, ...options });
  onTestFinished(() => environment.close());
  return environment;
}

/** `ringahead worker` from the bundle; it is killed at the end of the test. */
export function startWorker(
  environment: Readonly<Record<string, string>>,
  options: WorkerProcessOptions = {},
): WorkerProcess {
  const worker = startWorkerProcess(environment, { entry: program(), ...options });
  onTestFinished(async () => {
    worker.kill("SIGKILL");
    await worker.ended;
  });
  return worker;
}

/** A queue and its dead-letter queue; they end with the test. */
export async function startQueues(): Promise<SandboxSqs> {
  const sqs = await startSqs(SHORT_POLLS);
  onTestFinished(() => sqs.close());
  return sqs;
}

/** A Redis that ends with the test. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedisServer(options);
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
}
